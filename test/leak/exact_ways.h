// SPDX-License-Identifier: Apache-2.0
// Exact reads in a way that is said, where expand-exact-reads takes the cheapest.
#ifndef MPCC_TEST_LEAK_EXACT_WAYS_H_
#define MPCC_TEST_LEAK_EXACT_WAYS_H_

#include "mlir/IR/BuiltinOps.h"

namespace mpcc::leak {

enum class Way { kCheapest, kByBits, kByDigits, kByFalls, kCutTop };

// Expands public and private functions, saturations and staircases: bit by bit, by digits, by
// falls, or with the top digit cut. Nothing for kCheapest.
void Expand(mlir::ModuleOp module, Way way);

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_EXACT_WAYS_H_
