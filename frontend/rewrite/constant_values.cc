// SPDX-License-Identifier: Apache-2.0
#include "frontend/rewrite/constant_values.h"

#include <algorithm>

#include "frontend/limits.h"
#include "frontend/node_context.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_plain.h"

namespace mpcc {
namespace {

using Value = std::optional<nn::Tensor>;
using Values = std::vector<nn::Tensor>;
using Call = std::optional<nn::PlainCall>;

constexpr int kMaxDepth = 8;  // operators between an initializer and its use

nn::PlainCall Plain(const char* name, llvm::SmallVector<int64_t> ints = {}) {
  return {plain::FindOperator(name), std::move(ints)};
}

Call CastToFloat(const onnx::NodeProto& node, Values&) {
  if (IntAttribute(node, "to", 0) != onnx::TensorProto::FLOAT) return std::nullopt;
  return Plain("cast", {0});
}

Call Multiply(const onnx::NodeProto&, Values& in) {
  auto shape = in.size() == 2 ? nn::BroadcastShapes(in[0].shape, in[1].shape) : std::nullopt;
  return shape && BoundedCount(*shape) ? Call(Plain("mul")) : std::nullopt;
}

Call Transposed(const onnx::NodeProto& node, Values& in) {
  llvm::SmallVector<int64_t> perm;
  for (auto axis = static_cast<int64_t>(in[0].shape.size()); axis-- > 0;) perm.push_back(axis);
  for (const auto& attribute : node.attribute())
    if (attribute.name() == "perm") perm.assign(attribute.ints().begin(), attribute.ints().end());
  return Plain("transpose", perm);
}

// Scales and zero points of one element, or one for each index of the axis.
Call Dequantized(const onnx::NodeProto& node, Values& in) {
  if (in.size() < 2 || in[1].size() == 0) return std::nullopt;
  if (in.size() == 2) in.push_back({in[1].shape, nn::Tensor::Ints(in[1].size(), 0)});
  const bool one = in[1].size() == 1;
  auto axis =
      NormalizeAxis(IntAttribute(node, "axis", 1), static_cast<int64_t>(in[0].shape.size()));
  return one || axis ? Call(Plain("dequantize", {one ? 0 : *axis})) : std::nullopt;
}

// An operator as one of runtime/plain on these operands, which it may complete.
struct Row {
  const char* op;
  Call (*call)(const onnx::NodeProto&, Values&);
};
constexpr Row kRows[] = {{"Identity", nullptr},
                         {"Cast", CastToFloat},
                         {"Mul", Multiply},
                         {"Transpose", Transposed},
                         {"DequantizeLinear", Dequantized}};

Value Apply(const Row& row, const onnx::NodeProto& node, Values in) {
  if (!row.call) return std::move(in[0]);
  const Call call = row.call(node, in);
  if (!call) return std::nullopt;
  llvm::SmallVector<const nn::Tensor*> operands;
  for (const nn::Tensor& tensor : in) operands.push_back(&tensor);
  auto result = nn::EvaluatePlain(*call, operands);
  return result.ok() ? Value(*std::move(result)) : std::nullopt;
}

// The row of the operator that makes a tensor, and its node; null if there is none.
const Row* RowOf(const GraphRewriter& graph, const std::string& tensor,
                 const onnx::NodeProto*& node) {
  node = graph.Producer(tensor);
  if (!node || node->input_size() == 0 || node->output(0) != tensor) return nullptr;
  const Row* row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& r) { return node->op_type() == r.op; });
  return row == std::end(kRows) ? nullptr : row;
}

Value Evaluate(const GraphRewriter& graph, const std::string& tensor, int depth) {
  if (const onnx::TensorProto* raw = graph.Raw(tensor)) {
    auto value = DecodeTensor(*raw);
    return value.ok() ? Value(*std::move(value)) : std::nullopt;
  }
  const onnx::NodeProto* node = nullptr;
  const Row* row = depth < kMaxDepth ? RowOf(graph, tensor, node) : nullptr;
  if (!row) return std::nullopt;
  Values operands;
  for (const std::string& input : node->input()) {
    Value operand = input.empty() ? std::nullopt : Evaluate(graph, input, depth + 1);
    if (!operand) return std::nullopt;
    operands.push_back(*std::move(operand));
  }
  return Apply(*row, *node, std::move(operands));
}

bool Exists(const GraphRewriter& graph, const std::string& tensor, int depth) {
  if (graph.Raw(tensor)) return true;
  const onnx::NodeProto* node = nullptr;
  return depth < kMaxDepth && RowOf(graph, tensor, node) &&
         std::all_of(node->input().begin(), node->input().end(),
                     [&](const std::string& input) { return Exists(graph, input, depth + 1); });
}

}  // namespace

std::optional<nn::Tensor> ConstantValue(const GraphRewriter& graph, const std::string& tensor) {
  return Evaluate(graph, tensor, 0);
}

bool IsConstantValue(const GraphRewriter& graph, const std::string& tensor) {
  return Exists(graph, tensor, 0);
}

}  // namespace mpcc
