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

class Inliner {
 public:
  Inliner(const Functions& functions, Problems& problems)
      : functions_(functions), problems_(problems) {}

  void Add(const onnx::NodeProto& node, int depth) {
    if (nodes_.size() == kMaxNodes) return ReportSize();
    auto function = functions_.find({node.domain(), node.op_type()});
    if (function == functions_.end()) {
      *nodes_.Add() = node;
      return;
    }
    if (depth > kMaxDepth) {
      problems_.push_back({node.name(), node.op_type(), "a local function that calls itself",
                           "functions without recursion", "export without local functions"});
      return;
    }
    Expand(node, *function->second, depth);
  }

  google::protobuf::RepeatedPtrField<onnx::NodeProto> Take() { return std::move(nodes_); }

 private:
  // Functions that call others twice, and those again, are small files of huge graphs.
  void ReportSize() {
    if (!std::exchange(too_large_, true))
      problems_.push_back({"functions", "model",
                           fmt::format("more than {} nodes in local functions", kMaxNodes),
                           "a graph of ordinary size", "export without local functions"});
  }

  void Expand(const onnx::NodeProto& call, const onnx::FunctionProto& function, int depth) {
    const std::string prefix =
        fmt::format("{}.{}/", call.name().empty() ? call.op_type() : call.name(), count_++);
    std::unordered_map<std::string, std::string> names{{"", ""}};
    for (int i = 0; i < function.input_size(); ++i)
      names[function.input(i)] = i < call.input_size() ? call.input(i) : "";
    for (int i = 0; i < function.output_size(); ++i)
      if (i < call.output_size() && !call.output(i).empty())
        names[function.output(i)] = call.output(i);
    auto rename = [&](const std::string& name) {
      return names.emplace(name, prefix + name).first->second;
    };
    for (onnx::NodeProto node : function.node()) {
      if (too_large_) return;
      node.set_name(prefix + node.name());
      for (auto& input : *node.mutable_input()) input = rename(input);
      for (auto& output : *node.mutable_output()) output = rename(output);
      BindAttributes(call, node);
      Add(node, depth + 1);
    }
  }

  // An attribute of the body that refers to one of the call takes its value, or vanishes with it.
  static void BindAttributes(const onnx::NodeProto& call, onnx::NodeProto& node) {
    google::protobuf::RepeatedPtrField<onnx::AttributeProto> bound;
    for (const auto& attribute : node.attribute()) {
      if (attribute.ref_attr_name().empty()) {
        *bound.Add() = attribute;
        continue;
      }
      for (const auto& given : call.attribute()) {
        if (given.name() != attribute.ref_attr_name()) continue;
        *bound.Add() = given;
        bound.rbegin()->set_name(attribute.name());
      }
    }
    node.mutable_attribute()->Swap(&bound);
  }

  const Functions& functions_;
  Problems& problems_;
  google::protobuf::RepeatedPtrField<onnx::NodeProto> nodes_;
  int count_ = 0;
  bool too_large_ = false;
};

}  // namespace

void InlineFunctions(onnx::ModelProto& model, Problems& problems) {
  if (model.functions_size() == 0) return;
  Functions functions;
  for (const auto& function : model.functions())
    functions[{function.domain(), function.name()}] = &function;
  Inliner inliner(functions, problems);
  for (const auto& node : model.graph().node()) inliner.Add(node, 0);
  auto nodes = inliner.Take();
  model.mutable_graph()->mutable_node()->Swap(&nodes);
}

}  // namespace mpcc
