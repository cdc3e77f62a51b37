// SPDX-License-Identifier: Apache-2.0
#include "frontend/file_facts.h"

#include <algorithm>

#include "frontend/onnx_reader.h"

namespace mpcc {
namespace {

// Parts of operators' names, of ONNX, ONNX Runtime and QONNX.
constexpr const char* kQuantized[] = {"Quant", "QLinear", "Integer", "NBits", "Bnb4"};

bool IsQuantized(const onnx::NodeProto& node) {
  return std::any_of(std::begin(kQuantized), std::end(kQuantized), [&](const char* part) {
    return node.op_type().find(part) != std::string::npos;
  });
}

template <typename Nodes>
bool AnyQuantized(const Nodes& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), IsQuantized);
}

OutputFacts FactsOf(const onnx::ValueInfoProto& output) {
  OutputFacts facts{output.name(), {}};
  if (output.type().tensor_type().has_shape())
    facts.rank = output.type().tensor_type().shape().dim_size();
  return facts;
}

}  // namespace

std::optional<FileFacts> FactsOf(const std::string& path) {
  Problems problems;
  const auto model = ParseOnnx(path, problems);
  if (!model || !model->has_graph()) return std::nullopt;
  FileFacts facts;
  for (const auto& output : model->graph().output()) facts.outputs.push_back(FactsOf(output));
  facts.quantized = AnyQuantized(model->graph().node()) ||
                    std::any_of(model->functions().begin(), model->functions().end(),
                                [](const onnx::FunctionProto& function) {
                                  return AnyQuantized(function.node());
                                });
  return facts;
}

}  // namespace mpcc
