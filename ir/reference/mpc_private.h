// SPDX-License-Identifier: Apache-2.0
// The integers private to P0 that an op reads, wherever the program keeps them.
#ifndef MPCC_IR_REFERENCE_MPC_PRIVATE_H_
#define MPCC_IR_REFERENCE_MPC_PRIVATE_H_

#include "absl/status/statusor.h"
#include "ir/reference/mpc_value.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::reference {

// Operands of type private are `mpc.constant` results or, after hoist-to-offline, `mpc.sealed`
// ones: their value is then the same operand of the offline function's `mpc.deal` with the op's
// streams.
class PrivateValues {
 public:
  // `offline` may be null when no op reads a sealed value.
  explicit PrivateValues(mlir::func::FuncOp offline);

  // Elements in row-major order, reduced. INVALID_ARGUMENT for anything else.
  absl::StatusOr<Ring> Read(mlir::OpOperand& operand) const;

 private:
  absl::StatusOr<mlir::Value> Unsealed(mlir::OpOperand& operand) const;

  llvm::DenseMap<int64_t, mpc::DealOp> deals_;  // by first stream
};

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_PRIVATE_H_
