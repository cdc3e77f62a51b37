// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/streams.h"

#include <limits>

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/Builders.h"
#include "passes/analysis/material.h"

namespace mpcc {
namespace {

using Linears = llvm::SmallVector<mpc::LinearOp>;

Linears LinearsOf(mlir::func::FuncOp function) {
  return llvm::to_vector(function.getOps<mpc::LinearOp>());
}

// Attributes are unique in their context: equal values are one object, so this compares pointers.
bool SameWeight(mpc::LinearOp a, mpc::LinearOp b) {
  auto constant_a = a.getWeight().getDefiningOp<mpc::ConstantOp>();
  auto constant_b = b.getWeight().getDefiningOp<mpc::ConstantOp>();
  return constant_a && constant_b && constant_a.getType() == constant_b.getType() &&
         constant_a.getValue() == constant_b.getValue();
}

bool SameWeights(const Linears& a, const Linears& b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](const auto& pair) {
           return SameWeight(std::get<0>(pair), std::get<1>(pair));
         });
}

}  // namespace

mlir::LogicalResult AssignStreams(mlir::func::FuncOp function) {
  mlir::Builder builder(function.getContext());
  uint64_t next = 0;
  for (mlir::Operation& op : function.getBody().front()) {
    const size_t count = StreamCount(&op);
    if (count == 0) continue;
    llvm::SmallVector<int64_t> streams(count);
    for (int64_t& stream : streams) stream = static_cast<int64_t>(next++);
    if (next > std::numeric_limits<uint32_t>::max())
      return op.emitOpError() << "needs more than 2^32 stream numbers in one program";
    op.setAttr("streams", builder.getDenseI64ArrayAttr(streams));
  }
  return mlir::success();
}

void AssignWeightStreams(llvm::ArrayRef<mlir::func::FuncOp> functions) {
  llvm::SmallVector<Linears> numbered;
  int64_t next = 0;
  for (mlir::func::FuncOp function : functions) {
    Linears linears = LinearsOf(function);
    const auto* earlier =
        llvm::find_if(numbered, [&](const Linears& l) { return SameWeights(l, linears); });
    for (auto [index, linear] : llvm::enumerate(linears)) {
      mpc::LinearOp same = earlier == numbered.end() ? mpc::LinearOp() : (*earlier)[index];
      linear.setWeightStream(same ? *same.getWeightStream() : next++);
    }
    if (earlier == numbered.end()) numbered.push_back(std::move(linears));
  }
}

}  // namespace mpcc
