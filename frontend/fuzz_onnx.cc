// SPDX-License-Identifier: Apache-2.0
// Any bytes: the reader and importer must answer with a module or with problems.
#include <cstdint>

#include "frontend/onnx_importer.h"
#include "frontend/onnx_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(data, static_cast<int>(size))) return 0;
  mpcc::Problems problems;
  auto prepared = mpcc::PrepareModel(std::move(model), "/nonexistent", problems);
  if (!prepared) return 0;
  mlir::MLIRContext context;
  context.disableMultithreading();
  mpcc::ImportModel(context, *prepared, "fuzz.onnx", {{}, 4}, problems);
  return 0;
}
