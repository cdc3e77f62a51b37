// SPDX-License-Identifier: Apache-2.0
// What P0 hands to the other parties: shared weights once, dealt vectors for each inference.
#ifndef MPCC_CODEGEN_MATERIAL_MANIFEST_H_
#define MPCC_CODEGEN_MATERIAL_MANIFEST_H_

#include <cstdint>

#include "llvm/ADT/DenseMap.h"
#include "passes/offline/programs.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// The shared constants of a plan: one per weight stream, in the order of first use, alike at all
// parties.
class SharedWeights {
 public:
  // Adds the weights of all programs to the plan. Failure, with a diagnostic, at a linear without a
  // weight stream.
  mlir::LogicalResult Collect(llvm::ArrayRef<SplitProgram> programs, plan::Plan* plan);

  // Index into Plan.shared_constants. REQUIRES: a stream of one of the programs.
  uint32_t IndexOf(int64_t weight_stream) const { return index_.lookup(weight_stream); }

 private:
  llvm::DenseMap<int64_t, uint32_t> index_;
};

// Success if the offsets that schedule-offline-tables gave to the deals of `offline` are those of
// the declared corrections.
mlir::LogicalResult CheckOffsets(mlir::func::FuncOp offline, const plan::Program& program);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_MATERIAL_MANIFEST_H_
