// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "ir/mpc/exact_read.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"
#include "passes/analysis/round_slack.h"
#include "passes/mpc/flatten_reads.h"
#include "passes/mpc/passes.h"
#include "passes/mpc/read_ways.h"
#include "passes/policy/policy_attribute.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc {

#define GEN_PASS_DEF_EXPANDEXACTREADS
#include "passes/mpc/passes.h.inc"

namespace {

using mpc::BorrowPolicy;
using mpc::LeadingLutOp;
using mpc::PrivateLutOp;
using mpc::PublicLutOp;
using mpc::SaturateOp;
using mpc::ShareType;
using mpc::TruncateOp;
using Values = llvm::SmallVector<mlir::Value>;

int WidthOf(mlir::Value value) {
  return static_cast<int>(llvm::cast<ShareType>(value.getType()).getWidth());
}

int TopBits(PublicLutOp op) { return static_cast<int>(llvm::Log2_64(op.getValues().size())); }

int TopBits(PrivateLutOp op) {
  const auto table = llvm::cast<ShareType>(op.getTables()[0].getType());
  return static_cast<int>(llvm::Log2_64(table.getShape()[1]));
}

mpc::Saturation SaturationOf(SaturateOp op) {
  return {static_cast<int>(op.getBits()), static_cast<int64_t>(op.getLeast()),
          static_cast<int64_t>(op.getMost())};
}

// What saturates is read by a one-hot vector of all its bits, or by digits: put together for each
// borrow modulo 2, or for none, with what a borrow changes.
enum class Cut { kWhole, kDigits, kFalls };

// A way to read: how low bits are joined, and how what saturates is cut.
struct Way {
  BorrowPolicy borrow;
  Cut cut = Cut::kWhole;
};

// A truncation, a saturation, a private function, or public ones of the same top bits of one value.
struct Read {
  llvm::SmallVector<mlir::Operation*> ops;
  int slack = 0;  // rounds beyond the first one for which nothing waits

  // What an earlier read may have replaced meanwhile.
  mlir::Value x() const { return ops.front()->getOperand(0); }

  int low() const {
    if (auto saturate = llvm::dyn_cast<SaturateOp>(ops.front()))
      return WidthOf(x()) - static_cast<int>(saturate.getBits());
    if (auto table = llvm::dyn_cast<PrivateLutOp>(ops.front()))
      return WidthOf(x()) - TopBits(table);
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
  for (BorrowPolicy& borrow : BorrowsOf(read.low())) {
    const size_t last = std::min(borrow.joined_last, borrow.digits.size());
    const bool whole = !by_digits || may_be_whole;
    if (whole && last <= kJoinedLast) ways.push_back({borrow});
    if (by_digits && borrow.joined_last == 1) {
      ways.push_back({borrow, Cut::kDigits});
      if (SaturationOf(saturate).HasFalls()) ways.push_back({borrow, Cut::kFalls});
    }
    borrow.by_bits = true;
    if (policy.by_bits && whole && !llvm::isa<TruncateOp>(read.ops.front()))
      ways.push_back({borrow});
  }
  if (by_digits && read.low() == 0) {
    ways.push_back({{}, Cut::kDigits});
    if (SaturationOf(saturate).HasFalls()) ways.push_back({{}, Cut::kFalls});
  }
  return ways;
}

Values Emit(mpc::ExactReader reader, const Way& way, const Read& read, mlir::Value x,
            mlir::ValueRange factors) {
  if (auto truncate = llvm::dyn_cast<TruncateOp>(read.ops.front()))
    return {reader.Quotient(x, WidthOf(truncate))};
  if (auto saturate = llvm::dyn_cast<SaturateOp>(read.ops.front())) {
    const mpc::Saturation saturation = SaturationOf(saturate);
    const unsigned width = WidthOf(saturate);
    const mlir::Value factor = factors.front();
    if (way.cut == Cut::kDigits) return {reader.Saturate(x, saturation, width, factor)};
    if (way.cut == Cut::kFalls) return {reader.SaturateByFalls(x, saturation, width, factor)};
    return {reader.Apply(x, saturation.Function(), width, factor)};
  }
  if (auto table = llvm::dyn_cast<PrivateLutOp>(read.ops.front()))
    return {reader.Apply(x, {.bits = TopBits(table),
                             .tables = llvm::to_vector(factors.drop_front()),
                             .least = static_cast<int64_t>(table.getLeast()),
                             .width = static_cast<unsigned>(WidthOf(table)),
                             .factor = factors.front()})};
  llvm::SmallVector<mpc::PublicReading> readings;
  for (auto [op, factor] : llvm::zip(read.ops, factors)) {
    auto lut = llvm::cast<PublicLutOp>(op);
    readings.push_back(
        {{TopBits(lut), lut.getValues().vec()}, static_cast<unsigned>(WidthOf(lut)), factor});
  }
  return reader.Apply(x, readings);
}

// P0's constants: factors, if there are any, and behind that of a private function its tables.
Values FactorsOf(const Read& read) {
  Values factors;
  if (auto table = llvm::dyn_cast<PrivateLutOp>(read.ops.front())) {
    factors.push_back(table.getFactor());
    llvm::append_range(factors, table.getTables());
    return factors;
  }
  for (mlir::Operation* op : read.ops) {
    auto lut = llvm::dyn_cast<PublicLutOp>(op);
    auto saturate = llvm::dyn_cast<SaturateOp>(op);
    factors.push_back(lut ? lut.getFactor() : saturate ? saturate.getFactor() : nullptr);
  }
  return factors;
}

double SecondsOf(const Read& read, const Way& way, const NetworkProfile& network) {
  const auto emit = [&](mlir::OpBuilder& builder, mlir::Value x, mlir::ValueRange factors) {
    Emit({builder, builder.getUnknownLoc(), way.borrow}, way, read, x, factors);
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
    if (!lut && !llvm::isa<TruncateOp, SaturateOp, PrivateLutOp>(op)) return;
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
                              const mpc::BorrowPolicy& policy) {
  std::vector<mpc::Staircase> all;
  for (mpc::StaircaseOp op : group)
    all.push_back({op.getStarts().vec(), op.getValues().vec(), static_cast<int64_t>(op.getOrigin()),
                   static_cast<int64_t>(op.getLimit().value_or(op.getStarts().back())),
                   op.getResult().getType().getWidth()});
  return mpc::ExactReader(builder, group.front().getLoc(), policy)
      .Staircases(x, static_cast<int>(group.front().getDigit()), all);
}

// How staircases may be read, of equal ones the first.
std::vector<mpc::BorrowPolicy> WaysOf(const StaircaseGroup& group, const LoweringPolicy& policy) {
  mpc::StaircaseOp first = group.front();
  const int64_t top = llvm::cast<mpc::ShareType>(first.getInput().getType()).getWidth() -
                      static_cast<int64_t>(first.getDigit());
  std::vector<mpc::BorrowPolicy> ways;
  for (bool by_bits : {false, true})
    for (bool cuts_top : {false, true}) {
      if ((by_bits && !policy.reads.by_bits) || (cuts_top && (!policy.reads.by_digits || top < 4)))
        continue;
      mpc::BorrowPolicy& way = ways.emplace_back();
      way.by_bits = by_bits;
      way.cuts_top = cuts_top;
    }
  return ways;
}

// The fastest way.
void Expand(StaircaseGroup& group, const LoweringPolicy& policy) {
  mlir::Value x = group.front().getInput();
  const auto seconds = [&](const mpc::BorrowPolicy& way) {
    return SecondsOf(x, {}, 0, policy.network, [&](mlir::OpBuilder& to, mlir::Value read, auto) {
      Emit(to, group, read, way);
    });
  };
  const std::vector<mpc::BorrowPolicy> ways = WaysOf(group, policy);
  mlir::OpBuilder builder(group.front());
  const auto results =
      Emit(builder, group, x, *std::ranges::min_element(ways, std::less(), seconds));
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
// 1. Values of the largest rank are read as matrices.
// 2. Staircases of one value become one read, put together in the ring or bit by bit.
// 3. Functions of the same top bits of one value become one read.
// 4. Each kind of read takes the digits and joinings that are fastest on the policy's network, and
//    what saturates one digit for the whole index, or several. Rounds for which nothing waits,
//    since a longer way goes beside them (RoundSlack), cost nothing.
struct ExpandExactReads : impl::ExpandExactReadsBase<ExpandExactReads> {
  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    FlattenDeepReads(getOperation());
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
        Emit({builder, first->getLoc(), way.borrow}, way, read, read.x(), factors);
    for (auto [op, result] : llvm::zip(read.ops, results)) {
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};

}  // namespace
}  // namespace mpcc
