// SPDX-License-Identifier: Apache-2.0
#include "frontend/check_attributes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/node_context.h"
#include "onnx/defs/schema.h"

namespace mpcc {
namespace {

using Proto = onnx::AttributeProto;
using Types = std::map<std::string, int>;  // of attributes, by name

struct Row {
  const char* op;
  const char* attribute;
  Proto::AttributeType type;
  int since = 0;  // opset; 0 where the operator is not ONNX's
};

// What older versions of the library do not have, and what it never has.
constexpr Row kRows[] = {
    {"Split", "num_outputs", Proto::INT, 18},
    {"ReduceL1", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceL2", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceMax", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceMean", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceMin", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceProd", "noop_with_empty_axes", Proto::INT, 18},
    {"ReduceSumSquare", "noop_with_empty_axes", Proto::INT, 18},
    {"Cast", "saturate", Proto::INT, 19},
    {"CastLike", "saturate", Proto::INT, 19},
    {"QuantizeLinear", "saturate", Proto::INT, 19},
    {"Gelu", "approximate", Proto::STRING, 20},
    {"DequantizeLinear", "block_size", Proto::INT, 21},
    {"QuantizeLinear", "block_size", Proto::INT, 21},
    {"QuantizeLinear", "output_dtype", Proto::INT, 21},
    {"DequantizeLinear", "output_dtype", Proto::INT, 23},
    {"QuantizeLinear", "precision", Proto::INT, 23},
    {"Cast", "round_mode", Proto::STRING, 24},
    {"CastLike", "round_mode", Proto::STRING, 24},
    {"Swish", "alpha", Proto::FLOAT, 24},
    {"DequantizeLinear", "axis", Proto::INT},
    {"DequantizeLinear", "block_size", Proto::INT},
    {"QuantizeLinear", "axis", Proto::INT},
    {"QuantizeLinear", "block_size", Proto::INT},
    {"QuickGelu", "alpha", Proto::FLOAT},
    {"SkipLayerNormalization", "epsilon", Proto::FLOAT},
    {"QGemm", "alpha", Proto::FLOAT},
    {"QGemm", "transA", Proto::INT},
    {"QGemm", "transB", Proto::INT},
    {"QLinearConcat", "axis", Proto::INT},
    {"QLinearLeakyRelu", "alpha", Proto::FLOAT},
    {"QLinearReduceMean", "axes", Proto::INTS},
    {"QLinearReduceMean", "keepdims", Proto::INT},
    {"QLinearSoftmax", "axis", Proto::INT},
    {"QLinearSoftmax", "opset", Proto::INT},
    {"Quant", "narrow", Proto::INT},
    {"Quant", "rounding_mode", Proto::STRING},
    {"Quant", "signed", Proto::INT},
};

bool IsOfOnnx(const onnx::NodeProto& node) {
  return node.domain().empty() || node.domain() == "ai.onnx";
}

// Axes of reductions, which an input gives from here on.
constexpr int kAxesAreInputs = 18;

bool IsGone(const onnx::NodeProto& node, const std::string& attribute, int opset) {
  return opset >= kAxesAreInputs && attribute == "axes" && node.op_type().rfind("Reduce", 0) == 0;
}

// Those of ONNX that are imported, or are rewritten before; the others are refused as such.
bool IsTaken(const std::string& op) {
  static const auto* taken = [] {
    auto* ops =
        new std::set<std::string>{"DynamicQuantizeLinear", "If", "MatMulInteger", "QLinearMatMul"};
    for (const ImportRow& row : AllImporters()) ops->insert(row.op);
    return ops;
  }();
  return taken->count(op) > 0;
}

// Nothing if nobody knows the operator.
std::optional<Types> AttributesOf(const onnx::NodeProto& node, int opset) {
  if (IsOfOnnx(node) && !IsTaken(node.op_type())) return std::nullopt;
  std::optional<Types> types;
  const auto* schema =
      IsOfOnnx(node) ? onnx::OpSchemaRegistry::Schema(node.op_type(), opset, "") : nullptr;
  if (schema) {
    types.emplace();
    for (const auto& [name, attribute] : schema->attributes())
      if (!IsGone(node, name, opset)) types->emplace(name, attribute.type);
  }
  for (const Row& row : kRows) {
    if (node.op_type() != row.op || IsOfOnnx(node) != (row.since > 0) || row.since > opset)
      continue;
    if (!types) types.emplace();
    types->emplace(row.attribute, row.type);
  }
  return types;
}

std::string TypeName(int type) {
  return Proto::AttributeType_IsValid(type)
             ? Proto::AttributeType_Name(static_cast<Proto::AttributeType>(type))
             : std::to_string(type);
}

// Whether a value of another type stands there than the attribute says.
bool HasOtherValue(const Proto& attribute) {
  const std::pair<int, bool> values[] = {{Proto::FLOAT, attribute.has_f()},
                                         {Proto::INT, attribute.has_i()},
                                         {Proto::STRING, attribute.has_s()},
                                         {Proto::TENSOR, attribute.has_t()},
                                         {Proto::GRAPH, attribute.has_g()},
                                         {Proto::FLOATS, attribute.floats_size() > 0},
                                         {Proto::INTS, attribute.ints_size() > 0},
                                         {Proto::STRINGS, attribute.strings_size() > 0},
                                         {Proto::TENSORS, attribute.tensors_size() > 0},
                                         {Proto::GRAPHS, attribute.graphs_size() > 0}};
  return std::any_of(std::begin(values), std::end(values), [&](const auto& value) {
    return value.second && value.first != attribute.type();
  });
}

std::string NamesText(const Types& types) {
  std::vector<std::string> names;
  for (const auto& [name, type] : types) names.push_back(name);
  return names.empty() ? "no attributes" : fmt::format("{}", fmt::join(names, ", "));
}

// Notes of tools, which ONNX lets every operator have.
bool IsNote(const std::string& attribute) { return attribute.starts_with("__"); }

// What is found and what is accepted; nothing if the attribute is right.
std::optional<std::pair<std::string, std::string>> Fault(const onnx::NodeProto& node,
                                                         const Proto& attribute, int opset,
                                                         const Types& types) {
  const auto known = types.find(attribute.name());
  if (known == types.end() && IsNote(attribute.name())) return std::nullopt;
  const std::string name = fmt::format("attribute '{}'", attribute.name());
  if (known == types.end())
    return std::pair(fmt::format("{}, which {}{} does not have", name, node.op_type(),
                                 IsOfOnnx(node) ? fmt::format(" of opset {}", opset) : ""),
                     NamesText(types));
  if (known->second != attribute.type())
    return std::pair(fmt::format("{} of type {}", name, TypeName(attribute.type())),
                     TypeName(known->second));
  if (HasOtherValue(attribute))
    return std::pair(
        fmt::format("{} of type {} with a value of another one", name, TypeName(attribute.type())),
        std::string("a value of its type"));
  return std::nullopt;
}

// `name` is that of the node, or of the one it is a branch of.
void Check(const onnx::NodeProto& node, const std::string& name, int opset, Problems& problems) {
  const auto types = AttributesOf(node, opset);
  std::set<std::string> names;
  auto add = [&](const std::string& found, const std::string& accepted) {
    problems.push_back({name, node.op_type(), found, accepted, kInvalidFile});
  };
  for (const auto& attribute : node.attribute()) {
    if (!names.insert(attribute.name()).second)
      add(fmt::format("attribute '{}' twice", attribute.name()), "each attribute once");
    else if (const auto fault = types ? Fault(node, attribute, opset, *types) : std::nullopt)
      add(fault->first, fault->second);
    for (const auto& inner : attribute.g().node())
      Check(inner, inner.name().empty() ? name : inner.name(), opset, problems);
  }
}

}  // namespace

void CheckAttributes(const onnx::NodeProto& node, int opset, Problems& problems) {
  Check(node, node.name(), opset, problems);
}

}  // namespace mpcc
