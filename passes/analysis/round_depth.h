// SPDX-License-Identifier: Apache-2.0
// How many exchanges an operation has to wait for.
//
// Stages of an online function: in stage 0 P1 works on plaintext and the inputs are shared at its
// end; then every mpc.reshare ends the stage in which its operands are there, and its results
// belong to the next. Openings of one stage are independent, so one exchange can serve them all,
// and the number of stages with openings is the length of the longest chain: no order has fewer.
#ifndef MPCC_PASSES_ANALYSIS_ROUND_DEPTH_H_
#define MPCC_PASSES_ANALYSIS_ROUND_DEPTH_H_

#include "llvm/ADT/DenseMap.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

namespace mpcc {

class RoundDepth {
 public:
  explicit RoundDepth(mlir::Block& block);

  // The stage in which `op` is done: the earliest one for computations, that of the first reader
  // for private constants, the last one for reveals.
  unsigned StageOf(mlir::Operation* op) const { return stages_.lookup(op); }

  // The longest chain of mpc.reshare: the number of two-way rounds that the block needs.
  unsigned Rounds() const { return rounds_; }

 private:
  unsigned StageOfValue(mlir::Value value) const;
  unsigned EarliestStage(mlir::Operation* op) const;

  llvm::DenseMap<mlir::Operation*, unsigned> stages_;
  unsigned last_ = 0;
  unsigned rounds_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_ROUND_DEPTH_H_
