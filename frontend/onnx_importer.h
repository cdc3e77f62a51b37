// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_ONNX_IMPORTER_H_
#define MPCC_FRONTEND_ONNX_IMPORTER_H_

#include "frontend/frontend.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Imports a model that ReadOnnx or PrepareModel has prepared; `file` is for locations. Null if
// problems were added. Fills `tensors` if it is not null.
mlir::OwningOpRef<mlir::ModuleOp> ImportModel(mlir::MLIRContext& context,
                                              const onnx::ModelProto& model,
                                              const std::string& file, const ImportOptions& options,
                                              Problems& problems,
                                              ImportedTensors* tensors = nullptr);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_ONNX_IMPORTER_H_
