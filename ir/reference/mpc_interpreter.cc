// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_interpreter.h"

#include <deque>
#include <optional>

#include "fmt/format.h"
#include "ir/nn/nn.h"
#include "ir/reference/mpc_encoding.h"
#include "ir/reference/mpc_shares.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

mlir::func::FuncOp OfflineOf(mlir::func::FuncOp function) {
  auto name = function->getAttrOfType<mlir::FlatSymbolRefAttr>(mpc::kOfflineAttr);
  if (!name) return {};
  return mlir::SymbolTable::lookupNearestSymbolFrom<mlir::func::FuncOp>(function, name);
}

// One run: the values, and a frame of the mode over them.
class Run {
 public:
  Run(mlir::func::FuncOp function, const RunOptions& options, Outputs& outputs)
      : options_(options),
        privates_(OfflineOf(function)),
        ideal_(scope_, privates_, options.check_ranges ? &outputs.range_errors : nullptr) {}

  absl::Status Start() {
    if (options_.mode == RunMode::kIdeal) return absl::OkStatus();
    const bool replay = options_.mode == RunMode::kReplay;
    MPCC_ASSIGN_OR_RETURN(
        RandomSource random,
        RandomSource::Create(replay ? options_.keys : KeysFromSeed(options_.seed)));
    shares_.emplace(scope_, privates_, std::move(random),
                    replay ? Numbering::kFromProgram : Numbering::kCounted);
    return absl::OkStatus();
  }

  absl::Status SetArgument(mlir::BlockArgument argument, const LocalTensor& input);
  absl::Status Step(mlir::Operation* op);
  Wire Output(mlir::Value value) const;

 private:
  absl::Status Compute(mlir::Operation* op);
  absl::Status ComputeLocal(mlir::Operation* op);
  void Observe(mlir::Operation* op) const;
  void Replace(mlir::Operation* op);
  Components Shown(mlir::Value value) const;

  const RunOptions& options_;
  Scope scope_;
  PrivateValues privates_;
  IdealFrame ideal_;
  std::optional<ShareFrame> shares_;
};

std::vector<int64_t> ShapeOfType(mlir::Type type) {
  if (auto share = llvm::dyn_cast<mpc::ShareType>(type)) return share.getShape().vec();
  return llvm::cast<mlir::ShapedType>(type).getShape().vec();
}

absl::Status CheckInput(mlir::BlockArgument argument, const LocalTensor& input) {
  mlir::Type type = argument.getType();
  const bool real = llvm::isa<mlir::ShapedType>(type) &&
                    llvm::cast<mlir::ShapedType>(type).getElementType().isF32();
  if (input.shape == ShapeOfType(type) && real == input.is_float()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "input {} has another shape or element type than the argument", argument.getArgNumber()));
}

absl::Status Run::SetArgument(mlir::BlockArgument argument, const LocalTensor& input) {
  MPCC_RETURN_IF_ERROR(CheckInput(argument, input));
  auto type = llvm::dyn_cast<mpc::ShareType>(argument.getType());
  if (!type) {
    scope_.Set(argument, input);
  } else if (!shares_) {
    ideal_.Set(argument, Exact(input.ints().begin(), input.ints().end()));
  } else if (options_.mode == RunMode::kRandom && (type.isAdd() || type.isRss())) {
    shares_->SetShared(argument, Integers(input));
  } else {
    return absl::InvalidArgumentError(fmt::format(
        "input {} is a sharing, expected plaintext in a replay", argument.getArgNumber()));
  }
  return absl::OkStatus();
}

// P1's plaintext, by the nn interpreter.
absl::Status Run::ComputeLocal(mlir::Operation* op) {
  std::deque<LocalTensor> constants;
  llvm::SmallVector<const LocalTensor*> operands;
  for (mlir::Value operand : op->getOperands()) {
    if (auto constant = operand.getDefiningOp<nn::ConstantOp>()) {
      MPCC_ASSIGN_OR_RETURN(LocalTensor tensor, nn::GetConstantTensor(constant));
      operands.push_back(&constants.emplace_back(std::move(tensor)));
    } else {
      operands.push_back(&scope_.Local(operand));
    }
  }
  MPCC_ASSIGN_OR_RETURN(LocalTensor result, nn::EvaluateNn(op, operands));
  scope_.Set(op->getResult(0), std::move(result));
  return absl::OkStatus();
}

absl::Status Run::Compute(mlir::Operation* op) {
  if (llvm::isa<mpc::ConstantOp, mpc::SealedOp, nn::ConstantOp>(op))
    return absl::OkStatus();  // read where they are used
  if (llvm::isa<nn::NnDialect>(op->getDialect())) return ComputeLocal(op);
  return shares_ ? RunOnShares(*shares_, op) : RunIdeal(ideal_, op);
}

Components Run::Shown(mlir::Value value) const {
  if (shares_) return scope_.Shares(value);
  return IdealComponents(scope_.Ideal(value),
                         llvm::cast<mpc::ShareType>(value.getType()).getKind());
}

void Run::Observe(mlir::Operation* op) const {
  for (mlir::OpResult result : op->getResults()) {
    if (!scope_.Contains(result)) continue;
    const bool shared = llvm::isa<mpc::ShareType>(result.getType());
    if (shared && options_.observer) options_.observer(op, result.getResultNumber(), Shown(result));
    if (!shared && options_.local_observer)
      options_.local_observer(op, result.getResultNumber(), scope_.Local(result));
  }
}

void Run::Replace(mlir::Operation* op) {
  if (!options_.replacer || shares_) return;
  for (mlir::OpResult result : op->getResults()) {
    if (!llvm::isa<mpc::ShareType>(result.getType()) || !scope_.Contains(result)) continue;
    const std::vector<int64_t> values = options_.replacer(op, result.getResultNumber());
    if (!values.empty()) ideal_.Set(result, Exact(values.begin(), values.end()));
  }
}

absl::Status Run::Step(mlir::Operation* op) {
  MPCC_RETURN_IF_ERROR(Compute(op));
  Observe(op);
  Replace(op);
  return absl::OkStatus();
}

Wire Run::Output(mlir::Value value) const {
  if (llvm::isa<mpc::ShareType>(value.getType())) return Shown(value);
  return scope_.Local(value);
}

}  // namespace

absl::StatusOr<Outputs> RunMpc(mlir::func::FuncOp function, const std::vector<LocalTensor>& inputs,
                               const RunOptions& options) {
  if (inputs.size() != function.getNumArguments())
    return absl::InvalidArgumentError(fmt::format("{} inputs for a function of {} arguments",
                                                  inputs.size(), function.getNumArguments()));
  Outputs outputs;
  Run run(function, options, outputs);
  MPCC_RETURN_IF_ERROR(run.Start());
  for (mlir::BlockArgument argument : function.getArguments())
    MPCC_RETURN_IF_ERROR(run.SetArgument(argument, inputs[argument.getArgNumber()]));
  mlir::Block& body = function.getBody().front();
  for (mlir::Operation& op : body.without_terminator()) MPCC_RETURN_IF_ERROR(run.Step(&op));
  for (mlir::Value value : body.getTerminator()->getOperands())
    outputs.values.push_back(run.Output(value));
  return outputs;
}

}  // namespace mpcc::reference
