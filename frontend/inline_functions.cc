// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <unordered_map>
#include <utility>

#include "fmt/format.h"
#include "frontend/onnx_reader.h"

namespace mpcc {
namespace {

using FunctionKey = std::pair<std::string, std::string>;  // domain, name
using Attributes = google::protobuf::RepeatedPtrField<onnx::AttributeProto>;

struct Function {
  const onnx::FunctionProto* proto;
  Attributes defaults;  // of attributes that a call does not give
};
using Functions = std::map<FunctionKey, Function>;

constexpr int kMaxDepth = 64, kMaxNodes = 1 << 17;

// FunctionProto.attribute_proto of IR version 9, which versions of the library before 1.13 hand on
// as an unknown field.
constexpr int kAttributeProto = 11;

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

// The body of a function in the place of a call: what it calls its own gets a prefix, inputs and
// outputs the names that the call gives them, attributes the values.
class Binding {
 public:
  Binding(const onnx::NodeProto& call, const Function& function, std::string prefix)
      : call_(call), defaults_(function.defaults), prefix_(std::move(prefix)), names_{{"", ""}} {
    const onnx::FunctionProto& proto = *function.proto;
    for (int i = 0; i < proto.input_size(); ++i)
      names_[proto.input(i)] = i < call.input_size() ? call.input(i) : "";
    for (int i = 0; i < proto.output_size(); ++i)
      if (i < call.output_size() && !call.output(i).empty())
        names_[proto.output(i)] = call.output(i);
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

  // An attribute of the body that refers to one of the call takes its value, or else the
  // function's default, or vanishes.
  void BindAttributes(onnx::NodeProto& node) const {
    Attributes bound;
    for (const auto& attribute : node.attribute()) {
      const std::string& reference = attribute.ref_attr_name();
      if (reference.empty())
        *bound.Add() = attribute;
      else if (!BindAll(call_.attribute(), reference, attribute.name(), bound))
        BindAll(defaults_, reference, attribute.name(), bound);
    }
    node.mutable_attribute()->Swap(&bound);
  }

  static bool BindAll(const Attributes& given, const std::string& reference,
                      const std::string& name, Attributes& bound) {
    const int before = bound.size();
    for (const auto& attribute : given) {
      if (attribute.name() != reference) continue;
      *bound.Add() = attribute;
      bound.rbegin()->set_name(name);
    }
    return bound.size() > before;
  }

  const onnx::NodeProto& call_;
  const Attributes& defaults_;
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
    Expand(node, function->second, depth, nodes);
  }

  // Functions that call others twice, and those again, are small files of huge graphs.
  void ReportSize() {
    if (!std::exchange(too_large_, true))
      problems_.push_back({"functions", "model",
                           fmt::format("more than {} nodes in local functions", kMaxNodes),
                           "a graph of ordinary size", "export without local functions"});
  }

  void Expand(const onnx::NodeProto& call, const Function& function, int depth, Nodes& nodes) {
    Binding binding(
        call, function,
        fmt::format("{}.{}/", call.name().empty() ? call.op_type() : call.name(), calls_++));
    for (onnx::NodeProto node : function.proto->node()) {
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

template <typename Proto>
Attributes DefaultsOf(const Proto& function, Problems& problems) {
  Attributes defaults;
  if constexpr (requires { function.attribute_proto(); }) {
    defaults = function.attribute_proto();
  } else {
    const auto& fields = function.unknown_fields();
    for (int i = 0; i < fields.field_count(); ++i) {
      const auto& field = fields.field(i);
      if (field.number() != kAttributeProto) continue;
      if (field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED ||
          !defaults.Add()->ParseFromString(field.length_delimited()))
        problems.push_back({function.name(), "function", "a default that is no attribute",
                            "attributes with their values", "export the model again"});
    }
  }
  return defaults;
}

}  // namespace

void InlineFunctions(onnx::ModelProto& model, Problems& problems) {
  if (model.functions_size() == 0) return;
  Functions functions;
  for (const auto& function : model.functions())
    functions[{function.domain(), function.name()}] = {&function, DefaultsOf(function, problems)};
  Inliner(functions, problems).Inline(*model.mutable_graph(), 0);
}

}  // namespace mpcc
