// SPDX-License-Identifier: Apache-2.0
// What the operations of a block cost in which every opening is written out.
#ifndef MPCC_PASSES_ANALYSIS_READ_COST_H_
#define MPCC_PASSES_ANALYSIS_READ_COST_H_

#include "mlir/IR/Block.h"

namespace mpcc {

struct ReadCost {
  double rounds = 0;  // of the longest chain of openings
  double online_bits = 0, dealt_bits = 0;
};

// REQUIRES: operations of the protocol only, none of them abstract.
ReadCost CostOfReads(mlir::Block& block);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_READ_COST_H_
