// SPDX-License-Identifier: Apache-2.0
// How many rounds an operation may take beyond the least without anything coming later: what
// is computed beside a longer way waits for that anyway. Of functions in which openings are
// implicit.
#ifndef MPCC_PASSES_ANALYSIS_ROUND_SLACK_H_
#define MPCC_PASSES_ANALYSIS_ROUND_SLACK_H_

#include "llvm/ADT/DenseMap.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

namespace mpcc {

class RoundSlack {
 public:
  explicit RoundSlack(mlir::Block& block);

  // Beyond its least rounds, if every other operation takes its own least.
  int Of(mlir::Operation* op) const { return last_ - ready_.lookup(op) - after_.lookup(op); }

 private:
  llvm::DenseMap<mlir::Operation*, int> ready_;  // rounds until its result is there
  llvm::DenseMap<mlir::Operation*, int> after_;  // rounds that come after its result
  int last_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_ROUND_SLACK_H_
