// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/input_dependence.h"

#include "ir/mpc/constants.h"
#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "ir/reference/mpc_tensor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc {
namespace {

using reference::ElementCount;
using reference::Offsets;
using reference::Pick;
using reference::ShapeRef;
using Marks = std::vector<uint8_t>;

ShapeRef ShapeOf(mlir::Value value) {
  if (auto share = llvm::dyn_cast<mpc::ShareType>(value.getType())) return share.getShape();
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}

void Include(Marks& into, const Marks& marks) {
  for (size_t i = 0; i < into.size(); ++i) into[i] |= marks[i];
}

// One mark for each run of `extent` neighbours, set if one of theirs is.
Marks AnyOfRuns(const Marks& marks, size_t extent) {
  Marks out(marks.size() / extent);
  for (size_t i = 0; i < marks.size(); ++i) out[i / extent] |= marks[i];
  return out;
}

// Each mark `extent` times.
Marks Repeat(const Marks& marks, size_t extent) {
  Marks out(marks.size() * extent);
  for (size_t i = 0; i < out.size(); ++i) out[i] = marks[i / extent];
  return out;
}

Marks OfMatMul(mpc::MatMulOp op, const Marks& a, Marks b) {
  const auto shape =
      reference::MatMulShapeOf(ShapeOf(op.getLhs()), ShapeOf(op.getRhs()), op.getTransposeB());
  const int64_t batch = shape.batch, k = shape.k, n = shape.n;
  if (!shape.transposed_b) b = Pick(b, reference::TransposeOffsets({batch, k, n}, {0, 2, 1}));
  const Marks rows = AnyOfRuns(a, shape.k), columns = AnyOfRuns(b, shape.k);
  Marks out(shape.batch * shape.m * shape.n);
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t row = i / shape.n, column = row / shape.m * shape.n + i % shape.n;
    out[i] = rows[row] | columns[column];
  }
  return out;
}

template <typename Op>
Marks OfConcat(Op op, llvm::ArrayRef<Marks> inputs) {
  std::vector<const Marks*> parts;
  std::vector<size_t> runs;
  for (auto [value, marks] : llvm::zip(op.getInputs(), inputs)) {
    parts.push_back(&marks);
    runs.push_back(ElementCount(ShapeOf(value).drop_front(op.getAxis())));
  }
  return reference::Concat<uint8_t>(parts, runs);
}

// A product with it is zero whatever the factor.
bool IsZeroFactor(mpc::MulPublicOp op) {
  const unsigned width = llvm::cast<mpc::ShareType>(op.getType()).getWidth();
  return mpc::ReduceElement(static_cast<uint64_t>(op.getValue()), width) == 0;
}

bool IsZero(mlir::Operation* op) {
  if (auto factor = llvm::dyn_cast<mpc::MulPublicOp>(op)) return IsZeroFactor(factor);
  auto sub = llvm::dyn_cast<mpc::SubOp>(op);
  return sub && sub.getLhs() == sub.getRhs();
}

bool IsElementwise(mlir::Operation* op) {
  if (auto protocol = llvm::dyn_cast<mpc::ProtocolOp>(op)) return protocol.isElementwise();
  return llvm::isa<nn::QuantizeOp, nn::DequantizeOp, nn::BinaryOp, nn::UnaryOp, nn::MapOp,
                   nn::SelectOp, nn::BroadcastOp>(op);
}

}  // namespace

InputDependence::InputDependence(mlir::func::FuncOp function) {
  for (mlir::BlockArgument argument : function.getArguments()) known_[argument] = {true, {}};
  for (mlir::Operation& op : function.getBody().front()) {
    if (llvm::isa<mpc::InputOp, mpc::ReshareOp>(op)) {  // results are the operands, one by one
      for (auto [operand, result] : llvm::zip(op.getOperands(), op.getResults())) {
        Dependence same = known_.lookup(operand);
        known_[result] = std::move(same);
      }
    } else if (op.getNumResults() == 1) {
      Dependence computed = Compute(&op);
      known_[op.getResult(0)] = std::move(computed);
    }
  }
}

bool InputDependence::IsWhole(mlir::Value value) const { return known_.lookup(value).whole; }

bool InputDependence::Any(mlir::Value value) const {
  const auto found = known_.find(value);
  return found != known_.end() && (found->second.whole || !found->second.mixed.empty());
}

InputDependence::Marks InputDependence::Of(mlir::Value value) const {
  const auto found = known_.find(value);
  if (found != known_.end() && !found->second.mixed.empty()) return found->second.mixed;
  return Marks(ElementCount(ShapeOf(value)), Any(value));
}

InputDependence::Dependence InputDependence::Compute(mlir::Operation* op) const {
  if (IsZero(op) || llvm::none_of(op->getOperands(), [&](mlir::Value v) { return Any(v); }))
    return {};
  Marks marks = ResultOf(op);
  if (llvm::all_of(marks, [](uint8_t mark) { return mark != 0; })) return {true, {}};
  if (llvm::none_of(marks, [](uint8_t mark) { return mark != 0; })) return {};
  return {false, std::move(marks)};
}

InputDependence::Marks InputDependence::ResultOf(mlir::Operation* op) const {
  mlir::Value result = op->getResult(0);
  const ShapeRef shape = ShapeOf(result);
  const Marks whole(ElementCount(shape), 1);
  const auto mixed = [&](mlir::Value v) { return Any(v) && !IsWhole(v); };
  const bool moves_none = !llvm::isa<mpc::ConcatOp, nn::ConcatOp>(op);
  if (moves_none && llvm::none_of(op->getOperands(), mixed)) return whole;
  if (IsElementwise(op)) {
    Marks marks(whole.size());
    for (mlir::Value operand : op->getOperands())
      if (Any(operand))
        Include(marks, Pick(Of(operand), reference::BroadcastOffsets(ShapeOf(operand), shape)));
    return marks;
  }
  const auto in = [&](unsigned i) { return Of(op->getOperand(i)); };
  const auto concat = [&](auto concat_op) {
    std::vector<Marks> inputs;
    for (mlir::Value input : concat_op.getInputs()) inputs.push_back(Of(input));
    return OfConcat(concat_op, inputs);
  };
  const auto transpose = [&](auto o) {
    return Pick(in(0), reference::TransposeOffsets(ShapeOf(o.getInput()), o.getPerm()));
  };
  const auto slice = [&](auto o) {
    return Pick(in(0), reference::SliceOffsets(ShapeOf(o.getInput()), o.getOffsets(), shape));
  };
  return llvm::TypeSwitch<mlir::Operation*, Marks>(op)
      .Case<mpc::ReshapeOp, nn::ReshapeOp>([&](auto) { return in(0); })
      .Case<mpc::TransposeOp, nn::TransposeOp>(transpose)
      .Case<mpc::SliceOp, nn::SliceOp>(slice)
      .Case<mpc::ConcatOp, nn::ConcatOp>(concat)
      .Case<mpc::RowSumOp, mpc::RowMaxOp>(
          [&](auto o) { return AnyOfRuns(in(0), ShapeOf(o.getInput()).back()); })
      .Case<mpc::LinearOp>([&](mpc::LinearOp o) {
        return Repeat(AnyOfRuns(in(0), ShapeOf(o.getInput()).back()), shape.back());
      })
      .Case<mpc::MatMulOp>([&](mpc::MatMulOp o) { return OfMatMul(o, in(0), in(1)); })
      .Case<mpc::ReadBitsOp, mpc::LutPairOp>([&](auto) {  // plane by plane
        const Marks plane = in(0);
        Marks planes;
        while (planes.size() < whole.size()) llvm::append_range(planes, plane);
        return planes;
      })
      .Case<mpc::FromBitsOp>([&](mpc::FromBitsOp o) {  // of the planes that are in a term
        const Marks planes = in(0);
        Marks marks(whole.size());
        int64_t used = 0;
        for (int64_t term : o.getTerms()) used |= term;
        for (size_t i = 0; i < planes.size(); ++i)
          marks[i % marks.size()] |= planes[i] & (used >> (i / marks.size()) & 1);
        return marks;
      })
      .Case<mpc::DotOp>([&](mpc::DotOp o) {
        Marks both = in(0);
        Include(both, in(1));
        return AnyOfRuns(both, ShapeOf(o.getLhs()).back());
      })
      .Case<nn::GatherOp>([&](nn::GatherOp o) {
        const Marks ids = in(1);
        return Any(o.getTable()) || ids.empty() ? whole : Repeat(ids, whole.size() / ids.size());
      })
      .Default([&](mlir::Operation* other) {  // of shares: nothing is known, so nothing is granted
        return llvm::isa<nn::NnDialect>(other->getDialect()) ? whole : Marks(whole.size());
      });
}

}  // namespace mpcc
