// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_ANALYSIS_COST_OF_READS_H_
#define MPCC_PASSES_ANALYSIS_COST_OF_READS_H_

#include "mlir/IR/Block.h"
#include "passes/policy/read_cost.h"

namespace mpcc {

// What the operations of a block cost in which every opening is written out; rounds are those of
// the longest chain of openings. REQUIRES: operations of the protocol only, none of them abstract.
ReadCost CostOfReads(mlir::Block& block);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_COST_OF_READS_H_
