// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/constants.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_EXPANDROWMAX
#include "passes/mpc/passes.h.inc"

namespace {

using mlir::Value;
using mpc::ShareType;

constexpr unsigned kMaxIndexBits = 6;

// Entry a * 2^k + b holds the larger of a and b, compared as signed numbers.
Value MakeMaxTable(mlir::OpBuilder& builder, mlir::Location loc, unsigned width) {
  uint64_t size = uint64_t{1} << width;
  llvm::SmallVector<uint64_t> entries;
  for (uint64_t a = 0; a < size; ++a)
    for (uint64_t b = 0; b < size; ++b)
      entries.push_back(mpc::SignedElement(a, width) > mpc::SignedElement(b, width) ? a : b);
  auto type = ShareType::get(builder.getContext(), mpc::ShareKind::priv,
                             {static_cast<int64_t>(entries.size())}, width);
  return mpc::MakeConstant(builder, loc, type, entries);
}

class Tournament {
 public:
  explicit Tournament(mpc::RowMaxOp op) : builder_(op), loc_(op.getLoc()) {}

  Value Run(Value row) {
    Value table = MakeMaxTable(builder_, loc_, TypeOf(row).getWidth());
    while (TypeOf(row).getShape().back() > 1) row = Round(row, table);
    return row;
  }

 private:
  static ShareType TypeOf(Value value) { return llvm::cast<ShareType>(value.getType()); }

  static ShareType WithColumns(ShareType type, int64_t columns) {
    llvm::SmallVector<int64_t> shape(type.getShape());
    shape.back() = columns;
    return type.withShape(shape);
  }

  Value Columns(Value row, int64_t first, int64_t count) {
    llvm::SmallVector<int64_t> offsets(TypeOf(row).rank(), 0);
    offsets.back() = first;
    return builder_.create<mpc::SliceOp>(loc_, WithColumns(TypeOf(row), count), row, offsets);
  }

  // The larger of each pair (i, i + n/2); with n odd the last value goes on as it is.
  Value Round(Value row, Value table) {
    ShareType type = TypeOf(row);
    int64_t n = type.getShape().back(), half = n / 2;
    Value first = Columns(row, 0, half), second = Columns(row, half, half);
    Value winners =
        builder_.create<mpc::Lut2Op>(loc_, first, second, table, mlir::DenseI64ArrayAttr());
    if (n % 2 == 0) return winners;
    return builder_.create<mpc::ConcatOp>(loc_, mlir::ValueRange{winners, Columns(row, n - 1, 1)},
                                          type.rank() - 1);
  }

  mlir::OpBuilder builder_;
  mlir::Location loc_;
};

struct ExpandRowMax : impl::ExpandRowMaxBase<ExpandRowMax> {
  void runOnOperation() override {
    mlir::WalkResult result = getOperation().walk([](mpc::RowMaxOp op) {
      if (mlir::failed(CheckWidth(op))) return mlir::WalkResult::interrupt();
      op.replaceAllUsesWith(Tournament(op).Run(op.getInput()));
      op.erase();
      return mlir::WalkResult::advance();
    });
    if (result.wasInterrupted()) signalPassFailure();
  }

  static mlir::LogicalResult CheckWidth(mpc::RowMaxOp op) {
    unsigned width = llvm::cast<ShareType>(op.getInput().getType()).getWidth();
    if (width <= kMaxIndexBits) return mlir::success();
    return op.emitOpError() << "compares values of " << width << " bits, expected at most "
                            << kMaxIndexBits << "; extract fewer bits first";
  }
};

}  // namespace
}  // namespace mpcc
