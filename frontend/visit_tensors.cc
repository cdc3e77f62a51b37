// SPDX-License-Identifier: Apache-2.0
#include "frontend/visit_tensors.h"

#include <utility>

namespace mpcc {
namespace {

using Visit = llvm::function_ref<void(const onnx::TensorProto&, const std::string&)>;

void VisitGraph(const onnx::GraphProto& graph, Visit visit);

void VisitNode(const onnx::NodeProto& node, Visit visit) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.has_t()) visit(attribute.t(), node.name());
    for (const auto& tensor : attribute.tensors()) visit(tensor, node.name());
    if (attribute.has_g()) VisitGraph(attribute.g(), visit);
    for (const auto& graph : attribute.graphs()) VisitGraph(graph, visit);
  }
}

void VisitGraph(const onnx::GraphProto& graph, Visit visit) {
  for (const auto& tensor : graph.initializer()) visit(tensor, tensor.name());
  for (const auto& node : graph.node()) VisitNode(node, visit);
}

}  // namespace

void VisitTensors(const onnx::ModelProto& model, Visit visit) {
  VisitGraph(model.graph(), visit);
  for (const auto& function : model.functions())
    for (const auto& node : function.node()) VisitNode(node, visit);
}

void VisitTensors(onnx::ModelProto& model,
                  llvm::function_ref<void(onnx::TensorProto&, const std::string&)> visit) {
  VisitTensors(
      std::as_const(model), [&](const onnx::TensorProto& tensor, const std::string& place) {
        visit(const_cast<onnx::TensorProto&>(tensor), place);  // of a model that may be changed
      });
}

}  // namespace mpcc
