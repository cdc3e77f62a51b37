// SPDX-License-Identifier: Apache-2.0
// Products and sums.
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"

namespace mpcc {
namespace {

llvm::SmallVector<int64_t> Batched(llvm::ArrayRef<int64_t> shape) {
  int64_t batch = 1;
  for (int64_t extent : shape.drop_back(2)) batch *= extent;
  return {batch, shape[shape.size() - 2], shape.back()};
}

// The smaller operand is repeated for the larger one.
mlir::Value Sum(Emitter& emit, mlir::Value a, mlir::Value b) {
  const bool smaller = Emitter::TypeOf(a).numElements() < Emitter::TypeOf(b).numElements();
  return smaller ? emit.Add(b, a) : emit.Add(a, b);
}

// Demands have read all constants before.
RealConstant ConstantOf(mlir::Value value) { return *ReadConstant(value); }

}  // namespace

Values RewriteLinear(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::LinearOp>();
  RealConstant weight = ConstantOf(op.getWeight());
  std::vector<double> bias(weight.shape.back(), 0.0);
  if (op.getBias()) bias = ConstantOf(op.getBias()).values;
  ScaleColumns(weight.values, demand.columns);
  ScaleColumns(bias, demand.columns);
  for (double& value : bias) value += demand.offset.value_or(0);
  const double x_unit = demand.operands[0].unit;
  mlir::Value offset = emit.PrivateRow(InUnits(bias, demand.unit), demand.ring);
  mlir::Value factor =
      emit.Private(InUnits(weight.values, demand.unit / x_unit), weight.shape, demand.ring);
  mlir::Value sum = emit.Linear(rewriter.In(demand), factor, offset);
  return {rewriter.Top(sum, demand.width)};
}

Values RewriteMatMul(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::MatMulOp>();
  mlir::Value a = emit.Reshape(rewriter.In(demand, 0), Batched(ExtentsOf(op.getLhs())));
  mlir::Value b = emit.Reshape(rewriter.In(demand, 1), Batched(ExtentsOf(op.getRhs())));
  mlir::Value sum = emit.Reshape(emit.MatMul(a, b, op.getTransposeB()), ExtentsOf(op.getResult()));
  return {rewriter.Top(rewriter.Offset(sum, demand), demand.width)};
}

Values RewriteMasked(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  mlir::Value shared = emit.Input(emit.Encode(demand.value, 0, demand.width));
  return {rewriter.Offset(emit.Product({rewriter.In(demand), shared}), demand)};
}

Values RewritePlusConstant(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::BinaryOp>();
  const bool right = op.getRhs().getDefiningOp<nn::ConstantOp>() != nullptr;
  const bool subtracts = op.getKind() == nn::BinaryKind::sub;
  RealConstant constant = ConstantOf(right ? op.getRhs() : op.getLhs());
  if (constant.values.size() == 1) {  // a row: shares have at least one axis
    constant.values.resize(demand.columns.empty() ? 1 : ExtentsOf(op.getResult()).back(),
                           constant.values[0]);
    constant.shape = {static_cast<int64_t>(constant.values.size())};
  }
  ScaleColumns(constant.values, demand.columns);
  if (subtracts && right)
    for (double& value : constant.values) value = -value;
  mlir::Value share =
      emit.SharePrivate(InUnits(constant.values, demand.unit), constant.shape, demand.ring);
  mlir::Value x = rewriter.In(demand);
  return {rewriter.Top(Sum(emit, subtracts && !right ? emit.MulPublic(x, -1) : x, share),
                       demand.width)};
}

Values RewriteSum(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  llvm::SmallVector<mlir::Value, 2> terms{rewriter.In(demand, 0), rewriter.In(demand, 1)};
  if (demand.subtrahend) terms[*demand.subtrahend] = emit.MulPublic(terms[*demand.subtrahend], -1);
  return {rewriter.Top(Sum(emit, terms[0], terms[1]), demand.width)};
}

}  // namespace mpcc
