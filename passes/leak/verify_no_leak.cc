// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "passes/leak/disclosures.h"
#include "passes/leak/input_dependence.h"
#include "passes/leak/leak_marks.h"
#include "passes/leak/passes.h"
#include "passes/leak/revealed_tail.h"
#include "passes/leak/rounding_coins.h"
#include "passes/leak/split_halves.h"
#include "passes/mpc/passes.h"
#include "passes/offline/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_VERIFYNOLEAK
#include "passes/leak/passes.h.inc"

namespace {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

bool IsOfflineFunction(mlir::func::FuncOp function) { return function->hasAttr(mpc::kOnlineAttr); }
bool IsSplit(mlir::func::FuncOp function) { return function->hasAttr(mpc::kOfflineAttr); }

// ---- streams: every mask is drawn once, every dealt vector used once ----

class StreamChecker {
 public:
  explicit StreamChecker(bool expected) : expected_(expected) {}

  LogicalResult Check(mlir::Operation* op) {
    for (int64_t stream : mpc::StreamsOf(op))
      if (failed(TakeOnce(stream, op, streams_, "stream"))) return failure();
    auto takes = llvm::dyn_cast<mpc::StreamsOp>(op);
    if (expected_ && takes && !takes.getStreamsAttr())
      return op->emitOpError("has no streams, but hoist-to-offline has numbered its function");
    auto linear = llvm::dyn_cast<mpc::LinearOp>(op);
    if (!linear) return success();
    if (linear.getWeightStream())
      return TakeOnce(*linear.getWeightStream(), op, weight_streams_, "weight stream");
    if (!expected_) return success();
    return op->emitOpError("has no weight stream, but hoist-to-offline has numbered weights");
  }

 private:
  using Owners = llvm::DenseMap<int64_t, mlir::Operation*>;

  static LogicalResult TakeOnce(int64_t stream, mlir::Operation* op, Owners& owners,
                                llvm::StringRef what) {
    if (stream < 0 || stream > std::numeric_limits<uint32_t>::max())
      return op->emitOpError() << "uses " << what << " " << stream
                               << ", expected a number of 32 bits: a larger one names the bytes of "
                                  "a smaller one";
    auto [entry, is_new] = owners.try_emplace(stream, op);
    if (is_new) return success();
    auto error = op->emitOpError() << "uses " << what << " " << stream
                                   << " a second time; a mask may be drawn only once";
    error.attachNote(entry->second->getLoc()) << "first used here";
    return error;
  }

  bool expected_;
  Owners streams_, weight_streams_;
};

// ---- what P1 and P2 compute with ----

LogicalResult CheckConcrete(mlir::Operation* op) {
  if (mpc::IsAbstract(op))
    return op->emitOpError(
        "is abstract: nothing says yet what it opens; run expand-row-max and "
        "insert-share-conversions");
  if (!mpc::NeedsReplicated(op)) return success();
  for (mlir::Value operand : op->getOperands())
    if (llvm::cast<mpc::ShareType>(operand.getType()).isAdd())
      return op->emitOpError(
          "takes an additive operand, which it would have to open; run insert-share-conversions");
  return success();
}

// What digits of the opened value say beside those of the mask, or the wrap of their sum, alone.
bool TellsOfMask(mlir::Value value) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return false;
  auto protocol = llvm::dyn_cast<mpc::ProtocolOp>(op);
  if (protocol && protocol.tellsOfMask()) return true;
  if (llvm::isa<mpc::ReshareOp>(op))
    return TellsOfMask(op->getOperand(llvm::cast<mlir::OpResult>(value).getResultNumber()));
  if (llvm::isa<mpc::ConcatOp>(op)) return llvm::any_of(op->getOperands(), TellsOfMask);
  if (llvm::isa<mpc::JoinOp>(op)) return TellsOfMask(op->getOperand(0));  // the low bits
  if (auto sum = llvm::dyn_cast<mpc::FromBitsOp>(op))  // of one bit it says what the bit says
    return sum.getTerms().size() == 1 && llvm::isPowerOf2_64(sum.getTerms()[0]) &&
           TellsOfMask(sum.getBits());
  const bool passes_on =
      mpc::RoleOf(op) == mpc::Role::kLocal || llvm::isa<mpc::ExtractOp, mpc::OpenFreeOp>(op);
  return passes_on && op->getNumOperands() == 1 && TellsOfMask(op->getOperand(0));
}

LogicalResult CheckReveal(mpc::RevealOp op, const InputDependence& dependence) {
  if (TellsOfMask(op.getInput()))
    return op.emitOpError(
        "reveals what digits say beside those of a mask: that is no function of the value alone "
        "before borrows are taken into account");
  if (!dependence.IsWhole(op.getInput()))
    return op.emitOpError(
        "reveals elements that do not depend on the input of P1: they are the model's own");
  if (!MovesWithInput(op, dependence))
    return op.emitOpError(
        "reveals elements that no input of P1 moves, though they are computed with it: they are "
        "the "
        "model's own");
  for (mlir::Operation* user : op->getUsers())
    if (!llvm::isa<mlir::func::ReturnOp>(user)) {
      auto error =
          op.emitOpError("reveals a value that is no result: P1 goes on computing with it");
      error.attachNote(user->getLoc()) << "used here";
      return error;
    }
  if (!op->use_empty()) return success();
  return op.emitOpError("reveals a value that is no result: the function does not return it");
}

LogicalResult CheckPlaintext(mlir::Operation* op) {
  if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op))
    if (!constant.getIsPublic())
      return op->emitOpError(
          "is private to the model owner, but P1 would hold it in the clear; "
          "mark it public or compute with it on shares");
  return success();
}

LogicalResult CheckOperation(mlir::Operation* op, const InputDependence& dependence) {
  if (auto reveal = llvm::dyn_cast<mpc::RevealOp>(op)) return CheckReveal(reveal, dependence);
  llvm::StringRef dialect = op->getName().getDialectNamespace();
  if (dialect == mpc::MpcDialect::getDialectNamespace()) return CheckConcrete(op);
  if (dialect == nn::NnDialect::getDialectNamespace()) return CheckPlaintext(op);
  if (llvm::isa<mlir::func::ReturnOp>(op)) return success();
  return op->emitOpError("has no rule that says who learns its result");
}

// What is P0's alone does not stand in what P1 and P2 run; before the split, constants do.
LogicalResult CheckPlace(mlir::Operation* op, bool split) {
  const mpc::Role role = mpc::RoleOf(op);
  if (role == mpc::Role::kAtP0 || (split && role == mpc::Role::kConstant))
    return op->emitOpError("is P0's alone, but stands in a function that P1 and P2 run");
  if (!split && llvm::isa<mpc::SealedOp>(op))
    return op->emitOpError("stands for integers of an offline function, but there is none");
  return success();
}

// ---- what comes in and what goes out ----

LogicalResult CheckArguments(mlir::func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    mlir::Type type = function.getArgument(i).getType();
    auto share = llvm::dyn_cast<mpc::ShareType>(type);
    if (share && (share.isPrivate() || share.isMask()))
      return function.emitOpError() << "argument " << i << " has type " << type
                                    << ", which P0 alone holds; expected plaintext of P1";
    if (share) continue;  // P1 and P2 hold it already
    auto owner = function.getArgAttrOfType<mlir::StringAttr>(i, nn::kOwnerAttr);
    if (!owner || owner.getValue() != nn::kDataOwner)
      return function.emitOpError()
             << "argument " << i << " has no owner, expected " << nn::kOwnerAttr << " = \""
             << nn::kDataOwner << "\": plaintext is P1's";
  }
  return success();
}

llvm::SmallVector<mlir::Attribute> ResultNames(mlir::func::FuncOp function) {
  llvm::SmallVector<mlir::Attribute> names;
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    names.push_back(function.getResultAttr(i, nn::kNameAttr));
  return names;
}

// Results are those that the model names; one alone needs no name to be told apart.
LogicalResult CheckResults(mlir::func::FuncOp function) {
  if (auto listed = function->getAttrOfType<mlir::ArrayAttr>(nn::kResultsAttr))
    if (listed.getValue() != llvm::ArrayRef(ResultNames(function)))
      return function.emitOpError() << "returns other results than the model, expected " << listed;
  llvm::DenseSet<mlir::Attribute> names;
  for (auto [i, attr] : llvm::enumerate(ResultNames(function))) {
    mlir::Type type = function.getResultTypes()[i];
    if (llvm::isa<mpc::ShareType>(type))
      return function.emitOpError()
             << "returns " << type << " as result " << i << ", expected plaintext that is revealed";
    if (!attr && function.getNumResults() == 1) continue;
    auto name = llvm::dyn_cast_if_present<mlir::StringAttr>(attr);
    if (!name || name.getValue().empty() || !names.insert(name).second)
      return function.emitOpError() << "result " << i << " has no name of its own, expected "
                                    << nn::kNameAttr << ": what the model does not name is hidden";
  }
  return success();
}

LogicalResult CheckIsProgram(mlir::Operation& op) {
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(op);
  if (!function) return op.emitOpError("is no function: a module of programs holds nothing else");
  if (function.isExternal() || function.getBody().hasOneBlock()) return success();
  return op.emitOpError("has several blocks, programs are straight-line code");
}

// Algorithm:
//   1. The module holds functions alone, and marks of leakage where they count.
//   2. Each function alone. Streams: none is used twice. In what P1 and P2 run: every operation
//      says what it opens, plaintext at P1 is P1's or public, named results alone are revealed, and
//      depend on P1's input. Decisions that looked at private numbers are of the kinds allowed, and
//      so is rounding at random.
//   3. After hoist-to-offline: the two halves of each program fit, and weights agree between them.
//   4. All programs have the same results.
//   5. What is left to learn becomes `mpc.disclosures`.
struct VerifyNoLeak : impl::VerifyNoLeakBase<VerifyNoLeak> {
  using VerifyNoLeakBase::VerifyNoLeakBase;

  void runOnOperation() override {
    if (failed(Check())) return signalPassFailure();
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      if (!function.isExternal() && !IsOfflineFunction(function)) Disclose(function);
  }

  LogicalResult Check() {
    if (failed(CheckLeakMarks(getOperation()))) return failure();
    for (mlir::Operation& op : *getOperation().getBody())
      if (failed(CheckIsProgram(op))) return failure();
    bool leaks = false;
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      leaks |= !function.isExternal() && failed(CheckFunction(function));
    return leaks ? failure() : CheckTogether();
  }

  LogicalResult CheckFunction(mlir::func::FuncOp function) {
    const bool offline = IsOfflineFunction(function), split = offline || IsSplit(function);
    if (!offline && (failed(CheckArguments(function)) || failed(CheckResults(function)) ||
                     failed(CheckCoins(function))))
      return failure();
    StreamChecker streams(split);
    const InputDependence dependence(function);
    mlir::WalkResult result = function.walk([&](mlir::Operation* op) {
      bool fine = succeeded(streams.Check(op)) && succeeded(CheckDeclared(op));
      if (!offline && op != function)
        fine =
            fine && succeeded(CheckPlace(op, split)) && succeeded(CheckOperation(op, dependence));
      return fine ? mlir::WalkResult::advance() : mlir::WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult CheckTogether() {
    const auto programs = CheckPartners(getOperation());
    if (failed(programs)) return failure();
    for (SplitProgram program : *programs)
      if (failed(CheckHalves(program))) return failure();
    return failed(CheckWeights(*programs)) ? failure() : CheckSameResults();
  }

  LogicalResult CheckSameResults() {
    mlir::func::FuncOp first;
    for (auto function : getOperation().getOps<mlir::func::FuncOp>()) {
      if (function.isExternal() || IsOfflineFunction(function)) continue;
      if (!first) first = function;
      if (ResultNames(function) != ResultNames(first))
        return function.emitOpError() << "has other results than '" << first.getName()
                                      << "': programs of one model return the same";
    }
    return success();
  }

  LogicalResult CheckCoins(mlir::func::FuncOp function) {
    return llvm::is_contained(allow, kRoundingCoinsLeak) ? success() : CheckRoundsExactly(function);
  }

  LogicalResult CheckDeclared(mlir::Operation* op) {
    for (const std::string& kind : DeclaredLeaksOf(op))
      if (!llvm::is_contained(allow, kind))
        return op->emitError() << "was decided by looking at private numbers, which is leakage of "
                               << "kind '" << kind << "'; the model owner can allow it with "
                               << "--allow-leak=" << kind;
    return success();
  }

  void Disclose(mlir::func::FuncOp function) {
    function->setAttr(mpc::kDisclosuresAttr, Disclosures(function));
  }
};

}  // namespace
}  // namespace mpcc
