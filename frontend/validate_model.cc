// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "frontend/check_attributes.h"
#include "frontend/check_constants.h"
#include "frontend/onnx_reader.h"
#include "frontend/tensor_decode.h"

namespace mpcc {
namespace {

constexpr char kReexport[] = "export the model again";

bool IsDefault(const onnx::OperatorSetIdProto& opset) {
  return opset.domain().empty() || opset.domain() == "ai.onnx";
}

// Of the default operator set; 0 if there is none.
int OpsetOf(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import())
    if (IsDefault(opset)) return static_cast<int>(opset.version());
  return 0;
}

void CheckVersions(const onnx::ModelProto& model, Problems& problems) {
  if (model.ir_version() < 3 || model.ir_version() > kMaxIrVersion) {
    problems.push_back({"ir_version", "model", fmt::format("IR version {}", model.ir_version()),
                        fmt::format("3 to {}", kMaxIrVersion),
                        fmt::format("save the model with ir_version = {}", kMaxIrVersion)});
  }
  for (const auto& opset : model.opset_import()) {
    if (!IsDefault(opset)) continue;
    if (opset.version() >= kMinOpset && opset.version() <= kMaxOpset) return;
    problems.push_back({"opset_import", "model", fmt::format("opset {}", opset.version()),
                        fmt::format("{} to {}", kMinOpset, kMaxOpset),
                        "export with an opset in this range, or use onnx.version_converter"});
    return;
  }
  problems.push_back({"opset_import", "model", "no version of the default operator set",
                      fmt::format("opset {} to {}", kMinOpset, kMaxOpset), kReexport});
}

void CheckInitializers(const onnx::GraphProto& graph, Problems& problems) {
  std::set<std::string> names;
  for (const auto& tensor : graph.initializer()) {
    if (!names.insert(tensor.name()).second)
      problems.push_back({tensor.name(), "initializer", "two initializers of this name",
                          "unique names", kReexport});
    std::string wrong = CheckTensor(tensor);
    if (!wrong.empty())
      problems.push_back({tensor.name(), "initializer", wrong,
                          "float, bool or integer elements, all present", kReexport});
    else
      CheckNaN(tensor, tensor.name(), "initializer", problems);
  }
  for (const auto& tensor : graph.sparse_initializer()) {
    problems.push_back({tensor.values().name(), "initializer", "a sparse tensor", "dense tensors",
                        "store the tensor densely"});
  }
}

// Also those of subgraphs, and their initializers.
void CheckAttributeTensors(const onnx::NodeProto& node, Problems& problems) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.has_g()) {
      CheckInitializers(attribute.g(), problems);
      for (const auto& inner : attribute.g().node()) CheckAttributeTensors(inner, problems);
    }
    if (!attribute.has_t()) continue;
    std::string wrong = CheckTensor(attribute.t());
    if (!wrong.empty())
      problems.push_back({node.name(), node.op_type(), wrong,
                          "float, bool or integer elements, all present", kReexport});
    else
      CheckNaN(attribute.t(), node.name(), node.op_type(), problems);
  }
}

using Producers =
    std::unordered_map<std::string, int>;  // tensor -> node index, -1 for inputs and initializers

Producers CollectProducers(const onnx::GraphProto& graph, Problems& problems) {
  Producers producers;
  for (const auto& input : graph.input()) {
    if (!producers.emplace(input.name(), -1).second)
      problems.push_back(
          {input.name(), "input", "two inputs of this name", "unique names", kReexport});
  }
  for (const auto& tensor : graph.initializer()) producers.emplace(tensor.name(), -1);
  for (int i = 0; i < graph.node_size(); ++i) {
    const auto& node = graph.node(i);
    for (const auto& output : node.output()) {
      if (output.empty() || producers.emplace(output, i).second) continue;
      problems.push_back({node.name(), node.op_type(),
                          fmt::format("output '{}', which something else defines", output),
                          "one definition of each tensor", kReexport});
    }
  }
  return producers;
}

void CheckInputs(const onnx::GraphProto& graph, const Producers& producers, Problems& problems) {
  for (const auto& node : graph.node()) {
    for (const auto& input : node.input()) {
      if (input.empty() || producers.count(input)) continue;
      problems.push_back({node.name(), node.op_type(),
                          fmt::format("input '{}', which nothing defines", input),
                          "inputs, initializers and outputs of other nodes", kReexport});
    }
  }
  if (graph.output_size() == 0)
    problems.push_back({"graph", "model", "no outputs", "at least one output", kReexport});
  std::set<std::string> names;
  for (const auto& output : graph.output()) {
    if (!names.insert(output.name()).second)
      problems.push_back(
          {output.name(), "output", "two outputs of this name", "unique names", kReexport});
    if (producers.count(output.name())) continue;
    problems.push_back(
        {output.name(), "output", "an output that nothing defines", "outputs of nodes", kReexport});
  }
}

// Plans and answers say the names of inputs and outputs to others.
void CheckNames(const onnx::GraphProto& graph, Problems& problems) {
  const auto check = [&](const auto& values, const char* what) {
    for (const auto& value : values)
      if (std::ranges::any_of(value.name(), [](unsigned char c) { return absl::ascii_iscntrl(c); }))
        problems.push_back({value.name(), what, "a name with control characters",
                            "names of printable letters", "rename it"});
  };
  check(graph.input(), "input");
  check(graph.output(), "output");
}

// Depth-first order of nodes; a node met again while it is open closes a cycle.
class Sorter {
 public:
  Sorter(const onnx::GraphProto& graph, const Producers& producers, Problems& problems)
      : graph_(graph),
        producers_(producers),
        problems_(problems),
        state_(graph.node_size(), kNew) {}

  std::vector<int> Sort() {
    for (int i = 0; i < graph_.node_size(); ++i) Visit(i);
    return std::move(order_);
  }

 private:
  enum State { kNew, kOpen, kDone };

  // Iterative: graphs of ten thousand nodes in a chain are ordinary.
  void Visit(int root) {
    if (state_[root] != kNew) return;
    std::vector<std::pair<int, int>> stack{{root, 0}};
    state_[root] = kOpen;
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      if (next == graph_.node(node).input_size()) {
        state_[node] = kDone;
        order_.push_back(node);
        stack.pop_back();
        continue;
      }
      auto producer = producers_.find(graph_.node(node).input(next++));
      if (producer == producers_.end() || producer->second < 0) continue;
      const int before = producer->second;
      if (state_[before] == kOpen) ReportCycle(node, before);
      if (state_[before] != kNew) continue;
      state_[before] = kOpen;
      stack.push_back({before, 0});
    }
  }

  void ReportCycle(int node, int before) {
    problems_.push_back({graph_.node(node).name(), graph_.node(node).op_type(),
                         fmt::format("a cycle through '{}'", graph_.node(before).name()),
                         "a graph without cycles", kReexport});
  }

  const onnx::GraphProto& graph_;
  const Producers& producers_;
  Problems& problems_;
  std::vector<State> state_;
  std::vector<int> order_;
};

void Reorder(onnx::GraphProto& graph, const std::vector<int>& order) {
  google::protobuf::RepeatedPtrField<onnx::NodeProto> sorted;
  for (int i : order) sorted.Add()->Swap(graph.mutable_node(i));
  graph.mutable_node()->Swap(&sorted);
}

}  // namespace

void ValidateModel(onnx::ModelProto& model, Problems& problems) {
  onnx::GraphProto& graph = *model.mutable_graph();
  CheckVersions(model, problems);
  CheckInitializers(graph, problems);
  const int opset = OpsetOf(model);
  for (const auto& node : graph.node()) {
    CheckAttributes(node, opset, problems);
    CheckAttributeTensors(node, problems);
  }
  Producers producers = CollectProducers(graph, problems);
  CheckInputs(graph, producers, problems);
  CheckNames(graph, problems);
  Reorder(graph, Sorter(graph, producers, problems).Sort());
}

}  // namespace mpcc
