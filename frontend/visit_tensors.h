// SPDX-License-Identifier: Apache-2.0
// The tensors that a file holds.
#ifndef MPCC_FRONTEND_VISIT_TENSORS_H_
#define MPCC_FRONTEND_VISIT_TENSORS_H_

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Visits each initializer and each tensor of an attribute, of the graph, of graphs inside it
// (branches) and of functions. `place` is what a message names: the initializer, or the node.
void VisitTensors(
    const onnx::ModelProto& model,
    llvm::function_ref<void(const onnx::TensorProto& tensor, const std::string& place)> visit);
// The same, to change them.
void VisitTensors(
    onnx::ModelProto& model,
    llvm::function_ref<void(onnx::TensorProto& tensor, const std::string& place)> visit);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_VISIT_TENSORS_H_
