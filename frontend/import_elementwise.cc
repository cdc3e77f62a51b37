// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>

#include "fmt/format.h"
#include "frontend/node_context.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

using nn::BinaryKind;
using nn::UnaryKind;

mlir::LogicalResult CheckBroadcast(NodeContext& node, mlir::Value a, mlir::Value b) {
  if (!nn::BroadcastShapes(ShapeOf(a), ShapeOf(b)))
    return node.Fail(fmt::format("shapes {} and {}", ShapeText(ShapeOf(a)), ShapeText(ShapeOf(b))),
                     "shapes that broadcast", "check the fixed input shapes");
  if (ElementOf(a) == ElementOf(b)) return mlir::success();
  return node.Fail("operands of different element types", "one element type",
                   "insert a Cast or DequantizeLinear");
}

template <BinaryKind kind>
mlir::LogicalResult ImportBinary(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  if (failed(CheckBroadcast(node, a, b))) return mlir::failure();
  node.SetOutput(0, node.Binary(kind, a, b));
  return mlir::success();
}

// The result has the base's type; a real exponent of an integer is one of a real number.
mlir::LogicalResult ImportPow(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  const mlir::Type result = ElementOf(a);
  if (nn::IsQuantized(a.getType()) || nn::IsQuantized(b.getType()))
    return node.Fail("a quantized operand", "float or integer operands",
                     "put DequantizeLinear before this node");
  if (ElementOf(b).isF32()) a = node.CastTo(a, ElementOf(b));
  b = node.CastTo(b, ElementOf(a));
  if (failed(CheckBroadcast(node, a, b))) return mlir::failure();
  node.SetOutput(0, node.CastTo(node.Binary(BinaryKind::pow, a, b), result));
  return mlir::success();
}

// Not(kind(a, b)): the missing comparisons.
template <BinaryKind kind>
mlir::LogicalResult ImportNegated(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  if (failed(CheckBroadcast(node, a, b))) return mlir::failure();
  node.SetOutput(0, node.Unary(UnaryKind::logical_not, node.Binary(kind, a, b)));
  return mlir::success();
}

mlir::LogicalResult ImportOr(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  if (failed(CheckBroadcast(node, a, b))) return mlir::failure();
  mlir::Value neither = node.Binary(BinaryKind::logical_and, node.Unary(UnaryKind::logical_not, a),
                                    node.Unary(UnaryKind::logical_not, b));
  node.SetOutput(0, node.Unary(UnaryKind::logical_not, neither));
  return mlir::success();
}

template <BinaryKind kind>
mlir::LogicalResult ImportVariadic(NodeContext& node) {
  mlir::Value result = node.Input(0);
  for (int i = 1; i < node.NumInputs(); ++i) {
    if (failed(CheckBroadcast(node, result, node.Input(i)))) return mlir::failure();
    result = node.Binary(kind, result, node.Input(i));
  }
  node.SetOutput(0, result);
  return mlir::success();
}

mlir::LogicalResult ImportMean(NodeContext& node) {
  if (failed(ImportVariadic<BinaryKind::add>(node))) return mlir::failure();
  mlir::Value sum = node.Output(0);
  if (!ElementOf(sum).isF32())
    return node.Fail("operands that are not float", "float operands", "cast them");
  node.SetOutput(0, node.Binary(BinaryKind::div, sum, node.EmitFloat(node.NumInputs())));
  return mlir::success();
}

template <UnaryKind kind>
mlir::LogicalResult ImportUnary(NodeContext& node) {
  if (nn::IsQuantized(node.Input(0).getType()))
    return node.Fail("a quantized operand", "float operands",
                     "put DequantizeLinear before this node");
  node.SetOutput(0, node.Unary(kind, node.Input(0)));
  return mlir::success();
}

mlir::LogicalResult ImportGelu(NodeContext& node) {
  const bool tanh = node.String("approximate", "none") == "tanh";
  node.SetOutput(0, node.Unary(tanh ? UnaryKind::gelu_tanh : UnaryKind::gelu, node.Input(0)));
  return mlir::success();
}

// FastGelu(x, bias) and BiasGelu(x, bias) of com.microsoft.
template <UnaryKind kind>
mlir::LogicalResult ImportBiasGelu(NodeContext& node) {
  mlir::Value x = node.Input(0);
  if (node.HasInput(1)) {
    if (failed(CheckBroadcast(node, x, node.Input(1)))) return mlir::failure();
    x = node.Binary(BinaryKind::add, x, node.Input(1));
  }
  node.SetOutput(0, node.Unary(kind, x));
  return mlir::success();
}

mlir::LogicalResult ImportWhere(NodeContext& node) {
  mlir::Value condition = node.Input(0), a = node.Input(1), b = node.Input(2);
  if (failed(CheckBroadcast(node, a, b))) return mlir::failure();
  auto values = nn::BroadcastShapes(ShapeOf(a), ShapeOf(b));
  auto shape = nn::BroadcastShapes(ShapeOf(condition), *values);
  if (!shape || !ElementOf(condition).isInteger(1))
    return node.Fail("a condition that does not fit", "booleans that broadcast",
                     "check the fixed input shapes");
  auto type = mlir::RankedTensorType::get(*shape, ElementOf(a));
  node.SetOutput(0, node.Emit<nn::SelectOp>(type, condition, a, b));
  return mlir::success();
}

// A number of a constant that an integer type does not hold: casts wrap it, or give what the
// machine likes. Here integers have 64 bits.
std::optional<double> BeyondType(const nn::Tensor& tensor, const ElementInfo& to) {
  if (to.bits == 64) return std::nullopt;  // MPNet casts log(0), and leaves it out after that
  const double most = std::ldexp(1.0, to.is_signed ? to.bits - 1 : to.bits);
  const double least = to.is_signed ? -most : 0;
  const auto beyond = [&](double x) { return std::trunc(x) < least || std::trunc(x) >= most; };
  return std::visit(
      [&](const auto& values) -> std::optional<double> {
        const auto found = std::ranges::find_if(values, beyond);
        return found == values.end() ? std::nullopt : std::optional<double>(*found);
      },
      tensor.data);
}

mlir::LogicalResult ImportCast(NodeContext& node) {
  const ElementInfo* to = FindElement(static_cast<int>(node.Int("to", 0)));
  mlir::Value in = node.Input(0);
  if (!to || nn::IsQuantized(in.getType()))
    return node.Fail("a cast of a quantized value or to an unknown type",
                     "float, bool and integer types",
                     "use QuantizeLinear and DequantizeLinear for quantized values");
  const auto constant = to->cls == ElementClass::kInt ? node.Constant(0) : std::nullopt;
  if (const auto x = constant ? BeyondType(*constant, *to) : std::nullopt)
    return node.Fail(fmt::format("a cast of {:g} to {}", *x, to->name),
                     "numbers that the type holds", "correct the constant, or cast to int64");
  node.SetOutput(0, node.CastTo(in, node.ElementType(to->cls)));
  return mlir::success();
}

// A bound of Clip as a value of the operand's element type; on quantized operands it is in storage
// integers.
mlir::Value Bound(NodeContext& node, int input, double otherwise, mlir::Type element) {
  double bound = otherwise;
  if (node.HasInput(input)) {
    auto tensor = node.Constant(input);
    if (!tensor || tensor->size() != 1) return {};
    bound = tensor->is_float() ? tensor->floats()[0] : static_cast<double>(tensor->ints()[0]);
  }
  if (auto quantized = nn::QuantizedElement(element)) {
    bound = std::clamp(bound, double(quantized.getStorageTypeMin()),
                       double(quantized.getStorageTypeMax()));
    return node.EmitConstant(nn::Tensor{{}, nn::Tensor::Stored{static_cast<int32_t>(bound)}},
                             element);
  }
  if (element.isF32()) return node.EmitFloat(bound);
  const double limit = 9.2e18;
  return node.EmitConstant(
      nn::Tensor{{}, nn::Tensor::Ints{static_cast<int64_t>(std::clamp(bound, -limit, limit))}});
}

mlir::LogicalResult ImportClip(NodeContext& node) {
  mlir::Value x = node.Input(0);
  mlir::Type element = ElementOf(x);
  if (auto quantized = nn::QuantizedElement(element); quantized && nn::QuantizedAxis(quantized))
    return node.Fail("a Clip of a per-axis quantized value", "per-tensor quantization",
                     "quantize per tensor");
  mlir::Value low = Bound(node, 1, -INFINITY, element), high = Bound(node, 2, INFINITY, element);
  if (!low || !high)
    return node.Fail("a bound that is computed", "constant scalars", "make the bounds constants");
  if (node.HasInput(1)) x = node.Binary(BinaryKind::max, x, low);
  if (node.HasInput(2)) x = node.Binary(BinaryKind::min, x, high);
  node.SetOutput(0, x);
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"Add", ImportBinary<BinaryKind::add>},
    {"Sub", ImportBinary<BinaryKind::sub>},
    {"Mul", ImportBinary<BinaryKind::mul>},
    {"Div", ImportBinary<BinaryKind::div>},
    {"Pow", ImportPow},
    {"Equal", ImportBinary<BinaryKind::equal>},
    {"Less", ImportBinary<BinaryKind::less>},
    {"Greater", ImportBinary<BinaryKind::greater>},
    {"And", ImportBinary<BinaryKind::logical_and>},
    {"Or", ImportOr},
    {"LessOrEqual", ImportNegated<BinaryKind::greater>},
    {"GreaterOrEqual", ImportNegated<BinaryKind::less>},
    {"Min", ImportVariadic<BinaryKind::min>},
    {"Max", ImportVariadic<BinaryKind::max>},
    {"Sum", ImportVariadic<BinaryKind::add>},
    {"Mean", ImportMean},
    {"Neg", ImportUnary<UnaryKind::neg>},
    {"Log", ImportUnary<UnaryKind::log>},
    {"Sin", ImportUnary<UnaryKind::sin>},
    {"Cos", ImportUnary<UnaryKind::cos>},
    {"Sign", ImportUnary<UnaryKind::sign>},
    {"Ceil", ImportUnary<UnaryKind::ceil>},
    {"Floor", ImportUnary<UnaryKind::floor>},
    {"Round", ImportUnary<UnaryKind::round>},
    {"Softplus", ImportUnary<UnaryKind::softplus>},
    {"Abs", ImportUnary<UnaryKind::abs>},
    {"Sqrt", ImportUnary<UnaryKind::sqrt>},
    {"Erf", ImportUnary<UnaryKind::erf>},
    {"Tanh", ImportUnary<UnaryKind::tanh>},
    {"Relu", ImportUnary<UnaryKind::relu>},
    {"Exp", ImportUnary<UnaryKind::exp>},
    {"Reciprocal", ImportUnary<UnaryKind::reciprocal>},
    {"Sigmoid", ImportUnary<UnaryKind::sigmoid>},
    {"Not", ImportUnary<UnaryKind::logical_not>},
    {"Gelu", ImportGelu},
    {"FastGelu", ImportBiasGelu<UnaryKind::gelu_tanh>},
    {"BiasGelu", ImportBiasGelu<UnaryKind::gelu>},
    {"Where", ImportWhere},
    {"Cast", ImportCast},
    {"Clip", ImportClip},
};

}  // namespace

llvm::ArrayRef<ImportRow> ElementwiseImporters() { return kRows; }

}  // namespace mpcc
