// SPDX-License-Identifier: Apache-2.0
#include "frontend/rewrite/constant_values.h"

#include <algorithm>

#include "frontend/node_context.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

using Value = std::optional<nn::Tensor>;
using Values = std::vector<nn::Tensor>;

constexpr int kMaxDepth = 8;  // operators between an initializer and its use
constexpr int64_t kMaxElements = int64_t{1} << 28;

Value Same(const onnx::NodeProto&, const Values& in) { return in[0]; }

Value CastToFloat(const onnx::NodeProto& node, const Values& in) {
  if (IntAttribute(node, "to", 0) != onnx::TensorProto::FLOAT) return std::nullopt;
  if (in[0].is_float()) return in[0];
  return nn::Tensor{in[0].shape, nn::Tensor::Floats(in[0].ints().begin(), in[0].ints().end())};
}

Value Multiply(const onnx::NodeProto&, const Values& in) {
  if (in.size() != 2 || !in[0].is_float() || !in[1].is_float()) return std::nullopt;
  auto shape = nn::BroadcastShapes(in[0].shape, in[1].shape);
  if (!shape) return std::nullopt;
  nn::Tensor out{{shape->begin(), shape->end()}, {}};
  if (out.size() > kMaxElements) return std::nullopt;
  nn::Tensor::Floats values(out.size());
  nn::ForEachOffset(out.shape, nn::BroadcastStrides(in[0].shape, out.shape), 0,
                    [&](int64_t i, int64_t at) { values[i] = in[0].floats()[at]; });
  nn::ForEachOffset(out.shape, nn::BroadcastStrides(in[1].shape, out.shape), 0,
                    [&](int64_t i, int64_t at) { values[i] *= in[1].floats()[at]; });
  out.data = std::move(values);
  return out;
}

// Of a matrix; weights have no other.
Value Transposed(const onnx::NodeProto& node, const Values& in) {
  if (in[0].shape.size() != 2) return std::nullopt;
  for (const auto& attribute : node.attribute())
    if (attribute.name() == "perm" && (attribute.ints_size() != 2 || attribute.ints(0) != 1))
      return std::nullopt;
  const int64_t rows = in[0].shape[0], columns = in[0].shape[1];
  return std::visit(
      [&](const auto& from) -> Value {
        auto to = from;
        for (int64_t r = 0; r < rows; ++r)
          for (int64_t c = 0; c < columns; ++c) to[c * rows + r] = from[r * columns + c];
        return nn::Tensor{{columns, rows}, std::move(to)};
      },
      in[0].data);
}

// Scales and zero points of one element, or one for each index of the axis.
Value Dequantized(const onnx::NodeProto& node, const Values& in) {
  if (in.size() < 2 || !in[0].is_int() || !in[1].is_float() || in[1].size() == 0)
    return std::nullopt;
  const int64_t count = in[1].size();
  auto axis =
      NormalizeAxis(IntAttribute(node, "axis", 1), static_cast<int64_t>(in[0].shape.size()));
  const bool fits = count == 1 || (axis && in[0].shape[*axis] == count);
  if (!fits || (in.size() > 2 && (!in[2].is_int() || in[2].size() != count))) return std::nullopt;
  int64_t inner = 1;
  for (size_t d = axis.value_or(0) + 1; count > 1 && d < in[0].shape.size(); ++d)
    inner *= in[0].shape[d];
  nn::Tensor out{in[0].shape, nn::Tensor::Floats(in[0].size())};
  auto& values = std::get<nn::Tensor::Floats>(out.data);
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t channel = static_cast<int64_t>(i) / inner % count;
    const int64_t zero = in.size() > 2 ? in[2].ints()[channel] : 0;
    values[i] = static_cast<float>(in[0].ints()[i] - zero) * in[1].floats()[channel];
  }
  return out;
}

struct Row {
  const char* op;
  Value (*evaluate)(const onnx::NodeProto&, const Values&);
};
constexpr Row kRows[] = {{"Identity", Same},
                         {"Cast", CastToFloat},
                         {"Mul", Multiply},
                         {"Transpose", Transposed},
                         {"DequantizeLinear", Dequantized}};

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
  return row->evaluate(*node, operands);
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
