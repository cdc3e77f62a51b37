// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/mpc/disclosures.h"
#include "passes/mpc/openings.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_VERIFYNOLEAK
#include "passes/mpc/passes.h.inc"

namespace {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

// Left by hoist-to-offline on the function it split off for P0, and on the online one.
constexpr llvm::StringLiteral kOnlineAttr = "mpc.online";
constexpr llvm::StringLiteral kOfflineAttr = "mpc.offline";

bool IsOfflineFunction(mlir::func::FuncOp function) { return function->hasAttr(kOnlineAttr); }
bool IsSplit(mlir::func::FuncOp function) { return function->hasAttr(kOfflineAttr); }

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
    if (!linear || !linear.getWeightStream()) return success();
    return TakeOnce(*linear.getWeightStream(), op, weight_streams_, "weight stream");
  }

 private:
  using Owners = llvm::DenseMap<int64_t, mlir::Operation*>;

  static LogicalResult TakeOnce(int64_t stream, mlir::Operation* op, Owners& owners,
                                llvm::StringRef what) {
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

LogicalResult CheckReveal(mpc::RevealOp op) {
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

LogicalResult CheckOwners(mlir::func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    if (llvm::isa<mpc::ShareType>(function.getArgument(i).getType())) continue;
    auto owner = function.getArgAttrOfType<mlir::StringAttr>(i, nn::kOwnerAttr);
    if (!owner || owner.getValue() != nn::kDataOwner)
      return function.emitOpError()
             << "argument " << i << " has no owner, expected " << nn::kOwnerAttr << " = \""
             << nn::kDataOwner << "\": plaintext is P1's";
  }
  return success();
}

LogicalResult CheckOperation(mlir::Operation* op) {
  if (auto reveal = llvm::dyn_cast<mpc::RevealOp>(op)) return CheckReveal(reveal);
  llvm::StringRef dialect = op->getName().getDialectNamespace();
  if (dialect == mpc::MpcDialect::getDialectNamespace()) return CheckConcrete(op);
  if (dialect == nn::NnDialect::getDialectNamespace()) return CheckPlaintext(op);
  if (llvm::isa<mlir::func::ReturnOp>(op)) return success();
  return op->emitOpError("has no rule that says who learns its result");
}

bool IsP0s(mpc::Role role) { return role == mpc::Role::kConstant || role == mpc::Role::kAtP0; }

LogicalResult CheckSplit(mlir::Operation* op, bool offline_function) {
  const bool structure = llvm::isa<mlir::func::FuncOp, mlir::func::ReturnOp>(op);
  const mpc::Role role = mpc::RoleOf(op);
  if (!offline_function && IsP0s(role))
    return op->emitOpError("is P0's alone, but stands in a function that P1 and P2 run");
  if (offline_function && !structure && !IsP0s(role) && role != mpc::Role::kLocal)
    return op->emitOpError("needs P1 or P2, but stands in P0's function");
  return success();
}

// Algorithm, for each function:
//   1. Streams: none is used twice.
//   2. After hoist-to-offline: P0's operations and those of P1 and P2 are apart.
//   3. In what P1 and P2 run: every operation says what it opens, plaintext at P1 is P1's or
//   public,
//      results alone are revealed.
//   4. Decisions that looked at private numbers are of the kinds allowed.
//   5. What is left to learn becomes `mpc.disclosures`.
struct VerifyNoLeak : impl::VerifyNoLeakBase<VerifyNoLeak> {
  using VerifyNoLeakBase::VerifyNoLeakBase;

  void runOnOperation() override {
    bool leaks = false;
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      leaks |= !function.isExternal() && failed(Check(function));
    if (leaks) return signalPassFailure();
  }

  LogicalResult Check(mlir::func::FuncOp function) {
    bool offline = IsOfflineFunction(function), split = offline || IsSplit(function);
    StreamChecker streams(split);
    mlir::WalkResult result = function.walk([&](mlir::Operation* op) {
      bool fine = succeeded(streams.Check(op)) && succeeded(CheckDeclared(op));
      if (split) fine = fine && succeeded(CheckSplit(op, offline));
      if (!offline && op != function) fine = fine && succeeded(CheckOperation(op));
      return fine ? mlir::WalkResult::advance() : mlir::WalkResult::interrupt();
    });
    if (result.wasInterrupted()) return failure();
    return offline ? success() : Disclose(function);
  }

  LogicalResult CheckDeclared(mlir::Operation* op) {
    for (const std::string& kind : DeclaredLeaksOf(op))
      if (!llvm::is_contained(allow, kind))
        return op->emitError() << "was decided by looking at private numbers, which is leakage of "
                               << "kind '" << kind << "'; the model owner can allow it with "
                               << "--allow-leak=" << kind;
    return success();
  }

  LogicalResult Disclose(mlir::func::FuncOp function) {
    if (failed(CheckOwners(function))) return failure();
    std::vector<std::string> lines = Disclosures(function);
    llvm::SmallVector<llvm::StringRef> refs(lines.begin(), lines.end());
    function->setAttr(kDisclosuresAttr, mlir::Builder(&getContext()).getStrArrayAttr(refs));
    return success();
  }
};

}  // namespace
}  // namespace mpcc
