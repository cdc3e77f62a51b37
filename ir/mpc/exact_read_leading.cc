// SPDX-License-Identifier: Apache-2.0
// A level's window decides where all bits above it are 0. With e = 1 if the window borrows from
// them and d what is left of its digits, less b that is borrowed from it, the number above is 0
// less e where the mask's is as large as what is opened, and 1 less e where it is one less. So the
// level is f(d) in the first case if d >= 0, f(d + 2^k) in the second one if d < 0, and 0
// elsewhere: a function of the window's difference for either case, and how it falls with b.
#include <algorithm>
#include <bit>

#include "ir/mpc/exact_read.h"
#include "runtime/base/ring.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::mpc {
namespace {

// Digits above a window of which products are dealt in the ring.
constexpr size_t kMostDeciding = 2;

// Bits in as few digits as there may be, as equal as may be.
std::vector<int64_t> WidestDigits(int64_t bits) {
  std::vector<int64_t> digits;
  for (int64_t count = (bits + kMaxDigitWidth - 1) / kMaxDigitWidth; count > 0; --count) {
    digits.push_back((bits + count - 1) / count);
    bits -= digits.back();
  }
  return digits;
}

bool Fits(const std::map<int64_t, int64_t>& polynomial, unsigned width) {
  std::vector<int64_t> terms, coefficients;
  int64_t all = 0;
  for (const auto& [term, coefficient] : polynomial) {
    all |= term;
    if (Reduce(static_cast<uint64_t>(coefficient), static_cast<int>(width)) == 0) continue;
    terms.push_back(term);
    coefficients.push_back(coefficient);
  }
  return BitPolynomial{terms, coefficients}
      .Problem(std::bit_width(static_cast<uint64_t>(all)), static_cast<int>(width), false)
      .empty();
}

}  // namespace

// Whether the difference of the first digits is 0, and whether it is 1: either the last one of them
// is, or it is 1 less its size and the one before it is one more.
void ExactReader::AddDecisions(size_t digits, Reads& reads, Level& level) {
  const auto is = [&](size_t digit, int64_t value) {
    const int bits = static_cast<int>(reads.digits[digit]);
    return reads.Add(static_cast<int64_t>(digit), [=](int64_t u) {
      return digit == 0 ? Reduce(static_cast<uint64_t>(u - value), bits) == 0 : u == value;
    });
  };
  auto& [without, with] = level.decides;
  without.emplace_back();
  for (size_t digit = 0; digit < digits; ++digit) without[0].push_back(is(digit, 0));
  for (size_t one = digits; one-- > 0;) {
    auto& term = with.emplace_back(without[0].begin(),
                                   without[0].begin() + static_cast<std::ptrdiff_t>(one));
    term.push_back(is(one, 1));
    for (size_t below = one + 1; below < digits; ++below)
      term.push_back(is(below, 1 - Plane(reads.digits[below])));
  }
}

ExactReader::Level ExactReader::ReadLevel(mlir::Value x, const PublicFunction& f, int64_t above) {
  Level level;
  Reads reads;
  reads.digits = WidestDigits(above);
  const auto window = static_cast<int64_t>(reads.digits.size());
  reads.digits.push_back(f.bits);
  llvm::append_range(reads.digits, policy_.digits);
  if (above > 0) AddDecisions(window, reads, level);
  for (int side = 0; side < (above > 0 ? 2 : 1); ++side) {
    const auto at = [&](int64_t d) -> int64_t {
      const bool inside = side == 0 ? d >= 0 : d < 0;
      return above > 0 && !inside ? 0 : f.values[Reduce(static_cast<uint64_t>(d), f.bits)];
    };
    AddFunction(window, at, reads, level.split[side].value);
    if (!policy_.digits.empty())
      AddFunction(
          window, [&](int64_t d) { return at(d) - at(d - 1); }, reads, level.split[side].falls);
  }
  const auto functions = static_cast<int64_t>(reads.reads.size());
  AddChain(window + 1, reads);
  const mlir::Value planes = level.planes = Open(Emit(x, reads));
  const auto all = static_cast<int64_t>(reads.reads.size());
  if (window > static_cast<int64_t>(kMostDeciding)) JoinDecisions(level);
  if (policy_.digits.empty()) return level;
  const Chain chain = Finish({Planes(planes, functions, all - functions), policy_.digits.size()});
  level.chain = chain.planes;
  level.digits = chain.digits;
  return level;
}

// More digits than a polynomial has room for become a plane for each case.
void ExactReader::JoinDecisions(Level& level) {
  std::set<int64_t> deciding;
  for (const auto& terms : level.decides)
    for (const auto& term : terms) deciding.insert(term.begin(), term.end());
  const mlir::Value planes = Gather(level.planes, deciding);
  llvm::SmallVector<mlir::Value> joined;
  for (auto& terms : level.decides) {
    Polynomial sum;
    for (const auto& term : terms) {
      int64_t set = 0;
      for (int64_t plane : term)
        set |= Plane(std::distance(deciding.begin(), deciding.find(plane)));
      sum[set] = 1;
    }
    joined.push_back(PlaneOf(planes, sum));
    terms = {{Share(level.planes).getShape()[0] + static_cast<int64_t>(joined.size()) - 1}};
  }
  level.planes = Stack({level.planes, Open(Stack(joined))});
}

void ExactReader::AddTimes(const Level& level, int side, bool borrowed, unsigned width,
                           mlir::Value& sum) {
  const auto& decides = level.decides[side];
  std::set<int64_t> deciding;
  for (const auto& term : decides) deciding.insert(term.begin(), term.end());
  const auto deciders = static_cast<int64_t>(deciding.size());
  const auto place = [&](int64_t plane) {
    return Plane(std::distance(deciding.begin(), deciding.find(plane)));
  };
  // What each plane is multiplied by, the planes of the chain behind those that decide.
  std::vector<int64_t> borrows{0}, factors;
  if (borrowed) borrows = BorrowTerms(deciders, level.digits);
  std::vector<int64_t> cases;
  for (const auto& term : decides) {
    int64_t set = 0;
    for (int64_t plane : term) set |= place(plane);
    cases.push_back(set);
  }
  if (cases.empty()) cases.push_back(0);
  for (int64_t set : cases)
    for (int64_t borrow : borrows) factors.push_back(set | borrow);
  const int64_t own_first = deciders + (borrowed ? 2 * static_cast<int64_t>(level.digits) - 1 : 0);

  const auto emit = [&](const std::set<int64_t>& own, const Polynomial& polynomial) {
    llvm::SmallVector<mlir::Value> stack;
    if (!deciding.empty()) stack.push_back(Gather(level.planes, deciding));
    if (borrowed) stack.push_back(level.chain);
    if (!own.empty()) stack.push_back(Gather(level.planes, own));
    const mlir::Value part = Sum(Stack(stack), polynomial, width, nullptr);
    sum = sum ? builder_.create<AddOp>(loc_, sum, part).getResult() : part;
  };
  std::set<int64_t> own;
  Polynomial polynomial;
  const Split& split = level.split[side];
  for (const auto& entry : borrowed ? split.falls : split.value) {
    const int64_t plane = entry.first, weight = entry.second;
    if (Reduce(static_cast<uint64_t>(weight), static_cast<int>(width)) == 0) continue;
    const auto added = [&] {
      Polynomial out = polynomial;
      const int64_t bit =
          plane == kNoPlane ? 0 : Plane(own_first + static_cast<int64_t>(own.size()));
      for (int64_t factor : factors) out[factor | bit] += borrowed ? -weight : weight;
      return out;
    };
    Polynomial longer = added();
    if (!polynomial.empty() && !Fits(longer, width)) {
      emit(own, polynomial);
      own.clear();
      polynomial.clear();
      longer = added();
    }
    polynomial = std::move(longer);
    if (plane != kNoPlane) own.insert(plane);
  }
  if (!polynomial.empty()) emit(own, polynomial);
}

mlir::Value ExactReader::Apply(mlir::Value x, const LeadingFunction& f, unsigned width,
                               llvm::function_ref<std::vector<int64_t>(int)> digits_of) {
  x = Open(x);
  mlir::Value sum;
  const int64_t bits = Share(x).getWidth();
  const size_t joined_last = policy_.joined_last;
  for (size_t t = 0; t < f.levels.size(); ++t) {
    const int64_t above = static_cast<int64_t>(t) * f.gap;
    PublicFunction read{f.index, f.levels[t]};
    if (t + 1 < f.levels.size()) std::fill_n(read.values.begin(), Plane(f.index - f.gap), 0);
    policy_.digits = digits_of(static_cast<int>(bits - f.index - above));
    // A product is of a plane, those that decide, and the chain.
    policy_.joined_last =
        std::min(joined_last,
                 kMaxPolynomialDegree - 1 - std::min(kMostDeciding, WidestDigits(above).size()));
    const Level level = ReadLevel(x, read, above);
    for (int side = 0; side < 2; ++side)
      for (bool borrowed : {false, true}) AddTimes(level, side, borrowed, width, sum);
  }
  policy_.joined_last = joined_last;
  return sum;
}

}  // namespace mpcc::mpc
