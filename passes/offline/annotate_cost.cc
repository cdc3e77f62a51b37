// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/DenseSet.h"
#include "mlir/IR/Builders.h"
#include "passes/analysis/material.h"
#include "passes/offline/layers.h"
#include "passes/offline/passes.h"
#include "passes/offline/programs.h"

namespace mpcc {

#define GEN_PASS_DEF_ANNOTATECOST
#include "passes/offline/passes.h.inc"

namespace {

mlir::ArrayAttr LayersAttr(mlir::Builder& builder, const std::vector<std::string>& names,
                           const std::vector<Cost>& costs) {
  llvm::SmallVector<mlir::Attribute> layers;
  for (size_t i = 0; i < names.size(); ++i)
    layers.push_back(mpc::LayerAttr::get(builder.getContext(), builder.getStringAttr(names[i]),
                                         mpc::CostAttr::of(builder.getContext(), costs[i])));
  return builder.getArrayAttr(layers);
}

class Annotator {
 public:
  explicit Annotator(mlir::func::FuncOp function)
      : function_(function), builder_(function.getContext()), layers_(LayersOf(function)) {}

  void Run() {
    std::vector<Cost> costs(layers_.names.size());
    Cost total;
    for (mlir::Operation& op : BodyOf(function_)) {
      const uint32_t layer = layers_.of[&op];
      const Cost cost = Annotate(&op, layer);
      costs[layer] += cost;
      total += cost;
    }
    function_->setAttr(mpc::kLayersAttr, LayersAttr(builder_, layers_.names, costs));
    function_->setAttr(mpc::kCostAttr, mpc::CostAttr::of(builder_.getContext(), total));
  }

 private:
  Cost Annotate(mlir::Operation* op, uint32_t layer) {
    Cost cost = CostOfOperation(op);
    if (auto linear = llvm::dyn_cast<mpc::LinearOp>(op); linear && !FirstUse(linear))
      cost.setup_bytes = 0;
    op->setAttr(mpc::kLayerAttr, builder_.getI64IntegerAttr(layer));
    op->removeAttr(mpc::kCostAttr);
    if (cost != Cost{}) op->setAttr(mpc::kCostAttr, mpc::CostAttr::of(builder_.getContext(), cost));
    return cost;
  }

  // A weight is shared once, however many operations read it.
  bool FirstUse(mpc::LinearOp linear) {
    return !linear.getWeightStream() || weights_.insert(*linear.getWeightStream()).second;
  }

  mlir::func::FuncOp function_;
  mlir::Builder builder_;
  Layers layers_;
  llvm::DenseSet<int64_t> weights_;
};

struct AnnotateCostPass : impl::AnnotateCostBase<AnnotateCostPass> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.isExternal() || function->hasAttr(mpc::kOnlineAttr)) return;
    if (!function.getBody().hasOneBlock()) {
      function.emitOpError() << "has several blocks, programs are straight-line code";
      return signalPassFailure();
    }
    Annotator(function).Run();
  }
};

}  // namespace
}  // namespace mpcc
