// SPDX-License-Identifier: Apache-2.0
#include "test/leak/mutations.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "ir/mpc/mpc.h"
#include "ir/nn/types.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/raw_ostream.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "test/leak/parameters.h"

namespace mpcc::leak {
namespace {

using mlir::Operation;
using mlir::func::FuncOp;
using Ops = std::vector<Operation*>;

// Operations of all functions in the order of the module: the same in every copy.
Ops OpsOf(mlir::ModuleOp module) {
  Ops ops;
  module.walk([&](Operation* op) {
    if (!llvm::isa<FuncOp, mlir::ModuleOp>(op)) ops.push_back(op);
  });
  return ops;
}

FuncOp FunctionOf(Operation* op) { return op->getParentOfType<FuncOp>(); }
bool IsOffline(Operation* op) { return FunctionOf(op)->hasAttr("mpc.online"); }

// The online function of an operation's program.
mlir::StringRef ProgramOf(Operation* op) {
  auto online = FunctionOf(op)->getAttrOfType<mlir::FlatSymbolRefAttr>("mpc.online");
  return online ? online.getValue() : FunctionOf(op).getName();
}

std::vector<int64_t> StreamsOf(Operation* op) {
  auto attr = op->getAttrOfType<mlir::DenseI64ArrayAttr>("streams");
  return attr ? attr.asArrayRef().vec() : std::vector<int64_t>();
}

void SetStreams(Operation* op, const std::vector<int64_t>& streams) {
  op->setAttr("streams", mlir::DenseI64ArrayAttr::get(op->getContext(), streams));
}

std::string Text(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  return text;
}

enum class ProgramHalf { kOnline, kOffline, kBoth };
constexpr std::pair<ProgramHalf, const char*> kHalves[] = {{ProgramHalf::kOnline, "online"},
                                                           {ProgramHalf::kOffline, "at P0"},
                                                           {ProgramHalf::kBoth, "in both halves"}};

bool IsIn(ProgramHalf half, Operation* op) {
  return half == ProgramHalf::kBoth || IsOffline(op) == (half == ProgramHalf::kOffline);
}

class Mutator {
 public:
  explicit Mutator(mlir::ModuleOp base) : base_(base), ops_(OpsOf(base)) {
    seen_.insert(Text(base));
  }

  // Mutants that are no modules are dropped without a word.
  std::vector<Mutant> Run() {
    mlir::ScopedDiagnosticHandler quiet(base_.getContext(),
                                        [](mlir::Diagnostic&) { return mlir::success(); });
    RenumberStreams();
    SwapStreams();
    RenumberWeights();
    ChangeDraws();
    ChangeDeals();
    ReplaceOperands();
    ChangeIntegers();
    ChangeLists();
    UnsealConstants();
    RevealMore();
    GiveP0More();
    Crosswise();
    AppendToResult();
    AddWhatNobodyUses();
    return std::move(mutants_);
  }

 private:
  // Copies the base, changes the copy, and keeps it if it verifies and is new.
  void Add(const char* kind, std::string what,
           const std::function<void(mlir::ModuleOp, const Ops&)>& change) {
    mlir::OwningOpRef<mlir::ModuleOp> copy(base_.clone());
    change(*copy, OpsOf(*copy));
    if (mlir::failed(mlir::verify(*copy)) || !seen_.insert(Text(*copy)).second) return;
    mutants_.push_back({kind, std::move(what), std::move(copy)});
  }

  std::set<int64_t> UsedStreams(mlir::StringRef program) const {
    std::set<int64_t> used;
    for (Operation* op : ops_)
      if (ProgramOf(op) == program)
        for (int64_t stream : StreamsOf(op)) used.insert(stream);
    return used;
  }

  std::set<mlir::StringRef> Programs() const {
    std::set<mlir::StringRef> programs;
    for (Operation* op : ops_) programs.insert(ProgramOf(op));
    return programs;
  }

  // map(stream) in the given half of a program.
  static void Renumber(const Ops& ops, mlir::StringRef program, ProgramHalf half,
                       const std::function<int64_t(int64_t)>& map) {
    for (Operation* op : ops) {
      std::vector<int64_t> streams = StreamsOf(op);
      if (streams.empty() || ProgramOf(op) != program || !IsIn(half, op)) continue;
      for (int64_t& stream : streams) stream = map(stream);
      SetStreams(op, streams);
    }
  }

  // A number becomes another: a free one, another's, or another's alias.
  void RenumberStreams() {
    constexpr int64_t kFree[] = {77, 4242, int64_t{1} << 31, 0xffffffff};
    for (mlir::StringRef program : Programs()) {
      const std::set<int64_t> used = UsedStreams(program);
      std::set<int64_t> targets(used);
      targets.insert(std::begin(kFree), std::end(kFree));
      targets.insert(*used.begin() + (int64_t{1} << 32));
      for (int64_t from : used)
        for (int64_t to : targets)
          for (auto [half, where] : kHalves)
            Add("renumber a stream", fmt::format("{} is {} {}", from, to, where),
                [&, half = half](mlir::ModuleOp, const Ops& ops) {
                  Renumber(ops, program, half, [&](int64_t s) { return s == from ? to : s; });
                });
    }
  }

  void SwapStreams() {
    for (mlir::StringRef program : Programs()) {
      const std::set<int64_t> used = UsedStreams(program);
      for (int64_t a : used)
        for (int64_t b : used)
          for (auto [half, where] : kHalves)
            if (a < b)
              Add("swap streams", fmt::format("{} and {} {}", a, b, where),
                  [&, half = half](mlir::ModuleOp, const Ops& ops) {
                    Renumber(ops, program, half, [&](int64_t s) {
                      return s == a ? b : s == b ? a : s;
                    });
                  });
    }
  }

  void RenumberWeights() {
    std::set<int64_t> used;
    for (Operation* op : ops_)
      if (auto stream = ParamOf(op, "weight_stream")) used.insert(*stream);
    std::set<int64_t> targets(used);
    for (int64_t stream : used) targets.insert({stream + 9, stream + (int64_t{1} << 32)});
    for (int64_t from : used)
      for (int64_t to : targets)
        for (auto [half, where] : kHalves)
          Add("renumber a weight", fmt::format("{} is {} {}", from, to, where),
              [&, half = half](mlir::ModuleOp, const Ops& ops) {
                for (Operation* op : ops)
                  if (ParamOf(op, "weight_stream") == from && IsIn(half, op))
                    SetParam(op, "weight_stream", to);
              });
  }

  void ChangeDraws() {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (llvm::isa<mpc::MaskOp>(ops_[i]))
        Add("kind of a mask", fmt::format("operation {}", i), [&](mlir::ModuleOp, const Ops& ops) {
          auto draw = llvm::cast<mpc::MaskOp>(ops[i]);
          draw.setIsInput(!draw.getIsInput());
        });
      if (llvm::isa<mpc::InputOp, mpc::ReshareOp>(ops_[i]))
        Add("drop a mask", fmt::format("operation {}", i),
            [&](mlir::ModuleOp, const Ops& ops) { ops[i]->removeAttr("streams"); });
    }
  }

  void ChangeDeals() {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (!llvm::isa<mpc::DealOp>(ops_[i])) continue;
      Add("drop a deal", fmt::format("operation {}", i),
          [&](mlir::ModuleOp, const Ops& ops) { ops[i]->erase(); });
      Add("deal twice", fmt::format("operation {}", i),
          [&](mlir::ModuleOp, const Ops& ops) { mlir::OpBuilder(ops[i]).clone(*ops[i]); });
      for (size_t j = i + 1; j < ops_.size(); ++j)
        if (llvm::isa<mpc::DealOp>(ops_[j]) && FunctionOf(ops_[i]) == FunctionOf(ops_[j]))
          Add("deal in another order", fmt::format("operations {} and {}", i, j),
              [&](mlir::ModuleOp, const Ops& ops) { ops[i]->moveAfter(ops[j]); });
    }
  }

  // An operand becomes any other value of its type that is there.
  void ReplaceOperands() {
    for (size_t i = 0; i < ops_.size(); ++i)
      for (size_t k = 0; k < ops_[i]->getNumOperands(); ++k)
        for (size_t j = 0; j < i; ++j)
          for (size_t r = 0; r < ops_[j]->getNumResults(); ++r)
            if (FunctionOf(ops_[i]) == FunctionOf(ops_[j]) &&
                ops_[i]->getOperand(k).getType() == ops_[j]->getResult(r).getType())
              Add(llvm::isa<mpc::RevealOp>(ops_[i]) ? "reveal another value" : "another operand",
                  fmt::format("{} of operation {} is result {} of {}", k, i, r, j),
                  [&](mlir::ModuleOp, const Ops& ops) {
                    ops[i]->setOperand(k, ops[j]->getResult(r));
                  });
  }

  // Public summands, factors and windows, in one half and in both.
  void ChangeIntegers() {
    for (mlir::StringRef name : {"shift", "value"})
      for (size_t i = 0; i < ops_.size(); ++i) {
        const auto has = [&](Operation* op) { return ParamOf(op, name).has_value(); };
        if (!has(ops_[i])) continue;
        for (int64_t value = 0; value < 4; ++value) {
          Add("parameter of one half",
              fmt::format("{} of operation {} is {}", name.str(), i, value),
              [&](mlir::ModuleOp, const Ops& ops) { SetParam(ops[i], name, value); });
          Add("parameter of both halves", fmt::format("{} is {}", name.str(), value),
              [&](mlir::ModuleOp, const Ops& ops) {
                for (Operation* op : ops)
                  if (has(op)) SetParam(op, name, value);
              });
        }
      }
  }

  // A number more or less in the lists that P0 deals by, in one half.
  void ChangeLists() {
    for (mlir::StringRef name : {"digits", "terms"})
      for (size_t i = 0; i < ops_.size(); ++i) {
        const std::vector<int64_t> list = ListOf(ops_[i], name);
        for (size_t k = 0; k < list.size(); ++k)
          for (int64_t step : {-1, 1})
            Add("list of one half",
                fmt::format("{} {} of operation {} by {}", name.str(), k, i, step),
                [&](mlir::ModuleOp, const Ops& ops) {
                  std::vector<int64_t> changed = list;
                  changed[k] += step;
                  SetList(ops[i], name, changed);
                });
      }
  }

  // The private constants stand in what P1 and P2 run.
  void UnsealConstants() {
    for (size_t i = 0; i < ops_.size(); ++i)
      for (size_t j = 0; j < ops_.size(); ++j)
        if (llvm::isa<mpc::SealedOp>(ops_[i]) && llvm::isa<mpc::ConstantOp>(ops_[j]) &&
            ops_[i]->getResult(0).getType() == ops_[j]->getResult(0).getType())
          Add("private constant made public", fmt::format("{} is {}", i, j),
              [&](mlir::ModuleOp, const Ops& ops) {
                Operation* copy = mlir::OpBuilder(ops[i]).clone(*ops[j]);
                ops[i]->replaceAllUsesWith(copy);
                ops[i]->erase();
              });
  }

  // Reveals a value behind its definition; as a result with that name, or for nobody.
  static void Reveal(mlir::Value value, mlir::StringRef name) {
    mlir::OpBuilder builder(value.getDefiningOp());
    builder.setInsertionPointAfterValue(value);
    auto share = llvm::cast<mpc::ShareType>(value.getType());
    auto type = mlir::RankedTensorType::get(share.getShape(), builder.getF32Type());
    mlir::Value revealed = builder.create<mpc::RevealOp>(value.getLoc(), type, value, 0);
    FuncOp function = FunctionOf(value.getDefiningOp());
    if (name == "nobody") return;
    const unsigned index = function.getNumResults();
    function.insertResult(index, type, {});
    if (!name.empty()) function.setResultAttr(index, nn::kNameAttr, builder.getStringAttr(name));
    Operation* end = function.getBody().front().getTerminator();
    end->insertOperands(end->getNumOperands(), revealed);
  }

  void RevealMore() {
    for (size_t i = 0; i < ops_.size(); ++i)
      for (size_t r = 0; r < ops_[i]->getNumResults(); ++r) {
        mlir::Value value = ops_[i]->getResult(r);
        auto type = llvm::dyn_cast<mpc::ShareType>(value.getType());
        const bool late = llvm::any_of(value.getUsers(), llvm::IsaPred<mpc::RevealOp>);
        if (!type || !type.isAdd() || late) continue;
        for (const char* name : {"", "hidden", "y", "nobody"})
          Add("reveal early", fmt::format("result {} of {} as '{}'", r, i, name),
              [&](mlir::ModuleOp, const Ops& ops) { Reveal(ops[i]->getResult(r), name); });
      }
  }

  void GiveP0More() {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (!llvm::isa<mlir::func::ReturnOp>(ops_[i]) || !IsOffline(ops_[i])) continue;
      for (bool share : {false, true})
        Add("online operation at P0", fmt::format("{} {}", i, share),
            [&](mlir::ModuleOp module, const Ops& ops) {
              FuncOp offline = FunctionOf(ops[i]);
              FuncOp online = module.lookupSymbol<FuncOp>(ProgramOf(ops[i]));
              auto type = llvm::cast<mlir::RankedTensorType>(online.getArgumentTypes()[0]);
              offline.insertArgument(0, type, {}, offline.getLoc());
              if (!share) return;
              mlir::OpBuilder builder(ops[i]);
              mlir::Type shared =
                  mpc::ShareType::get(builder.getContext(), mpc::ShareKind::rss, type.getShape(),
                                      type.getElementTypeBitWidth());
              builder.create<mpc::InputOp>(offline.getLoc(), mlir::TypeRange(shared),
                                           mlir::ValueRange(offline.getArgument(0)),
                                           builder.getDenseI64ArrayAttr({500}));
            });
    }
  }

  // Halves of different programs.
  void Crosswise() {
    const std::set<mlir::StringRef> programs = Programs();
    for (mlir::StringRef a : programs)
      for (mlir::StringRef b : programs)
        if (a != b)
          Add("halves of two programs", fmt::format("{} {}", a.str(), b.str()),
              [&](mlir::ModuleOp module, const Ops&) {
                FuncOp from = module.lookupSymbol<FuncOp>(b);
                module.lookupSymbol<FuncOp>(a)->setAttr("mpc.offline",
                                                        from->getAttr("mpc.offline"));
              });
  }

  // A public function of the result, or of what comes in, tells nothing new.
  void AppendToResult() {
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (!llvm::isa<mpc::RevealOp>(ops_[i])) continue;
      const auto insert = [&](const char* what, auto make) {
        Add("function of the result", fmt::format("{} before {}", what, i),
            [&](mlir::ModuleOp, const Ops& ops) {
              mlir::OpBuilder builder(ops[i]);
              mlir::Value in = ops[i]->getOperand(0);
              ops[i]->setOperand(0, make(builder, in));
            });
      };
      for (int64_t c = 1; c < 16; ++c) {
        insert(fmt::format("add {}", c).c_str(), [&](mlir::OpBuilder& b, mlir::Value in) {
          return b.create<mpc::AddPublicOp>(in.getLoc(), in.getType(), in, c).getResult();
        });
        if (c % 2 == 0) continue;  // what it makes zero does not depend on the input
        insert(fmt::format("mul {}", c).c_str(), [&](mlir::OpBuilder& b, mlir::Value in) {
          return b.create<mpc::MulPublicOp>(in.getLoc(), in.getType(), in, c).getResult();
        });
      }
      insert("double", [&](mlir::OpBuilder& b, mlir::Value in) {
        return b.create<mpc::AddOp>(in.getLoc(), in.getType(), in, in).getResult();
      });
      insert("resize", [&](mlir::OpBuilder& b, mlir::Value in) {
        auto type = llvm::cast<mpc::ShareType>(in.getType());
        return b.create<mpc::ResizeOp>(in.getLoc(), type.withWidth(1), in).getResult();
      });
    }
  }

  // Copies of operations without effects, at P0 and online: nobody reads them.
  void AddWhatNobodyUses() {
    for (size_t i = 0; i < ops_.size(); ++i)
      if (llvm::isa<mpc::SealedOp, mpc::ConstantOp, mpc::OpenFreeOp, mpc::AddPublicOp,
                    mpc::MulPublicOp, mpc::AddOp, mpc::InputLocalOp, mpc::ResizeOp>(ops_[i]) &&
          (IsOffline(ops_[i]) || !llvm::isa<mpc::ConstantOp>(ops_[i])))
        Add("unused copy", fmt::format("operation {}", i),
            [&](mlir::ModuleOp, const Ops& ops) { mlir::OpBuilder(ops[i]).clone(*ops[i]); });
  }

  mlir::ModuleOp base_;
  Ops ops_;
  std::set<std::string> seen_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> MutantsOf(mlir::ModuleOp module) { return Mutator(module).Run(); }

}  // namespace mpcc::leak
