// SPDX-License-Identifier: Apache-2.0
// The values computed so far in a function, by SSA value.
#ifndef MPCC_IR_REFERENCE_MPC_SCOPE_H_
#define MPCC_IR_REFERENCE_MPC_SCOPE_H_

#include <utility>

#include "absl/status/status.h"
#include "ir/reference/mpc_value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "mlir/IR/Operation.h"

namespace mpcc::reference {

class Scope {
 public:
  // REQUIRES: Set was called for the value, with that alternative.
  const Wire& At(mlir::Value value) const { return wires_.find(value)->second; }
  const LocalTensor& Local(mlir::Value value) const { return std::get<LocalTensor>(At(value)); }
  const Components& Shares(mlir::Value value) const { return std::get<Components>(At(value)); }
  const IdealTensor& Ideal(mlir::Value value) const { return std::get<IdealTensor>(At(value)); }

  bool Contains(mlir::Value value) const { return wires_.contains(value); }
  void Set(mlir::Value value, Wire wire) { wires_.insert_or_assign(value, std::move(wire)); }
  void Drop(mlir::Value value) { wires_.erase(value); }

 private:
  llvm::DenseMap<mlir::Value, Wire> wires_;
};

// INVALID_ARGUMENT "<location>: '<op>' <what>".
absl::Status OpError(mlir::Operation* op, llvm::StringRef what);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_SCOPE_H_
