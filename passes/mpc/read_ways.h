// SPDX-License-Identifier: Apache-2.0
// How low bits below an exact read may be cut into digits and joined, and what a read takes.
#ifndef MPCC_PASSES_MPC_READ_WAYS_H_
#define MPCC_PASSES_MPC_READ_WAYS_H_

#include <vector>

#include "ir/mpc/exact_read.h"
#include "runtime/base/network_profile.h"

namespace mpcc {

// Digits that the last polynomial joins, at most.
inline constexpr size_t kJoinedLast = 4, kJoinedLastByBits = 5;

// `low` bits in as few digits as may be, as equal as may be, wide ones first.
mpc::BorrowPolicy DigitsOf(int low, int widest, size_t joined_last, size_t joined_a_round);

// All that are compared: wide digits and few rounds, or narrow ones that are joined before. What
// differs in nothing that is emitted stands once.
std::vector<mpc::BorrowPolicy> BorrowsOf(int low);

// What a read of x takes on a network, by making it in a block of its own. The first of its rounds
// and `slack` more cost nothing less.
double SecondsOf(mlir::Value x, llvm::SmallVector<mlir::Value> factors, int slack,
                 const NetworkProfile& network,
                 llvm::function_ref<void(mlir::OpBuilder&, mlir::Value x, mlir::ValueRange)> emit);

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_READ_WAYS_H_
