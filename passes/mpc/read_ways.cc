// SPDX-License-Identifier: Apache-2.0
#include "passes/mpc/read_ways.h"

#include <algorithm>
#include <limits>

#include "llvm/ADT/DenseMap.h"
#include "passes/analysis/cost_of_reads.h"
#include "runtime/protocol/bit_polynomial.h"

namespace mpcc {

mpc::BorrowPolicy DigitsOf(int low, int widest, size_t joined_last, size_t joined_a_round) {
  mpc::BorrowPolicy borrow{{}, joined_last, joined_a_round};
  for (int count = (low + widest - 1) / widest; count > 0; --count) {
    borrow.digits.push_back((low + count - 1) / count);
    low -= static_cast<int>(borrow.digits.back());
  }
  return borrow;
}

std::vector<mpc::BorrowPolicy> BorrowsOf(int low) {
  std::vector<mpc::BorrowPolicy> all;
  if (low == 0) return {mpc::BorrowPolicy{}};
  for (int widest = 2; widest <= 8; ++widest)
    for (size_t last = 1; last <= kJoinedLastByBits; ++last)
      for (size_t joined : {3, 4, 5}) {
        mpc::BorrowPolicy borrow = DigitsOf(low, widest, last, joined);
        const bool known = llvm::any_of(all, [&](const mpc::BorrowPolicy& other) {
          const bool joins = borrow.digits.size() > last;
          return other.digits == borrow.digits &&
                 (joins ? other.joined_last == last && other.joined_a_round == joined
                        : other.joined_last >= other.digits.size());
        });
        if (!known) all.push_back(std::move(borrow));
      }
  return all;
}

namespace {

// Whether the protocol has all polynomials that are made.
bool AreWithinBounds(mlir::Block& block) {
  return llvm::all_of(block.getOps<mpc::FromBitsOp>(), [](mpc::FromBitsOp op) {
    const auto planes = llvm::cast<mpc::ShareType>(op.getBits().getType());
    return BitPolynomial{op.getTerms(), op.getCoefficients()}
        .Problem(planes.getShape()[0],
                 static_cast<int>(llvm::cast<mpc::ShareType>(op.getResult().getType()).getWidth()),
                 op.getConstant() != nullptr)
        .empty();
  });
}

}  // namespace

double SecondsOf(mlir::Value x, llvm::SmallVector<mlir::Value> factors, int slack,
                 const NetworkProfile& network,
                 llvm::function_ref<void(mlir::OpBuilder&, mlir::Value x, mlir::ValueRange)> emit) {
  mlir::Block block;
  mlir::OpBuilder builder(x.getContext());
  builder.setInsertionPointToEnd(&block);
  const mlir::Location loc = builder.getUnknownLoc();
  llvm::DenseMap<mlir::Value, mlir::Value> arguments;  // equal factors stay equal
  for (mlir::Value& factor : factors) {
    if (!factor) continue;
    mlir::Value& argument = arguments[factor];
    if (!argument) argument = block.addArgument(factor.getType(), loc);
    factor = argument;
  }
  emit(
      builder,
      block.addArgument(llvm::cast<mpc::ShareType>(x.getType()).withKind(mpc::ShareKind::rss), loc),
      factors);
  if (!AreWithinBounds(block)) return std::numeric_limits<double>::infinity();
  ReadCost cost = CostOfReads(block);
  cost.rounds = std::max<double>(cost.rounds, 1 + slack);
  return cost.Seconds(network);
}

}  // namespace mpcc
