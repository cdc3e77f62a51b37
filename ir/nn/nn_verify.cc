// SPDX-License-Identifier: Apache-2.0
// Verifiers of the nn ops. A message says what was found and what is expected.
#include "ir/nn/nn.h"
#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "llvm/ADT/STLExtras.h"

namespace mpcc::nn {
namespace {

using Shape = llvm::ArrayRef<int64_t>;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

Shape ShapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}
mlir::Type ElementOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getElementType();
}

std::string Text(Shape shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleave(shape, stream, "x");
  stream << "]";
  return text;
}

LogicalResult ExpectShape(mlir::Operation* op, Shape found, Shape expected) {
  if (found == expected) return success();
  return op->emitOpError() << "result has shape " << Text(found) << ", expected " << Text(expected);
}

LogicalResult ExpectBroadcast(mlir::Operation* op, Shape from, Shape to) {
  auto joined = BroadcastShapes(from, to);
  if (joined && Shape(*joined) == to) return success();
  return op->emitOpError() << "shape " << Text(from) << " does not broadcast to " << Text(to);
}

LogicalResult ExpectSameElement(mlir::Operation* op, mlir::Type a, mlir::Type b) {
  if (a == b) return success();
  return op->emitOpError() << "element types " << a << " and " << b << " differ, expected the same";
}

// A per-axis type must have one scale for each index of its axis.
LogicalResult ExpectAxisFits(mlir::Operation* op, mlir::Value value) {
  auto type = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(ElementOf(value));
  if (!type) return success();
  int64_t axis = type.getQuantizedDimension();
  Shape shape = ShapeOf(value);
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return op->emitOpError() << "quantized dimension " << axis << " is outside shape "
                             << Text(shape);
  if (shape[axis] != static_cast<int64_t>(type.getScales().size())) {
    return op->emitOpError() << type.getScales().size() << " scales for dimension " << axis
                             << " of shape " << Text(shape);
  }
  return success();
}

bool IsComparison(BinaryKind kind) {
  return kind == BinaryKind::equal || kind == BinaryKind::less || kind == BinaryKind::greater ||
         kind == BinaryKind::logical_and;
}

}  // namespace

LogicalResult ConstantOp::verify() {
  auto value_type = llvm::cast<mlir::ShapedType>(getValue().getType());
  if (value_type.getShape() != ShapeOf(getResult()))
    return ExpectShape(*this, ShapeOf(getResult()), value_type.getShape());
  mlir::Type element = ElementOf(getResult());
  auto quantized = QuantizedElement(element);
  if (!quantized) return ExpectSameElement(*this, value_type.getElementType(), element);
  auto container = llvm::dyn_cast<mlir::IntegerType>(value_type.getElementType());
  bool known_width = container && llvm::is_contained({8u, 16u, 32u}, container.getWidth());
  if (!known_width || container.getWidth() < quantized.getStorageTypeIntegralWidth())
    return emitOpError() << "stores elements as " << value_type.getElementType() << " for "
                         << quantized << ", expected i8, i16 or i32 that can hold them";
  return ExpectAxisFits(*this, getResult());
}

LogicalResult QuantizeOp::verify() {
  if (failed(ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getInput())))) return failure();
  return ExpectAxisFits(*this, getResult());
}

LogicalResult DequantizeOp::verify() {
  if (failed(ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getInput())))) return failure();
  return ExpectAxisFits(*this, getInput());
}

LogicalResult LinearOp::verify() {
  Shape input = ShapeOf(getInput()), weight = ShapeOf(getWeight());
  if (weight.size() != 2)
    return emitOpError() << "weight has shape " << Text(weight) << ", expected [K, N]";
  if (input.empty() || input.back() != weight[0])
    return emitOpError() << "input " << Text(input) << " does not end in K = " << weight[0]
                         << " of the weight";
  if (getBias() && ShapeOf(getBias()) != Shape{weight[1]})
    return emitOpError() << "bias has shape " << Text(ShapeOf(getBias())) << ", expected ["
                         << weight[1] << "]";
  llvm::SmallVector<int64_t> expected(input);
  expected.back() = weight[1];
  return ExpectShape(*this, ShapeOf(getResult()), expected);
}

LogicalResult MatMulOp::verify() {
  for (mlir::Value operand : getOperands())
    if (!ElementOf(operand).isF32() && !IsQuantized(operand.getType()))
      return emitOpError() << "operand is " << operand.getType()
                           << ", expected f32 or quantized elements";
  Shape lhs = ShapeOf(getLhs()), rhs = ShapeOf(getRhs());
  if (lhs.size() < 2 || rhs.size() < 2)
    return emitOpError() << "operands have shapes " << Text(lhs) << " and " << Text(rhs)
                         << ", expected at least rank 2";
  int64_t k = rhs[rhs.size() - (getTransposeB() ? 1 : 2)],
          n = rhs[rhs.size() - (getTransposeB() ? 2 : 1)];
  auto batch = BroadcastShapes(lhs.drop_back(2), rhs.drop_back(2));
  if (!batch || lhs.back() != k)
    return emitOpError() << "operands have shapes " << Text(lhs) << " and " << Text(rhs)
                         << ", which do not multiply";
  batch->append({lhs[lhs.size() - 2], n});
  return ExpectShape(*this, ShapeOf(getResult()), *batch);
}

LogicalResult GatherOp::verify() {
  if (!ElementOf(getIds()).isInteger(64))
    return emitOpError() << "ids are " << getIds().getType() << ", expected i64";
  Shape table = ShapeOf(getTable());
  if (table.empty()) return emitOpError() << "table is a scalar, expected at least rank 1";
  llvm::SmallVector<int64_t> expected(ShapeOf(getIds()));
  expected.append(table.begin() + 1, table.end());
  if (failed(ExpectSameElement(*this, ElementOf(getTable()), ElementOf(getResult()))))
    return failure();
  return ExpectShape(*this, ShapeOf(getResult()), expected);
}

LogicalResult BinaryOp::verify() {
  auto shape = BroadcastShapes(ShapeOf(getLhs()), ShapeOf(getRhs()));
  if (!shape) {
    return emitOpError() << "shapes " << Text(ShapeOf(getLhs())) << " and "
                         << Text(ShapeOf(getRhs())) << " do not broadcast";
  }
  if (failed(ExpectShape(*this, ShapeOf(getResult()), *shape))) return failure();
  if (failed(ExpectSameElement(*this, ElementOf(getLhs()), ElementOf(getRhs())))) return failure();
  mlir::Type expected = IsComparison(getKind()) ? mlir::IntegerType::get(getContext(), 1)
                                                : mlir::Type(ElementOf(getLhs()));
  return ExpectSameElement(*this, ElementOf(getResult()), expected);
}

LogicalResult UnaryOp::verify() {
  if (failed(ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getInput())))) return failure();
  for (mlir::Value value : {getInput(), getResult()})
    if (IsQuantized(value.getType()))
      return emitOpError() << "is of " << value.getType() << ", expected plain elements";
  if (getKind() == UnaryKind::cast) return success();
  return ExpectSameElement(*this, ElementOf(getInput()), ElementOf(getResult()));
}

namespace {

// An op that computes one number: of elementwise ops, on values of rank 0.
LogicalResult VerifyInMap(mlir::Operation& op) {
  if (!llvm::isa<ConstantOp, UnaryOp, BinaryOp, SelectOp, QuantizeOp, DequantizeOp, YieldOp>(op))
    return op.emitOpError("stands in a map, expected constants and elementwise ops");
  llvm::SmallVector<mlir::Value> values(op.getOperands());
  values.append(op.result_begin(), op.result_end());
  for (mlir::Value value : values)
    if (!ShapeOf(value).empty() || ElementOf(value).isInteger(64))
      return op.emitOpError() << "has " << value.getType()
                              << " in a map, expected real, boolean or quantized values of rank 0";
  return success();
}

}  // namespace

LogicalResult MapOp::verify() {
  if (failed(ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getInput())))) return failure();
  mlir::Block& body = getBody().front();
  auto number = mlir::RankedTensorType::get({}, mlir::Float32Type::get(getContext()));
  if (body.getNumArguments() != 1 || body.getArgument(0).getType() != number)
    return emitOpError() << "has a body of " << body.getNumArguments()
                         << " arguments, expected one of " << number;
  if (!body.mightHaveTerminator() || !llvm::isa<YieldOp>(body.back()))
    return emitOpError("has a body without 'nn.yield'");
  for (mlir::Operation& op : body)
    if (failed(VerifyInMap(op))) return failure();
  return success();
}

LogicalResult ReduceOp::verify() {
  llvm::SmallVector<int64_t> expected(ShapeOf(getInput()));
  for (int64_t axis : getAxes()) {
    if (axis < 0 || axis >= static_cast<int64_t>(expected.size()))
      return emitOpError() << "axis " << axis << " is outside shape " << Text(ShapeOf(getInput()));
    expected[axis] = 1;
  }
  if (failed(ExpectShape(*this, ShapeOf(getResult()), expected))) return failure();
  return ExpectSameElement(*this, ElementOf(getInput()), ElementOf(getResult()));
}

LogicalResult SelectOp::verify() {
  if (!ElementOf(getCondition()).isInteger(1))
    return emitOpError() << "condition is " << getCondition().getType() << ", expected i1 elements";
  for (mlir::Value operand : getOperands())
    if (failed(ExpectBroadcast(*this, ShapeOf(operand), ShapeOf(getResult())))) return failure();
  if (failed(ExpectSameElement(*this, ElementOf(getLhs()), ElementOf(getRhs())))) return failure();
  return ExpectSameElement(*this, ElementOf(getLhs()), ElementOf(getResult()));
}

LogicalResult SoftmaxOp::verify() {
  if (ShapeOf(getScores()).empty())
    return emitOpError() << "scores are a scalar, expected at least rank 1";
  if (failed(ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getScores())))) return failure();
  return getMask() ? ExpectBroadcast(*this, ShapeOf(getMask()), ShapeOf(getScores())) : success();
}

LogicalResult LayerNormOp::verify() {
  Shape input = ShapeOf(getInput());
  if (input.empty()) return emitOpError() << "input is a scalar, expected at least rank 1";
  for (mlir::Value parameter : {getGamma(), getBeta()}) {
    if (ShapeOf(parameter) != Shape{input.back()}) {
      return emitOpError() << "parameter has shape " << Text(ShapeOf(parameter)) << ", expected ["
                           << input.back() << "]";
    }
  }
  return ExpectShape(*this, ShapeOf(getResult()), input);
}

namespace {

// Of a row one number.
llvm::SmallVector<int64_t> RowsOf(Shape shape) {
  llvm::SmallVector<int64_t> rows(shape);
  rows.back() = 1;
  return rows;
}

}  // namespace

LogicalResult VarianceOp::verify() {
  Shape input = ShapeOf(getInput());
  if (input.empty()) return emitOpError() << "input is a scalar, expected at least rank 1";
  return ExpectShape(*this, ShapeOf(getResult()), RowsOf(input));
}

LogicalResult StandardizeOp::verify() {
  Shape input = ShapeOf(getInput()), factor = ShapeOf(getFactor());
  if (input.empty()) return emitOpError() << "input is a scalar, expected at least rank 1";
  if (factor != Shape(RowsOf(input)))
    return emitOpError() << "factor has shape " << Text(factor) << ", expected "
                         << Text(RowsOf(input));
  return ExpectShape(*this, ShapeOf(getResult()), input);
}

LogicalResult MeanPoolOp::verify() {
  Shape input = ShapeOf(getInput());
  if (input.size() != 3)
    return emitOpError() << "input has shape " << Text(input) << ", expected [B, S, D]";
  if (ShapeOf(getMask()) != input.drop_back()) {
    return emitOpError() << "mask has shape " << Text(ShapeOf(getMask())) << ", expected "
                         << Text(input.drop_back());
  }
  return ExpectShape(*this, ShapeOf(getResult()), {input[0], input[2]});
}

LogicalResult L2NormalizeOp::verify() {
  if (ShapeOf(getInput()).empty())
    return emitOpError() << "input is a scalar, expected at least rank 1";
  return ExpectShape(*this, ShapeOf(getResult()), ShapeOf(getInput()));
}

LogicalResult ReshapeOp::verify() {
  if (getInput().getType().getNumElements() != getType().getNumElements()) {
    return emitOpError() << "has shapes " << Text(ShapeOf(getInput())) << " and "
                         << Text(ShapeOf(getResult())) << ", expected the same number of elements";
  }
  if (failed(ExpectAxisFits(*this, getResult()))) return failure();
  return ExpectSameElement(*this, ElementOf(getInput()), ElementOf(getResult()));
}

LogicalResult TransposeOp::verify() {
  Shape input = ShapeOf(getInput());
  llvm::SmallVector<int64_t> sorted(getPerm()), expected;
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, input.size())))
    return emitOpError() << "perm is not a permutation of the " << input.size() << " dimensions";
  for (int64_t dim : getPerm()) expected.push_back(input[dim]);
  if (failed(ExpectShape(*this, ShapeOf(getResult()), expected))) return failure();
  mlir::Type element = ElementOf(getInput());
  if (auto type = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(element))
    element =
        WithAxis(type, llvm::find(getPerm(), type.getQuantizedDimension()) - getPerm().begin());
  return ExpectSameElement(*this, element, ElementOf(getResult()));
}

LogicalResult SliceOp::verify() {
  Shape input = ShapeOf(getInput()), result = ShapeOf(getResult());
  if (getOffsets().size() != input.size() || result.size() != input.size())
    return emitOpError() << "ranks of input, offsets and result differ";
  for (auto [offset, have, take] : llvm::zip(getOffsets(), input, result)) {
    if (offset < 0 || offset > have || take > have - offset)
      return emitOpError() << "takes " << take << " from " << offset << " on of a dimension of "
                           << have;
  }
  if (failed(ExpectAxisFits(*this, getResult()))) return failure();
  return ExpectSameElement(*this, ElementOf(getInput()), ElementOf(getResult()));
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty()) return emitOpError() << "has no inputs, expected at least one";
  llvm::SmallVector<int64_t> expected(ShapeOf(getInputs()[0]));
  int64_t axis = getAxis();
  if (axis < 0 || axis >= static_cast<int64_t>(expected.size()))
    return emitOpError() << "axis " << axis << " is outside shape " << Text(expected);
  for (mlir::Value input : getInputs().drop_front()) {
    Shape shape = ShapeOf(input);
    if (shape.size() != expected.size())
      return emitOpError() << "inputs have ranks " << expected.size() << " and " << shape.size();
    for (size_t d = 0; d < shape.size(); ++d)
      if (static_cast<int64_t>(d) != axis && shape[d] != expected[d])
        return emitOpError() << "inputs have shapes " << Text(ShapeOf(getInputs()[0])) << " and "
                             << Text(shape) << ", which differ outside axis " << axis;
    if (failed(ExpectSameElement(*this, ElementOf(getInputs()[0]), ElementOf(input))))
      return failure();
    expected[axis] += shape[axis];
  }
  if (failed(ExpectSameElement(*this, ElementOf(getInputs()[0]), ElementOf(getResult()))))
    return failure();
  return ExpectShape(*this, ShapeOf(getResult()), expected);
}

LogicalResult BroadcastOp::verify() {
  if (failed(ExpectBroadcast(*this, ShapeOf(getInput()), ShapeOf(getResult())))) return failure();
  return ExpectSameElement(*this, ElementOf(getInput()), ElementOf(getResult()));
}

}  // namespace mpcc::nn
