// SPDX-License-Identifier: Apache-2.0
#include "codegen/material_manifest.h"

#include "ir/mpc/mpc.h"
#include "passes/offline/passes.h"

namespace mpcc {

mlir::LogicalResult SharedWeights::Collect(llvm::ArrayRef<SplitProgram> programs,
                                           plan::Plan* plan) {
  for (SplitProgram program : programs)
    for (auto linear : program.online.getOps<mpc::LinearOp>()) {
      if (!linear.getWeightStream())
        return linear.emitOpError() << "has no weight stream; run 'hoist-to-offline' first";
      const int64_t stream = *linear.getWeightStream();
      if (!index_.try_emplace(stream, plan->shared_constants_size()).second) continue;
      auto type = llvm::cast<mpc::ShareType>(linear.getWeight().getType());
      plan::SharedConstant* shared = plan->add_shared_constants();
      shared->set_stream(static_cast<uint32_t>(stream));
      shared->set_width(type.getWidth());
      for (int64_t extent : type.getShape()) shared->add_shape(static_cast<uint32_t>(extent));
    }
  return mlir::success();
}

mlir::LogicalResult CheckOffsets(mlir::func::FuncOp offline, const plan::Program& program) {
  int next = 0;
  for (auto deal : offline.getOps<mpc::DealOp>()) {
    auto offsets = deal->getAttrOfType<mlir::DenseI64ArrayAttr>(kOffsetsAttr);
    if (!offsets)
      return deal.emitOpError() << "has no offsets; run 'schedule-offline-tables' first";
    for (int64_t offset : offsets.asArrayRef()) {
      const bool agrees = next < program.corrections_size() &&
                          program.corrections(next).offset() == static_cast<uint64_t>(offset);
      if (!agrees)
        return deal.emitOpError() << "has offset " << offset
                                  << ", which is not where the plan's layout puts its vector";
      ++next;
    }
  }
  return mlir::success();
}

}  // namespace mpcc
