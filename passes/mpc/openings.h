// SPDX-License-Identifier: Apache-2.0
// Which additive values of a function have to be opened, and the one place that opens each.
#ifndef MPCC_PASSES_MPC_OPENINGS_H_
#define MPCC_PASSES_MPC_OPENINGS_H_

#include "ir/mpc/mpc.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

namespace mpcc {

class Openings {
 public:
  // Finds the wires that the function's operations, lifts among them, need opened.
  explicit Openings(mlir::func::FuncOp function);

  // The replicated sharing of `value`: itself if it is replicated, a free function of what is
  // opened anyway, or a new mpc.reshare right after it. The same answer each time.
  mlir::Value Open(mlir::Value value);

  // The additive sharing of `value`, by mpc.open_free if it is replicated.
  mlir::Value OpenFree(mlir::Value value);

  // `Open(value)` will cost nothing beyond what is opened for other reasons.
  bool IsOpened(mlir::Value value) const;

 private:
  void Require(mlir::Value value);
  mlir::Value ApplyToOpened(mlir::Operation* op);
  mlir::Value Reshare(mlir::Value value);

  mlir::OpBuilder builder_;
  llvm::DenseSet<mlir::Value> required_;
  llvm::DenseMap<mlir::Value, mlir::Value> opened_;
  llvm::DenseMap<mlir::Value, mlir::Value> freed_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_OPENINGS_H_
