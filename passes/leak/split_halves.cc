// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/split_halves.h"

#include "ir/mpc/constants.h"
#include "ir/mpc/mpc.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "passes/offline/passes.h"

namespace mpcc {
namespace {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;
using mpc::ShareKind;
using mpc::ShareType;

ShareType Share(mlir::Value value) { return llvm::dyn_cast<ShareType>(value.getType()); }

bool IsMask(mlir::Value value) { return Share(value) && Share(value).isMask(); }

// The operations that P0 has: masks, constants, arithmetic on masks, dealing.
bool IsDealing(mlir::Operation* op) {
  if (llvm::isa<mlir::func::ReturnOp>(op)) return op->getNumOperands() == 0;
  const mpc::Role role = mpc::RoleOf(op);
  if (role == mpc::Role::kConstant || role == mpc::Role::kAtP0) return true;
  return role == mpc::Role::kLocal && llvm::all_of(op->getOperands(), IsMask) &&
         llvm::all_of(op->getResults(), IsMask);
}

LogicalResult CheckDealingFunction(mlir::func::FuncOp offline) {
  if (offline.getNumArguments() + offline.getNumResults() > 0)
    return offline.emitOpError("takes or returns values, but P0 deals before there are any");
  if (!offline.getBody().hasOneBlock())
    return offline.emitOpError("has several blocks, programs are straight-line code");
  for (mlir::Operation& op : BodyOf(offline))
    if (!IsDealing(&op)) return op.emitOpError("needs P1 or P2, but stands in P0's function");
  return success();
}

class Halves {
 public:
  explicit Halves(SplitProgram program) : program_(program) {
    for (mlir::Operation& op : BodyOf(program.online)) {
      const mpc::Role role = mpc::RoleOf(&op);
      if (role == mpc::Role::kDeals) dealt_for_.push_back(&op);
      if (role != mpc::Role::kDrawsMasks) continue;
      for (auto [result, stream] : llvm::zip(op.getResults(), mpc::StreamsOf(&op)))
        opened_[stream] = result;
    }
  }

  LogicalResult Check() {
    for (auto draw : program_.offline.getOps<mpc::MaskOp>())
      if (failed(CheckDraw(draw))) return failure();
    const auto deals = llvm::to_vector(program_.offline.getOps<mpc::DealOp>());
    for (auto [op, deal] : llvm::zip(dealt_for_, deals))
      if (failed(CheckDeal(op, deal))) return failure();
    if (deals.size() == dealt_for_.size()) return success();
    return program_.offline.emitOpError() << "deals " << deals.size() << " times, but "
                                          << dealt_for_.size() << " online operations consume";
  }

 private:
  LogicalResult CheckDraw(mpc::MaskOp draw) {
    const mlir::Value opened =
        draw.getStreams().size() == 1 ? opened_.lookup(draw.getStreams()[0]) : mlir::Value();
    if (!opened)
      return draw.emitOpError("draws a mask under a stream that no online operation opens with");
    mlir::Operation* opening = opened.getDefiningOp();
    if (draw.getIsInput() == llvm::isa<mpc::InputOp>(opening) &&
        draw.getType() == Share(opened).withKind(ShareKind::mask))
      return success();
    auto error = draw.emitOpError("draws another mask than the online half opens with");
    error.attachNote(opening->getLoc()) << "opened here";
    return error;
  }

  LogicalResult CheckDeal(mlir::Operation* op, mpc::DealOp deal) {
    const auto report = [&](const llvm::Twine& what) {
      auto error = deal.emitOpError(what);
      error.attachNote(op->getLoc()) << "consumed here";
      return error;
    };
    if (deal.getTarget() != op->getName().stripDialect() || deal.getStreams() != mpc::StreamsOf(op))
      return report(
          "deals for another operation, or under other streams, than the online half "
          "consumes next");
    if (deal.getParams() != DealParamsOf(op) || deal.getResultType() != op->getResult(0).getType())
      return report("deals with other parameters than the online half computes with");
    if (deal.getInputs().size() != op->getNumOperands())
      return report("has another number of operands than the online operation");
    for (auto [index, pair] : llvm::enumerate(llvm::zip(op->getOperands(), deal.getInputs())))
      if (!Agree(std::get<0>(pair), std::get<1>(pair)))
        return report("deals by another operand #" + llvm::Twine(index) +
                      " than the online operation reads");
    return success();
  }

  // `offline` is what P0 knows of `online`: its mask, or the constant that is sealed there.
  bool Agree(mlir::Value online, mlir::Value offline) {
    const auto [known, is_new] = agree_.try_emplace({online, offline}, false);
    if (!is_new) return known->second;
    const bool agree = ComputeAgree(online, offline);
    return agree_[{online, offline}] = agree;
  }

  bool ComputeAgree(mlir::Value online, mlir::Value offline) {
    mlir::Operation* at_p0 = offline.getDefiningOp();
    if (llvm::isa<mpc::ConstantOp>(at_p0))
      return online.getDefiningOp<mpc::SealedOp>() && online.getType() == offline.getType();
    // A public summand leaves a mask as it is.
    if (auto sum = online.getDefiningOp<mpc::AddPublicOp>()) return Agree(sum.getInput(), offline);
    if (auto sum = offline.getDefiningOp<mpc::AddPublicOp>()) return Agree(online, sum.getInput());
    if (auto draw = llvm::dyn_cast<mpc::MaskOp>(at_p0))
      return draw.getStreams().size() == 1 && opened_.lookup(draw.getStreams()[0]) == online;
    mlir::Operation* op = online.getDefiningOp();
    return op && op->getName() == at_p0->getName() && DealParamsOf(op) == DealParamsOf(at_p0) &&
           Share(online).withKind(ShareKind::mask) == offline.getType() &&
           op->getNumOperands() == at_p0->getNumOperands() &&
           llvm::all_of(llvm::zip(op->getOperands(), at_p0->getOperands()),
                        [&](auto pair) { return Agree(std::get<0>(pair), std::get<1>(pair)); });
  }

  SplitProgram program_;
  llvm::SmallVector<mlir::Operation*> dealt_for_;
  llvm::DenseMap<int64_t, mlir::Value> opened_;  // by stream: what is opened under it
  llvm::DenseMap<std::pair<mlir::Value, mlir::Value>, bool> agree_;
};

// A weight as P0 shares it.
struct Weight {
  mlir::Operation* dealt_by;
  mpc::ConstantOp matrix;
};

bool SameWeight(Weight a, Weight b) {
  return a.matrix.getType() == b.matrix.getType() &&
         mpc::SameElements(a.matrix.getValue(), b.matrix.getValue());
}

}  // namespace

mlir::FailureOr<llvm::SmallVector<SplitProgram>> CheckPartners(mlir::ModuleOp module) {
  auto programs = SplitProgramsOf(module);
  if (failed(programs)) return failure();
  llvm::DenseMap<mlir::Operation*, mlir::Operation*> online_of;
  for (SplitProgram program : *programs) {
    auto back = program.offline->getAttrOfType<mlir::FlatSymbolRefAttr>(mpc::kOnlineAttr);
    const bool is_new = online_of.try_emplace(program.offline, program.online).second;
    if (!back || back.getValue() != program.online.getName() || !is_new)
      return program.online.emitOpError("and its offline part do not name each other, one to one");
  }
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (function->hasAttr(mpc::kOnlineAttr) && !online_of.contains(function))
      return function.emitOpError("deals for a function that does not name it as its offline part");
  return programs;
}

LogicalResult CheckHalves(SplitProgram program) {
  if (failed(CheckDealingFunction(program.offline))) return failure();
  return Halves(program).Check();
}

LogicalResult CheckWeights(llvm::ArrayRef<SplitProgram> programs) {
  if (programs.empty()) return success();
  llvm::DenseMap<int64_t, Weight> weights;
  const mlir::OperationName linear(mpc::LinearOp::getOperationName(),
                                   programs.front().online->getContext());
  const mlir::StringAttr weight_stream = mpc::LinearOp::getWeightStreamAttrName(linear);
  for (SplitProgram program : programs)
    for (auto deal : program.offline.getOps<mpc::DealOp>()) {
      auto stream = deal.getParams().getAs<mlir::IntegerAttr>(weight_stream);
      if (!stream) continue;
      const Weight weight{deal, deal.getInputs()[1].getDefiningOp<mpc::ConstantOp>()};
      const auto [known, is_new] = weights.try_emplace(stream.getInt(), weight);
      if (is_new || SameWeight(known->second, weight)) continue;
      auto error = deal.emitOpError() << "shares another weight under weight stream "
                                      << stream.getInt() << "; both together tell their difference";
      error.attachNote(known->second.dealt_by->getLoc()) << "first used here";
      return error;
    }
  return success();
}

}  // namespace mpcc
