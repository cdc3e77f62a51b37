// SPDX-License-Identifier: Apache-2.0
// From a file to a validated ModelProto: the edge where everything an ONNX file can get wrong is
// found.
#ifndef MPCC_FRONTEND_ONNX_READER_H_
#define MPCC_FRONTEND_ONNX_READER_H_

#include <optional>
#include <string>

#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Opsets 21 to 25 (IR 10 to 13) added operators and element types, changed GroupNormalization and
// Attention, which are refused, and gave quantizers block_size and precision, which are refused,
// and output_dtype. All else that is read means what it meant in opset 20.
inline constexpr int kMaxIrVersion = 13;
inline constexpr int kMinOpset = 11, kMaxOpset = 25;

// The file as it is (binary, or ONNX text if it ends in .onnxtxt), external data left where it
// lies. Nothing, with a problem that names it, if it is no ModelProto or has no graph.
std::optional<onnx::ModelProto> ParseOnnx(const std::string& path, Problems& problems);

// Reads `path` (binary, or ONNX text if it ends in .onnxtxt), loads external data, inlines local
// functions, gives every node a unique name and sorts nodes so that producers come first. Returns
// nothing, with at least one problem added, if the file is not a model that ValidateModel takes.
std::optional<onnx::ModelProto> ReadOnnx(const std::string& path, Problems& problems);

// The same from a model in memory; external data is looked up inside `directory`.
std::optional<onnx::ModelProto> PrepareModel(onnx::ModelProto model, const std::string& directory,
                                             Problems& problems);

// Reads tensors that lie in other files into `raw_data`. A location must be a relative path that
// stays inside `directory` after resolving links.
void LoadExternalData(onnx::ModelProto& model, const std::string& directory, Problems& problems);

// Versions, unique names, defined inputs, no cycles; sizes and types of all initializers. Sorts
// nodes.
void ValidateModel(onnx::ModelProto& model, Problems& problems);

// Replaces calls of the model's local functions by their bodies, in branches too. Refuses
// recursion.
void InlineFunctions(onnx::ModelProto& model, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_ONNX_READER_H_
