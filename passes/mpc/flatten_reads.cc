// SPDX-License-Identifier: Apache-2.0
#include "passes/mpc/flatten_reads.h"

#include "ir/mpc/mpc.h"
#include "llvm/ADT/DenseMap.h"

namespace mpcc {
namespace {

using mpc::ShareType;

class Flattening {
 public:
  void Flatten(mlir::Operation* op) {
    const auto result = llvm::cast<ShareType>(op->getResult(0).getType());
    op->setOperand(0, MatrixOf(op->getOperand(0)));
    op->getResult(0).setType(result.withShape(MatrixShape(result)));
    mlir::OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    auto restored = builder.create<mpc::ReshapeOp>(op->getLoc(), result, op->getResult(0));
    op->getResult(0).replaceAllUsesExcept(restored.getResult(), restored);
  }

 private:
  static llvm::SmallVector<int64_t> MatrixShape(ShareType type) {
    const int64_t columns = type.getShape().back();
    return {static_cast<int64_t>(type.numElements()) / columns, columns};
  }

  // One for all reads of a value, which share what they read.
  mlir::Value MatrixOf(mlir::Value x) {
    mlir::Value& matrix = matrices_[x];
    if (matrix) return matrix;
    const auto type = llvm::cast<ShareType>(x.getType());
    mlir::OpBuilder builder(x.getContext());
    builder.setInsertionPointAfterValue(x);
    return matrix =
               builder.create<mpc::ReshapeOp>(x.getLoc(), type.withShape(MatrixShape(type)), x);
  }

  llvm::DenseMap<mlir::Value, mlir::Value> matrices_;
};

bool IsDeepRead(mlir::Operation* op) {
  return llvm::isa<mpc::TruncateOp, mpc::PublicLutOp, mpc::PrivateLutOp, mpc::SaturateOp,
                   mpc::StaircaseOp, mpc::LeadingLutOp>(op) &&
         llvm::cast<ShareType>(op->getOperand(0).getType()).rank() >= mpc::kMaxRank;
}

}  // namespace

void FlattenDeepReads(mlir::func::FuncOp function) {
  Flattening flattening;
  function.walk([&](mlir::Operation* op) {
    if (IsDeepRead(op)) flattening.Flatten(op);
  });
}

}  // namespace mpcc
