// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/streams.h"

#include <limits>

#include "ir/mpc/constants.h"
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

mpc::ConstantOp WeightOf(mpc::LinearOp linear) {
  return linear.getWeight().getDefiningOp<mpc::ConstantOp>();
}

bool SameTypes(const Linears& a, const Linears& b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](const auto& pair) {
           mpc::LinearOp x = std::get<0>(pair), y = std::get<1>(pair);
           return WeightOf(x) && WeightOf(y) && x.getWeight().getType() == y.getWeight().getType();
         });
}

// `linear` takes over stream and constant of `same`: one copy at P0.
mlir::LogicalResult ShareWeight(mpc::LinearOp linear, mpc::LinearOp same) {
  if (!mpc::SameElements(WeightOf(linear).getValue(), WeightOf(same).getValue()))
    return linear.emitError()
           << "has other integer weights than in another sequence length, because its ranges "
              "differ; accepted: one range for all lengths, so that one set of weights serves "
              "them; remedy: put ranges into the model (mpcc.range metadata), or compile the "
              "lengths separately";
  linear.setWeightStream(*same.getWeightStream());
  WeightOf(linear).setValueAttr(WeightOf(same).getValue());
  return mlir::success();
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
    llvm::cast<mpc::StreamsOp>(op).setStreamsAttr(builder.getDenseI64ArrayAttr(streams));
  }
  return mlir::success();
}

mlir::LogicalResult AssignWeightStreams(llvm::ArrayRef<mlir::func::FuncOp> functions) {
  llvm::SmallVector<Linears> numbered;
  int64_t next = 0;
  for (mlir::func::FuncOp function : functions) {
    Linears linears = LinearsOf(function);
    const auto* earlier =
        llvm::find_if(numbered, [&](const Linears& l) { return SameTypes(l, linears); });
    const bool known = earlier != numbered.end();
    for (auto [index, linear] : llvm::enumerate(linears)) {
      if (!known)
        linear.setWeightStream(next++);
      else if (mlir::failed(ShareWeight(linear, (*earlier)[index])))
        return mlir::failure();
    }
    if (!known) numbered.push_back(std::move(linears));
  }
  return mlir::success();
}

}  // namespace mpcc
