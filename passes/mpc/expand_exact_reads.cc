// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "ir/mpc/exact_read.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"
#include "passes/analysis/cost_of_reads.h"
#include "passes/analysis/round_slack.h"
#include "passes/mpc/passes.h"
#include "passes/policy/policy_attribute.h"
#include "runtime/protocol/bit_polynomial.h"

namespace mpcc {

#define GEN_PASS_DEF_EXPANDEXACTREADS
#include "passes/mpc/passes.h.inc"

namespace {

using mpc::BorrowPolicy;
using mpc::LeadingLutOp;
using mpc::PublicLutOp;
using mpc::SaturateOp;
using mpc::ShareType;
using mpc::TruncateOp;
using Values = llvm::SmallVector<mlir::Value>;

int WidthOf(mlir::Value value) {
  return static_cast<int>(llvm::cast<ShareType>(value.getType()).getWidth());
}

int TopBits(PublicLutOp op) { return static_cast<int>(llvm::Log2_64(op.getValues().size())); }

mpc::Saturation SaturationOf(SaturateOp op) {
  return {static_cast<int>(op.getBits()), static_cast<int64_t>(op.getLeast()),
          static_cast<int64_t>(op.getMost())};
}

// A way to read: how low bits are joined, and whether what saturates is read by digits.
struct Way {
  BorrowPolicy borrow;
  bool by_digits = false;
};

constexpr size_t kJoinedLast = 4, kJoinedLastByBits = 5;  // digits, at most

// `low` bits in as few digits as may be, as equal as may be, wide ones first.
BorrowPolicy DigitsOf(int low, int widest, size_t joined_last, size_t joined_a_round) {
  BorrowPolicy borrow{{}, joined_last, joined_a_round};
  for (int count = (low + widest - 1) / widest; count > 0; --count) {
    borrow.digits.push_back((low + count - 1) / count);
    low -= static_cast<int>(borrow.digits.back());
  }
  return borrow;
}

// All that are compared: wide digits and few rounds, or narrow ones that are joined before. What
// differs in nothing that is emitted stands once.
std::vector<BorrowPolicy> Borrows(int low) {
  std::vector<BorrowPolicy> all;
  if (low == 0) return {BorrowPolicy{}};
  for (int widest = 2; widest <= 6; ++widest)
    for (size_t last = 1; last <= kJoinedLastByBits; ++last)
      for (size_t joined : {3, 4, 5}) {
        BorrowPolicy borrow = DigitsOf(low, widest, last, joined);
        const bool known = llvm::any_of(all, [&](const BorrowPolicy& other) {
          const bool joins = borrow.digits.size() > last;
          return other.digits == borrow.digits &&
                 (joins ? other.joined_last == last && other.joined_a_round == joined
                        : other.joined_last >= other.digits.size());
        });
        if (!known) all.push_back(std::move(borrow));
      }
  return all;
}

// A truncation, a saturation, or functions of the same top bits of one value.
struct Read {
  llvm::SmallVector<mlir::Operation*> ops;
  int slack = 0;  // rounds beyond the first one for which nothing waits

  // What an earlier read may have replaced meanwhile.
  mlir::Value x() const { return ops.front()->getOperand(0); }

  int low() const {
    if (auto saturate = llvm::dyn_cast<SaturateOp>(ops.front()))
      return WidthOf(x()) - static_cast<int>(saturate.getBits());
    auto lut = llvm::dyn_cast<PublicLutOp>(ops.front());
    return WidthOf(x()) - (lut ? TopBits(lut) : WidthOf(ops.front()->getResult(0)));
  }
};

std::vector<Way> Ways(const Read& read) {
  constexpr int kWhole = 9;  // bits of a saturation of which all may be one digit
  std::vector<Way> ways;
  auto saturate = llvm::dyn_cast<SaturateOp>(read.ops.front());
  const bool by_digits = saturate && SaturationOf(saturate).ValueBits();
  for (BorrowPolicy& borrow : Borrows(read.low())) {
    const size_t last = std::min(borrow.joined_last, borrow.digits.size());
    const bool whole = !by_digits || saturate.getBits() <= kWhole;
    if (whole && last <= kJoinedLast) ways.push_back({borrow});
    if (by_digits && borrow.joined_last == 1) ways.push_back({borrow, true});
    borrow.by_bits = true;
    if (whole && !llvm::isa<TruncateOp>(read.ops.front())) ways.push_back({borrow});
  }
  if (by_digits && read.low() == 0) ways.push_back({{}, true});
  return ways;
}

Values Emit(mpc::ExactReader reader, bool by_digits, const Read& read, mlir::Value x,
            mlir::ValueRange factors) {
  if (auto truncate = llvm::dyn_cast<TruncateOp>(read.ops.front()))
    return {reader.Quotient(x, WidthOf(truncate))};
  if (auto saturate = llvm::dyn_cast<SaturateOp>(read.ops.front())) {
    const mpc::Saturation saturation = SaturationOf(saturate);
    const unsigned width = WidthOf(saturate);
    if (by_digits) return {reader.Saturate(x, saturation, width, factors.front())};
    return {reader.Apply(x, saturation.Function(), width, factors.front())};
  }
  llvm::SmallVector<mpc::PublicReading> readings;
  for (auto [op, factor] : llvm::zip(read.ops, factors)) {
    auto lut = llvm::cast<PublicLutOp>(op);
    readings.push_back({{TopBits(lut), lut.getValues().vec(), lut.getLeastUnused()},
                        static_cast<unsigned>(WidthOf(lut)),
                        factor});
  }
  return reader.Apply(x, readings);
}

Values FactorsOf(const Read& read) {
  Values factors;
  for (mlir::Operation* op : read.ops) {
    auto lut = llvm::dyn_cast<PublicLutOp>(op);
    auto saturate = llvm::dyn_cast<SaturateOp>(op);
    factors.push_back(lut ? lut.getFactor() : saturate ? saturate.getFactor() : nullptr);
  }
  return factors;
}

// Whether the protocol has all polynomials that are made.
bool AreWithinBounds(mlir::Block& block) {
  return llvm::all_of(block.getOps<mpc::FromBitsOp>(), [](mpc::FromBitsOp op) {
    const auto planes = llvm::cast<ShareType>(op.getBits().getType());
    return BitPolynomial{op.getTerms(), op.getCoefficients()}
        .Problem(planes.getShape()[0], WidthOf(op.getResult()), op.getConstant() != nullptr)
        .empty();
  });
}

// What it takes on a network, by making it in a block of its own.
double SecondsOf(const Read& read, const Way& way, const NetworkProfile& network) {
  mlir::Block block;
  mlir::OpBuilder builder(read.x().getContext());
  builder.setInsertionPointToEnd(&block);
  const mlir::Location loc = builder.getUnknownLoc();
  Values factors = FactorsOf(read);
  for (mlir::Value& factor : factors)
    if (factor) factor = block.addArgument(factor.getType(), loc);
  const auto x = block.addArgument(
      llvm::cast<ShareType>(read.x().getType()).withKind(mpc::ShareKind::rss), loc);
  Emit({builder, loc, way.borrow}, way.by_digits, read, x, factors);
  if (!AreWithinBounds(block)) return std::numeric_limits<double>::infinity();
  ReadCost cost = CostOfReads(block);
  cost.rounds = std::max<double>(cost.rounds, 1 + read.slack);
  return cost.Seconds(network);
}

// The cheapest way for each kind of read: its types and attributes, and the rounds that are free.
class WayChoice {
 public:
  explicit WayChoice(const NetworkProfile& network) : network_(network) {}

  const Way& For(const Read& read) {
    Kind kind{read.slack, {read.x().getType().getAsOpaquePointer()}};
    for (mlir::Operation* op : read.ops) {
      kind.second.push_back(op->getAttrDictionary().getAsOpaquePointer());
      for (mlir::Type type : op->getResultTypes()) kind.second.push_back(type.getAsOpaquePointer());
      for (mlir::Type type : op->getOperandTypes())
        kind.second.push_back(type.getAsOpaquePointer());
    }
    const auto [entry, is_new] = known_.try_emplace(std::move(kind));
    if (is_new) entry->second = Cheapest(read);
    return entry->second;
  }

 private:
  using Kind = std::pair<int, std::vector<const void*>>;

  Way Cheapest(const Read& read) const {
    Way best;
    double least = std::numeric_limits<double>::infinity();
    for (Way& way : Ways(read))
      if (const double seconds = SecondsOf(read, way, network_);
          std::exchange(least, std::min(least, seconds)) > seconds)
        best = std::move(way);
    return best;
  }

  const NetworkProfile& network_;
  std::map<Kind, Way> known_;
};

// Row scalars are few, so that the low bits are cut into as few digits as one polynomial joins
// beside a bit that their borrow changes, if these do not become too wide.
std::vector<int64_t> LeadingDigits(int low) {
  constexpr int kDigits = static_cast<int>(mpc::kJoinedWithSelector), kWide = 9, kNarrow = 5;
  const int widest = (low + kDigits - 1) / kDigits;
  return DigitsOf(low, widest <= kWide ? std::max(widest, kNarrow) : kNarrow, 0, 0).digits;
}

void Expand(LeadingLutOp op) {
  mlir::OpBuilder builder(op);
  mpc::LeadingFunction f{static_cast<int>(op.getIndex()), static_cast<int>(op.getGap()), {}};
  const llvm::ArrayRef<int64_t> values = op.getValues();
  const size_t size = size_t{1} << f.index;
  for (size_t first = 0; first < values.size(); first += size)
    f.levels.push_back(values.slice(first, size).vec());
  mpc::ExactReader reader(builder, op.getLoc(), BorrowPolicy());
  op.replaceAllUsesWith(
      reader.Apply(op.getInput(), f, static_cast<unsigned>(WidthOf(op)), LeadingDigits));
  op.erase();
}

// In program order of their first operation.
std::vector<Read> ReadsIn(mlir::func::FuncOp function) {
  constexpr int kMostSlack = 8;
  const RoundSlack slack(function.getBody().front());
  llvm::MapVector<std::pair<mlir::Value, int>, Read> reads;  // others have none in common
  int64_t others = 0;
  function.walk([&](mlir::Operation* op) {
    auto lut = llvm::dyn_cast<PublicLutOp>(op);
    if (!lut && !llvm::isa<TruncateOp, SaturateOp>(op)) return;
    const int kind = lut ? TopBits(lut) : static_cast<int>(--others);
    Read& read = reads[{op->getOperand(0), kind}];
    read.slack = std::min(read.ops.empty() ? kMostSlack : read.slack, slack.Of(op));
    read.ops.push_back(op);
  });
  std::vector<Read> all;
  for (auto& [key, read] : reads) all.push_back(std::move(read));
  return all;
}

// Staircases that one read serves.
using StaircaseGroup = llvm::SmallVector<mpc::StaircaseOp>;

void Expand(const StaircaseGroup& group) {
  mpc::StaircaseOp first = group.front();
  mlir::OpBuilder builder(first);
  std::vector<mpc::Staircase> all;
  for (mpc::StaircaseOp op : group)
    all.push_back({op.getStarts().vec(), op.getValues().vec(), static_cast<int64_t>(op.getOrigin()),
                   static_cast<int64_t>(op.getLimit().value_or(op.getStarts().back())),
                   op.getResult().getType().getWidth()});
  const auto results = mpc::ExactReader(builder, first.getLoc(), {})
                           .Staircases(first.getInput(), static_cast<int>(first.getDigit()), all);
  for (size_t i = 0; i < group.size(); ++i) {
    mpc::StaircaseOp op = group[i];
    op.replaceAllUsesWith(results[i]);
    op.erase();
  }
}

void ExpandStaircases(mlir::func::FuncOp function) {
  llvm::MapVector<std::tuple<mlir::Value, uint64_t, uint64_t>, StaircaseGroup> groups;
  function.walk([&](mpc::StaircaseOp op) {
    groups[{op.getInput(), op.getDigit(), op.getOrigin()}].push_back(op);
  });
  for (const auto& [key, group] : groups) Expand(group);
}

// Algorithm:
// 1. Staircases of one value become one read.
// 2. Functions of the same top bits of one value become one read.
// 3. Each kind of read takes the digits and joinings that are fastest on the policy's network, and
//    what saturates one digit for the whole index, or several. Rounds for which nothing waits,
//    since a longer way goes beside them (RoundSlack), cost nothing.
struct ExpandExactReads : impl::ExpandExactReadsBase<ExpandExactReads> {
  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    ExpandStaircases(getOperation());
    WayChoice choice(policy->network);
    for (const Read& read : ReadsIn(getOperation())) Expand(read, choice.For(read));
    getOperation().walk([](LeadingLutOp op) { mpcc::Expand(op); });
  }

  static void Expand(const Read& read, const Way& way) {
    mlir::Operation* first = read.ops.front();
    const Values factors = FactorsOf(read);
    for (mlir::Value factor : factors)  // a constant
      if (factor && factor.getDefiningOp()) factor.getDefiningOp()->moveBefore(first);
    mlir::OpBuilder builder(first);
    const Values results =
        Emit({builder, first->getLoc(), way.borrow}, way.by_digits, read, read.x(), factors);
    for (auto [op, result] : llvm::zip(read.ops, results)) {
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};

}  // namespace
}  // namespace mpcc
