// SPDX-License-Identifier: Apache-2.0
// Values of a program as wires of a plan.
#ifndef MPCC_CODEGEN_WIRES_H_
#define MPCC_CODEGEN_WIRES_H_

#include <optional>

#include "mlir/IR/Value.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// Whether `party` holds anything of the value during a run: shares at P1 and P2, masks at P0,
// plaintext at P1.
bool IsWireAt(mlir::Value value, int party);

// Kind, type, width and shape; rank 0 becomes shape [1]. Truth values are I64, encoded and revealed
// integers RING. Nothing for a type that plans do not have. REQUIRES: the value is no private one.
std::optional<plan::Wire> WireOf(mlir::Value value);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_WIRES_H_
