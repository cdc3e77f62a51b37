// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/rounding_coins.h"

#include "ir/mpc/mpc.h"
#include "passes/mpc/passes.h"

namespace mpcc {

namespace {

// A window of a table meets the carry of the bits below it; with none below it is exact.
bool RoundsAtRandom(mpc::ProtocolOp op) {
  if (auto table = llvm::dyn_cast<mpc::LutOp>(op.getOperation())) return table.getShift() > 0;
  return op.getNoise() == mpc::Noise::kFresh;
}

}  // namespace

std::vector<mlir::Operation*> RandomRoundings(mlir::func::FuncOp function) {
  std::vector<mlir::Operation*> found;
  function.walk([&](mpc::ProtocolOp op) {
    if (RoundsAtRandom(op)) found.push_back(op);
  });
  return found;
}

mlir::LogicalResult CheckRoundsExactly(mlir::func::FuncOp function) {
  const std::vector<mlir::Operation*> found = RandomRoundings(function);
  if (found.empty()) return mlir::success();
  return found.front()->emitOpError()
         << "rounds at random (operations of '" << function.getName()
         << "' that do: " << found.size()
         << "): who asks one question again and again learns the weights behind it, which is "
            "leakage of kind '"
         << kRoundingCoinsLeak
         << "'; lower with constructions that round exactly, as --lowering=default does, or "
            "allow it with --allow-leak="
         << kRoundingCoinsLeak;
}

}  // namespace mpcc
