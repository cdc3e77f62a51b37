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
#include "runtime/protocol/digit_reads.h"

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
  for (int widest = 2; widest <= 8; ++widest)
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

std::vector<Way> Ways(const Read& read, const ReadPolicy& policy) {
  // Bits of a saturation of which all may be one digit, and how many one digit has.
  const int most_whole = policy.by_digits ? 9 : static_cast<int>(kMaxDigitWidth);
  std::vector<Way> ways;
  auto saturate = llvm::dyn_cast<SaturateOp>(read.ops.front());
  const bool may_be_whole = !saturate || static_cast<int>(saturate.getBits()) <= most_whole;
  const bool by_digits =
      saturate && SaturationOf(saturate).ValueBits() && (policy.by_digits || !may_be_whole);
  for (BorrowPolicy& borrow : Borrows(read.low())) {
    const size_t last = std::min(borrow.joined_last, borrow.digits.size());
    const bool whole = !by_digits || may_be_whole;
    if (whole && last <= kJoinedLast) ways.push_back({borrow});
    if (by_digits && borrow.joined_last == 1) ways.push_back({borrow, true});
    borrow.by_bits = true;
    if (policy.by_bits && whole && !llvm::isa<TruncateOp>(read.ops.front()))
      ways.push_back({borrow});
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

// What a read of x takes on a network, by making it in a block of its own. The first of its rounds
// and `slack` more cost nothing less.
double SecondsOf(mlir::Value x, Values factors, int slack, const NetworkProfile& network,
                 llvm::function_ref<void(mlir::OpBuilder&, mlir::Value x, mlir::ValueRange)> emit) {
  mlir::Block block;
  mlir::OpBuilder builder(x.getContext());
  builder.setInsertionPointToEnd(&block);
  const mlir::Location loc = builder.getUnknownLoc();
  for (mlir::Value& factor : factors)
    if (factor) factor = block.addArgument(factor.getType(), loc);
  emit(builder,
       block.addArgument(llvm::cast<ShareType>(x.getType()).withKind(mpc::ShareKind::rss), loc),
       factors);
  if (!AreWithinBounds(block)) return std::numeric_limits<double>::infinity();
  ReadCost cost = CostOfReads(block);
  cost.rounds = std::max<double>(cost.rounds, 1 + slack);
  return cost.Seconds(network);
}

double SecondsOf(const Read& read, const Way& way, const NetworkProfile& network) {
  const auto emit = [&](mlir::OpBuilder& builder, mlir::Value x, mlir::ValueRange factors) {
    Emit({builder, builder.getUnknownLoc(), way.borrow}, way.by_digits, read, x, factors);
  };
  return SecondsOf(read.x(), FactorsOf(read), read.slack, network, emit);
}

// The cheapest way for each kind of read: its types and attributes, and the rounds that are free.
class WayChoice {
 public:
  explicit WayChoice(const LoweringPolicy& policy) : policy_(policy) {}

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
    for (Way& way : Ways(read, policy_.reads))
      if (const double seconds = SecondsOf(read, way, policy_.network);
          std::exchange(least, std::min(least, seconds)) > seconds)
        best = std::move(way);
    return best;
  }

  const LoweringPolicy& policy_;
  std::map<Kind, Way> known_;
};

// How the low bits below the windows are cut and joined: few wide digits, or narrow ones.
struct LeadingWay {
  int widest;
  size_t joined_last;
};

mlir::Value Emit(mlir::OpBuilder& builder, LeadingLutOp op, mlir::Value x, const LeadingWay& way) {
  mpc::LeadingFunction f{static_cast<int>(op.getIndex()), static_cast<int>(op.getGap()), {}};
  const llvm::ArrayRef<int64_t> values = op.getValues();
  const size_t size = size_t{1} << f.index;
  for (size_t first = 0; first < values.size(); first += size)
    f.levels.push_back(values.slice(first, size).vec());
  constexpr size_t kJoinedARound = 4;
  mpc::ExactReader reader(builder, op.getLoc(), {{}, way.joined_last, kJoinedARound});
  return reader.Apply(x, f, static_cast<unsigned>(WidthOf(op)),
                      [&](int low) { return DigitsOf(low, way.widest, 0, 0).digits; });
}

// The cheapest for each kind of such operations.
class LeadingChoice {
 public:
  explicit LeadingChoice(const LoweringPolicy& policy) : policy_(policy) {}

  LeadingWay For(LeadingLutOp op) {
    const auto [entry, is_new] = known_.try_emplace({op.getInput().getType().getAsOpaquePointer(),
                                                     op.getResult().getType().getAsOpaquePointer(),
                                                     op->getAttrDictionary().getAsOpaquePointer()});
    if (is_new) entry->second = Cheapest(op);
    return entry->second;
  }

 private:
  using Kind = std::tuple<const void*, const void*, const void*>;

  LeadingWay Cheapest(LeadingLutOp op) const {
    LeadingWay best{};
    double least = std::numeric_limits<double>::infinity();
    for (int widest = 3; widest <= static_cast<int>(kMaxDigitWidth); ++widest)
      for (int last = 1; last <= policy_.reads.leading_joined; ++last) {
        const LeadingWay way{widest, static_cast<size_t>(last)};
        const auto emit = [&](mlir::OpBuilder& builder, mlir::Value x, mlir::ValueRange) {
          Emit(builder, op, x, way);
        };
        const double seconds = SecondsOf(op.getInput(), {}, 0, policy_.network, emit);
        if (std::exchange(least, std::min(least, seconds)) > seconds) best = way;
      }
    return best;
  }

  const LoweringPolicy& policy_;
  std::map<Kind, LeadingWay> known_;
};

void Expand(LeadingLutOp op, const LeadingWay& way) {
  mlir::OpBuilder builder(op);
  op.replaceAllUsesWith(Emit(builder, op, op.getInput(), way));
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

std::vector<mlir::Value> Emit(mlir::OpBuilder& builder, StaircaseGroup& group, mlir::Value x,
                              bool by_bits) {
  std::vector<mpc::Staircase> all;
  for (mpc::StaircaseOp op : group)
    all.push_back({op.getStarts().vec(), op.getValues().vec(), static_cast<int64_t>(op.getOrigin()),
                   static_cast<int64_t>(op.getLimit().value_or(op.getStarts().back())),
                   op.getResult().getType().getWidth()});
  BorrowPolicy policy;
  policy.by_bits = by_bits;
  return mpc::ExactReader(builder, group.front().getLoc(), policy)
      .Staircases(x, static_cast<int>(group.front().getDigit()), all);
}

// Bit by bit, where that is faster.
void Expand(StaircaseGroup& group, const LoweringPolicy& policy) {
  mlir::Value x = group.front().getInput();
  const auto seconds = [&](bool by_bits) {
    return SecondsOf(x, {}, 0, policy.network, [&](mlir::OpBuilder& to, mlir::Value read, auto) {
      Emit(to, group, read, by_bits);
    });
  };
  mlir::OpBuilder builder(group.front());
  const bool by_bits = policy.reads.by_bits && seconds(true) < seconds(false);
  const auto results = Emit(builder, group, x, by_bits);
  for (size_t i = 0; i < group.size(); ++i) {
    mpc::StaircaseOp op = group[i];
    op.replaceAllUsesWith(results[i]);
    op.erase();
  }
}

void ExpandStaircases(mlir::func::FuncOp function, const LoweringPolicy& policy) {
  llvm::MapVector<std::tuple<mlir::Value, uint64_t, uint64_t>, StaircaseGroup> groups;
  function.walk([&](mpc::StaircaseOp op) {
    groups[{op.getInput(), op.getDigit(), op.getOrigin()}].push_back(op);
  });
  for (auto& [key, group] : groups) Expand(group, policy);
}

// Algorithm:
// 1. Staircases of one value become one read, put together in the ring or bit by bit.
// 2. Functions of the same top bits of one value become one read.
// 3. Each kind of read takes the digits and joinings that are fastest on the policy's network, and
//    what saturates one digit for the whole index, or several. Rounds for which nothing waits,
//    since a longer way goes beside them (RoundSlack), cost nothing.
struct ExpandExactReads : impl::ExpandExactReadsBase<ExpandExactReads> {
  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    ExpandStaircases(getOperation(), *policy);
    WayChoice choice(*policy);
    for (const Read& read : ReadsIn(getOperation())) Expand(read, choice.For(read));
    LeadingChoice leading(*policy);
    getOperation().walk([&](LeadingLutOp op) { mpcc::Expand(op, leading.For(op)); });
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
