// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <unordered_map>
#include <utility>

#include "fmt/format.h"
#include "frontend/onnx_reader.h"

namespace mpcc {
namespace {

using FunctionKey = std::pair<std::string, std::string>;  // domain, name
using Functions = std::map<FunctionKey, const onnx::FunctionProto*>;

constexpr int kMaxDepth = 64, kMaxNodes = 1 << 17;

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

// The body of a function in the place of a call: what it calls its own gets a prefix, inputs and
// outputs the names that the call gives them, attributes the values.
class Binding {
 public:
  Binding(const onnx::NodeProto& call, const onnx::FunctionProto& function, std::string prefix)
      : call_(call), prefix_(std::move(prefix)), names_{{"", ""}} {
    for (int i = 0; i < function.input_size(); ++i)
      names_[function.input(i)] = i < call.input_size() ? call.input(i) : "";
    for (int i = 0; i < function.output_size(); ++i)
      if (i < call.output_size() && !call.output(i).empty())
        names_[function.output(i)] = call.output(i);
  }

  void Apply(onnx::NodeProto& node) {
    node.set_name(prefix_ + node.name());
    for (auto& input : *node.mutable_input()) input = Renamed(input);
    for (auto& output : *node.mutable_output()) output = Renamed(output);
    BindAttributes(node);
    for (auto& attribute : *node.mutable_attribute())
      if (attribute.has_g()) Apply(*attribute.mutable_g());
  }

 private:
  // A branch reads tensors of the body, and its own are made as often as the body.
  void Apply(onnx::GraphProto& graph) {
    for (auto& tensor : *graph.mutable_initializer()) tensor.set_name(Renamed(tensor.name()));
    for (auto& input : *graph.mutable_input()) input.set_name(Renamed(input.name()));
    for (auto& output : *graph.mutable_output()) output.set_name(Renamed(output.name()));
    for (auto& node : *graph.mutable_node()) Apply(node);
  }

  const std::string& Renamed(const std::string& name) {
    return names_.emplace(name, prefix_ + name).first->second;
  }

  // An attribute of the body that refers to one of the call takes its value, or vanishes with it.
  void BindAttributes(onnx::NodeProto& node) const {
    google::protobuf::RepeatedPtrField<onnx::AttributeProto> bound;
    for (const auto& attribute : node.attribute()) {
      if (attribute.ref_attr_name().empty()) {
        *bound.Add() = attribute;
        continue;
      }
      for (const auto& given : call_.attribute()) {
        if (given.name() != attribute.ref_attr_name()) continue;
        *bound.Add() = given;
        bound.rbegin()->set_name(attribute.name());
      }
    }
    node.mutable_attribute()->Swap(&bound);
  }

  const onnx::NodeProto& call_;
  const std::string prefix_;
  std::unordered_map<std::string, std::string> names_;
};

class Inliner {
 public:
  Inliner(const Functions& functions, Problems& problems)
      : functions_(functions), problems_(problems) {}

  // The nodes of a graph and of its branches.
  void Inline(onnx::GraphProto& graph, int depth) {
    Nodes nodes;
    for (auto& node : *graph.mutable_node()) Add(std::move(node), depth, nodes);
    graph.mutable_node()->Swap(&nodes);
  }

 private:
  void Add(onnx::NodeProto node, int depth, Nodes& nodes) {
    if (count_ == kMaxNodes) return ReportSize();
    auto function = functions_.find({node.domain(), node.op_type()});
    if (function == functions_.end()) {
      for (auto& attribute : *node.mutable_attribute())
        if (attribute.has_g()) Inline(*attribute.mutable_g(), depth);
      ++count_;
      *nodes.Add() = std::move(node);
      return;
    }
    if (depth > kMaxDepth) {
      problems_.push_back({node.name(), node.op_type(), "a local function that calls itself",
                           "functions without recursion", "export without local functions"});
      return;
    }
    Expand(node, *function->second, depth, nodes);
  }

  // Functions that call others twice, and those again, are small files of huge graphs.
  void ReportSize() {
    if (!std::exchange(too_large_, true))
      problems_.push_back({"functions", "model",
                           fmt::format("more than {} nodes in local functions", kMaxNodes),
                           "a graph of ordinary size", "export without local functions"});
  }

  void Expand(const onnx::NodeProto& call, const onnx::FunctionProto& function, int depth,
              Nodes& nodes) {
    Binding binding(
        call, function,
        fmt::format("{}.{}/", call.name().empty() ? call.op_type() : call.name(), calls_++));
    for (onnx::NodeProto node : function.node()) {
      if (too_large_) return;
      binding.Apply(node);
      Add(std::move(node), depth + 1, nodes);
    }
  }

  const Functions& functions_;
  Problems& problems_;
  int calls_ = 0, count_ = 0;
  bool too_large_ = false;
};

}  // namespace

void InlineFunctions(onnx::ModelProto& model, Problems& problems) {
  if (model.functions_size() == 0) return;
  Functions functions;
  for (const auto& function : model.functions())
    functions[{function.domain(), function.name()}] = &function;
  Inliner(functions, problems).Inline(*model.mutable_graph(), 0);
}

}  // namespace mpcc
