// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/visibility.h"

#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "mlir/Analysis/DataFlow/DeadCodeAnalysis.h"
#include "mlir/Analysis/DataFlow/SparseAnalysis.h"

namespace mpcc::nn {
namespace {

using mlir::Operation;
using mlir::Value;

Visibility Join(Visibility a, Visibility b) {
  return static_cast<Visibility>(static_cast<uint8_t>(a) | static_cast<uint8_t>(b));
}

Visibility OfArgument(mlir::BlockArgument argument) {
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(argument.getOwner()->getParentOp());
  const bool data = function && function.getArgAttr(argument.getArgNumber(), kOwnerAttr);
  return data ? Visibility::kData : Visibility::kSecret;
}

// The operands that decide about the results of an operation: those of a map are what its body
// yields.
mlir::ValueRange Sources(Operation* op) {
  auto map = llvm::dyn_cast<MapOp>(op);
  return map && !map.getBody().empty() ? map.getBody().front().getTerminator()->getOperands()
                                       : op->getOperands();
}

// The transfer function.
Visibility OfResults(Operation* op, llvm::ArrayRef<Visibility> sources, Unmarked unmarked) {
  if (auto constant = llvm::dyn_cast<ConstantOp>(op))
    return constant.getIsPublic() ? Visibility::kPublic : Visibility::kPrivate;
  auto joined = Visibility::kPublic;
  for (Visibility source : sources) joined = Join(joined, source);
  // A product with a parameter is where the model owner's part begins.
  const bool opens = unmarked == Unmarked::kUndecided && !llvm::isa<LinearOp, MatMulOp>(op) &&
                     joined == Visibility::kSecret &&
                     !llvm::is_contained(sources, Visibility::kSecret);
  return opens ? Visibility::kData : joined;
}

// Nothing until the solver has come by.
struct State {
  std::optional<Visibility> visibility;

  static State join(const State& a, const State& b) {
    if (!a.visibility || !b.visibility) return a.visibility ? a : b;
    return {Join(*a.visibility, *b.visibility)};
  }
  bool operator==(const State& other) const { return visibility == other.visibility; }
  void print(llvm::raw_ostream& os) const { os << (visibility ? NameOf(*visibility) : "unknown"); }
};

using Lattice = mlir::dataflow::Lattice<State>;

class Propagation : public mlir::dataflow::SparseForwardDataFlowAnalysis<Lattice> {
 public:
  Propagation(mlir::DataFlowSolver& solver, Unmarked unmarked)
      : SparseForwardDataFlowAnalysis(solver), unmarked_(unmarked) {}

  void visitOperation(Operation* op, llvm::ArrayRef<const Lattice*>,
                      llvm::ArrayRef<Lattice*> results) override {
    llvm::SmallVector<Visibility> sources;
    for (Value source : Sources(op)) {
      const auto known = getLatticeElementFor(op, source)->getValue().visibility;
      if (!known) return;  // this is called again
      sources.push_back(*known);
    }
    for (Lattice* result : results)
      propagateIfChanged(result, result->join(State{OfResults(op, sources, unmarked_)}));
  }

  void visitNonControlFlowArguments(Operation* op, const mlir::RegionSuccessor&,
                                    llvm::ArrayRef<Lattice*> arguments, unsigned) override {
    if (!llvm::isa<MapOp>(op)) return setAllToEntryStates(arguments);
    const Lattice* operand = getLatticeElementFor(&op->getRegion(0).front(), op->getOperand(0));
    for (Lattice* argument : arguments)
      propagateIfChanged(argument, argument->join(operand->getValue()));
  }

  void setToEntryState(Lattice* lattice) override {
    auto argument = llvm::dyn_cast<mlir::BlockArgument>(lattice->getPoint());
    const State state{argument ? OfArgument(argument) : Visibility::kSecret};
    propagateIfChanged(lattice, lattice->join(state));
  }

 private:
  Unmarked unmarked_;
};

}  // namespace

llvm::StringRef NameOf(Visibility visibility) {
  static constexpr llvm::StringLiteral kNames[] = {"public", "data", "private", "secret"};
  return kNames[static_cast<int>(visibility)];
}

VisibilityAnalysis::VisibilityAnalysis(mlir::func::FuncOp function, Unmarked unmarked)
    : unmarked_(unmarked) {
  mlir::DataFlowSolver solver(mlir::DataFlowConfig().setInterprocedural(false));
  solver.load<mlir::dataflow::DeadCodeAnalysis>();  // the framework visits no block without it
  solver.load<Propagation>(unmarked);
  if (mlir::failed(solver.initializeAndRun(function))) return;  // then all is secret
  auto note = [&](Value value) {
    const auto* lattice = solver.lookupState<Lattice>(value);
    if (lattice && lattice->getValue().visibility) known_[value] = *lattice->getValue().visibility;
  };
  function.walk([&](mlir::Block* block) { llvm::for_each(block->getArguments(), note); });
  function.walk([&](Operation* op) { llvm::for_each(op->getResults(), note); });
}

Visibility VisibilityAnalysis::Of(Value value) const {
  auto found = known_.find(value);
  return found == known_.end() ? Visibility::kSecret : found->second;
}

bool VisibilityAnalysis::EntersSecrets(Value value) const {
  return !IsVisible(value) || llvm::any_of(value.getUsers(), [this](Operation* user) {
    return user->getNumResults() == 1 && !IsVisible(user->getResult(0));
  });
}

void VisibilityAnalysis::notifyOperationInserted(Operation* op, mlir::OpBuilder::InsertPoint) {
  notifyOperationModified(op);
}

void VisibilityAnalysis::notifyOperationModified(Operation* op) {
  llvm::SmallVector<Operation*> open{op};
  auto set = [&](Value value, Visibility visibility) {
    const auto [place, is_new] = known_.try_emplace(value, visibility);
    if (!is_new && place->second == visibility) return;
    place->second = visibility;
    open.append(value.user_begin(), value.user_end());
  };
  while (!open.empty()) {
    Operation* next = open.pop_back_val();
    if (llvm::isa<YieldOp>(next)) next = next->getParentOp();
    if (auto map = llvm::dyn_cast<MapOp>(next); map && !map.getBody().empty())
      set(map.getBody().getArgument(0), Of(map.getInput()));
    const auto sources = llvm::map_to_vector(Sources(next), [&](Value v) { return Of(v); });
    const Visibility visibility = OfResults(next, sources, unmarked_);
    for (Value result : next->getResults()) set(result, visibility);
  }
}

void VisibilityAnalysis::notifyOperationErased(Operation* op) {
  for (Value result : op->getResults()) known_.erase(result);
}

}  // namespace mpcc::nn
