// SPDX-License-Identifier: Apache-2.0
// What values of an online or offline function occupy at a party.
#ifndef MPCC_PASSES_ANALYSIS_WIRE_BYTES_H_
#define MPCC_PASSES_ANALYSIS_WIRE_BYTES_H_

#include <cstdint>

#include "mlir/IR/Value.h"

namespace mpcc {

// Private values are no wires: nobody holds them during a run.
bool IsWire(mlir::Value value);

// As runtime/plan/layout.h has it, which the plan's writer asks. REQUIRES: IsWire(value).
uint64_t WireBytes(mlir::Value value);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_WIRE_BYTES_H_
