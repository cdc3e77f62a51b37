// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/disclosures.h"

#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "passes/leak/leak_marks.h"
#include "passes/leak/rounding_coins.h"
#include "passes/mpc/passes.h"

namespace mpcc {
namespace {

using mpc::Party;
using Kind = mpc::DisclosureKind;

// Vectors that go over the wire, and their elements.
struct Tally {
  int64_t vectors = 0;
  int64_t elements = 0;

  void Add(mlir::Value value) {
    ++vectors;
    if (auto share = llvm::dyn_cast<mpc::ShareType>(value.getType()))
      elements += share.numElements();
    else
      elements += llvm::cast<mlir::ShapedType>(value.getType()).getNumElements();
  }
};

template <typename Op>
Tally TallyResults(mlir::func::FuncOp function) {
  Tally tally;
  function.walk([&](Op op) {
    for (mlir::Value result : op->getResults()) tally.Add(result);
  });
  return tally;
}

// An operation with a result for each operand hands the noise on one by one.
bool CarriesRoundingNoise(mlir::Value value) {
  auto op = value.getDefiningOp<mpc::ProtocolOp>();
  if (!op || op.getNoise() == mpc::Noise::kNone) return false;
  if (op.getNoise() == mpc::Noise::kFresh) return true;
  if (op->getNumOperands() != op->getNumResults())
    return llvm::any_of(op->getOperands(), CarriesRoundingNoise);
  return CarriesRoundingNoise(op->getOperand(llvm::cast<mlir::OpResult>(value).getResultNumber()));
}

// Collects what single parties learn, in the order of the calls.
class Table {
 public:
  explicit Table(mlir::MLIRContext* context) : context_(context) {}

  void Add(std::initializer_list<Party> parties, Kind kind, const Tally& tally = {},
           mlir::Type type = {}, mlir::StringAttr leak = {}) {
    for (Party party : parties)
      rows_.push_back(mpc::DisclosureAttr::get(context_, party, kind, tally.vectors, tally.elements,
                                               type, leak));
  }
  void AddSome(std::initializer_list<Party> parties, Kind kind, const Tally& tally) {
    if (tally.vectors) Add(parties, kind, tally);
  }
  void AddResult(mpc::RevealOp op) {
    const Kind kind = CarriesRoundingNoise(op.getInput()) ? Kind::rounded_result : Kind::result;
    Tally tally;
    tally.Add(op.getInput());
    Add({Party::P1}, kind, tally, op.getInput().getType());
  }
  mlir::ArrayAttr Rows() const { return mlir::ArrayAttr::get(context_, rows_); }

 private:
  mlir::MLIRContext* context_;
  llvm::SmallVector<mlir::Attribute> rows_;
};

}  // namespace

mlir::ArrayAttr Disclosures(mlir::func::FuncOp function) {
  const auto all = {Party::P0, Party::P1, Party::P2};
  Table table(function.getContext());
  table.Add(all, Kind::structure);
  table.Add({Party::P0}, Kind::time);
  table.AddSome({Party::P1, Party::P2}, Kind::openings, TallyResults<mpc::ReshareOp>(function));
  table.AddSome({Party::P2}, Kind::inputs, TallyResults<mpc::InputOp>(function));
  table.AddSome({Party::P1}, Kind::constants, TallyResults<nn::ConstantOp>(function));
  table.AddSome({Party::P1}, Kind::scales, TallyResults<nn::QuantizeOp>(function));
  function.walk([&](mpc::RevealOp op) { table.AddResult(op); });
  for (const std::string& kind : DeclaredLeaks(function))
    table.Add(all, Kind::leak, {}, {}, mlir::StringAttr::get(function.getContext(), kind));
  Tally rounded;
  for (mlir::Operation* op : RandomRoundings(function)) rounded.Add(op->getResult(0));
  if (rounded.vectors)
    table.Add(all, Kind::leak, rounded, {},
              mlir::StringAttr::get(function.getContext(), kRoundingCoinsLeak));
  return table.Rows();
}

}  // namespace mpcc
