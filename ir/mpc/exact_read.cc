// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/exact_read.h"

#include <algorithm>
#include <numeric>

#include "ir/mpc/infer.h"
#include "runtime/base/ring.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::mpc {
namespace {

int64_t AllEqual(size_t digits) {
  int64_t equal = 0;
  for (size_t i = 0; i < digits; ++i) equal |= Plane(2 * static_cast<int64_t>(i) + 1);
  return equal;
}

// How f rises at T: by f(T) - f(T - 1).
std::vector<int64_t> RiseOf(const PublicFunction& f) {
  const size_t size = f.values.size();
  std::vector<int64_t> rise;
  for (size_t i = 0; i < size; ++i) rise.push_back(f.values[i] - f.values[(i + size - 1) % size]);
  return rise;
}

// Bits of the numbers in two's complement, without a sign if none is negative.
int BitsOf(const std::vector<int64_t>& values) {
  const int64_t low = *std::min_element(values.begin(), values.end());
  const int64_t high = std::max<int64_t>(0, *std::max_element(values.begin(), values.end()));
  int bits = 1;
  while (high >> (low < 0 ? bits - 1 : bits) != 0 || low < -Plane(bits - 1)) ++bits;
  return bits;
}

}  // namespace

std::vector<int64_t> ExactReader::BorrowTerms(int64_t first, size_t digits) {
  std::vector<int64_t> terms;
  int64_t equal = 0;
  for (size_t i = 0; i < digits; ++i, first += 2) {
    terms.push_back(Plane(first) | equal);
    equal |= Plane(first + 1);
  }
  return terms;
}

int64_t ExactReader::Reads::Add(int64_t digit, llvm::function_ref<bool(int64_t)> f) {
  const int64_t width = digits[digit];
  std::vector<int64_t> table(TableWords(width));
  for (int64_t u = 1 - Plane(width); u < Plane(width); ++u) {
    const auto bit = static_cast<uint64_t>(u + Plane(width));
    table[bit / 64] |= static_cast<int64_t>(uint64_t{f(u)} << bit % 64);
  }
  std::vector<int64_t> key = table;
  key.push_back(digit);
  const auto [entry, is_new] = known_.try_emplace(key, static_cast<int64_t>(reads.size()));
  if (is_new) {
    reads.push_back(digit);
    llvm::append_range(tables, table);
  }
  return entry->second;
}

void ExactReader::AddFunction(int64_t digit, llvm::function_ref<int64_t(int64_t)> f, Reads& reads,
                              Polynomial& polynomial) {
  const int64_t end = Plane(reads.digits[digit]);
  std::vector<int64_t> values;
  for (int64_t u = 1 - end; u < end; ++u) values.push_back(f(u));
  const int planes = BitsOf(values);
  const bool has_sign = llvm::any_of(values, [](int64_t x) { return x < 0; });
  for (int b = 0; b < planes; ++b) {
    const auto is_set = [&](int64_t value) { return (value >> b & 1) != 0; };
    const int64_t weight = has_sign && b == planes - 1 ? -Plane(b) : Plane(b);
    if (llvm::none_of(values, is_set)) continue;
    const bool always = llvm::all_of(values, is_set);
    const auto bit = [&](int64_t u) { return is_set(values[u + end - 1]); };
    polynomial[always ? kNoPlane : reads.Add(digit, bit)] += weight;
  }
}

void ExactReader::AddChain(int64_t first_digit, Reads& reads) const {
  for (size_t i = 0; i < policy_.digits.size(); ++i) {
    const auto digit = first_digit + static_cast<int64_t>(i);
    reads.Add(digit, [](int64_t u) { return u < 0; });
    if (i + 1 < policy_.digits.size()) reads.Add(digit, [](int64_t u) { return u == 0; });
  }
}

mlir::Value ExactReader::Emit(mlir::Value x, const Reads& reads) {
  return builder_.create<ReadBitsOp>(loc_, x, builder_.getDenseI64ArrayAttr(reads.digits),
                                     builder_.getDenseI64ArrayAttr(reads.reads),
                                     builder_.getDenseI64ArrayAttr(reads.tables),
                                     mlir::DenseI64ArrayAttr());
}

mlir::Value ExactReader::Planes(mlir::Value planes, int64_t first, int64_t count) {
  llvm::SmallVector<int64_t> shape(Share(planes).getShape()), offsets(shape.size(), 0);
  if (first == 0 && count == shape[0]) return planes;
  shape[0] = count;
  offsets[0] = first;
  return builder_.create<SliceOp>(loc_, Share(planes).withShape(shape), planes, offsets);
}

mlir::Value ExactReader::Stack(llvm::ArrayRef<mlir::Value> planes) {
  if (planes.size() == 1) return planes[0];
  return builder_.create<ConcatOp>(loc_, planes, 0);
}

mlir::Value ExactReader::Sum(mlir::Value planes, const Polynomial& polynomial, unsigned width,
                             mlir::Value factor) {
  std::vector<int64_t> terms, coefficients;
  for (const auto& [term, coefficient] : polynomial) {
    if (Reduce(static_cast<uint64_t>(coefficient), static_cast<int>(width)) == 0) continue;
    terms.push_back(term);
    coefficients.push_back(coefficient);
  }
  const ShareType type = Share(planes);
  return builder_.create<FromBitsOp>(
      loc_, type.withKind(ShareKind::add).withShape(type.getShape().drop_front()).withWidth(width),
      planes, factor, builder_.getDenseI64ArrayAttr(terms),
      builder_.getDenseI64ArrayAttr(coefficients), mlir::DenseI64ArrayAttr());
}

mlir::Value ExactReader::PlaneOf(mlir::Value planes, const Polynomial& polynomial) {
  const mlir::Value plane = Sum(planes, polynomial, 1, nullptr);
  llvm::SmallVector<int64_t> shape{1};
  llvm::append_range(shape, Share(plane).getShape());
  return builder_.create<ReshapeOp>(loc_, Share(plane).withShape(shape), plane);
}

// Every group of digits becomes one digit; one alone stays what it is, and is not opened again.
ExactReader::Chain ExactReader::Join(const Chain& chain) {
  const size_t groups = (chain.digits + policy_.joined_a_round - 1) / policy_.joined_a_round;
  llvm::SmallVector<mlir::Value> joined;
  for (size_t g = 0, first = 0; g < groups; ++g) {
    const size_t count = (chain.digits - first) / (groups - g);
    const bool last = g + 1 == groups;
    const mlir::Value planes = Planes(chain.planes, static_cast<int64_t>(2 * first),
                                      static_cast<int64_t>(2 * count - last));
    first += count;
    if (count == 1) {
      joined.push_back(planes);
      continue;
    }
    Polynomial less;
    for (int64_t term : BorrowTerms(0, count)) less[term] = 1;
    llvm::SmallVector<mlir::Value> one;
    one.push_back(PlaneOf(planes, less));
    if (!last) one.push_back(PlaneOf(planes, {{AllEqual(count), 1}}));
    joined.push_back(Open(Stack(one)));
  }
  return {Stack(joined), groups};
}

mlir::Value ExactReader::JoinAll(mlir::Value planes) {
  Chain chain{planes, policy_.digits.size()};
  while (chain.digits > 1) chain = Join(chain);
  return chain.planes;
}

ExactReader::Chain ExactReader::Finish(Chain chain) {
  while (chain.digits > policy_.joined_last) chain = Join(chain);
  return chain;
}

ExactReader::Split ExactReader::AddReading(const PublicFunction& f, Reads& reads) const {
  Split split;
  const auto add = [&](const std::vector<int64_t>& values, Polynomial& planes) {
    const auto at = [&](int64_t u) { return values[Reduce(static_cast<uint64_t>(u), f.bits)]; };
    AddFunction(0, at, reads, planes);
  };
  add(f.values, split.value);
  if (!policy_.digits.empty()) add(RiseOf(f), split.falls);
  return split;
}

ExactReader::Bits ExactReader::AddBits(const PublicReading& reading, Reads& reads) {
  const std::vector<int64_t>& values = reading.f.values;
  const std::vector<int64_t> rise = RiseOf(reading.f);
  const int count = BitsOf(values);
  const bool has_sign = llvm::any_of(values, [](int64_t x) { return x < 0; });
  Bits out;
  for (int b = 0; b < count; ++b) {
    const int64_t weight = has_sign && b == count - 1 ? -Plane(b) : Plane(b);
    if (Reduce(static_cast<uint64_t>(weight), static_cast<int>(reading.width)) == 0) continue;
    const auto at = [&](int64_t u) { return Reduce(static_cast<uint64_t>(u), reading.f.bits); };
    const auto value = [&](int64_t u) { return (values[at(u)] >> b & 1) != 0; };
    const auto change = [&](int64_t u) {
      return ((values[at(u)] ^ (values[at(u)] - rise[at(u)])) >> b & 1) != 0;
    };
    int64_t ones = 0;
    for (int64_t u = 0; u < Plane(reading.f.bits); ++u) ones += value(u);
    if (ones == Plane(reading.f.bits)) out.constant += weight;
    if (ones > 0 && ones < Plane(reading.f.bits))
      out.bits.push_back({weight, reads.Add(0, value), reads.Add(0, change)});
  }
  return out;
}

mlir::Value ExactReader::Changed(mlir::Value plane, mlir::Value change, const Chain& chain) {
  Polynomial borrowed;
  for (int64_t term : BorrowTerms(1, chain.digits)) borrowed[Plane(0) | term] = 1;
  return builder_.create<AddOp>(loc_, plane, PlaneOf(Stack({change, chain.planes}), borrowed));
}

// What is added modulo 2 is not opened: the bits as they are if nothing is borrowed.
llvm::SmallVector<mlir::Value> ExactReader::ApplyByBits(mlir::Value x,
                                                        llvm::ArrayRef<PublicReading> readings) {
  Reads reads;
  reads.digits = {readings.front().f.bits};
  llvm::append_range(reads.digits, policy_.digits);
  llvm::SmallVector<Bits> functions;
  std::set<int64_t> factors;  // planes that are opened
  for (const PublicReading& reading : readings) {
    functions.push_back(AddBits(reading, reads));
    for (const BitOf& bit : functions.back().bits) factors.insert(bit.change);
  }
  const auto changes = static_cast<int64_t>(factors.size());
  const auto first = static_cast<int64_t>(reads.reads.size());
  AddChain(1, reads);
  const auto all = static_cast<int64_t>(reads.reads.size());
  for (int64_t plane = first; plane < all; ++plane) factors.insert(plane);

  const mlir::Value planes = Emit(x, reads);
  const mlir::Value opened = Open(Gather(planes, factors));
  const Chain chain = Finish({Planes(opened, changes, all - first), policy_.digits.size()});
  llvm::SmallVector<mlir::Value> results;
  for (const auto& [reading, function] : llvm::zip(readings, functions)) {
    llvm::SmallVector<mlir::Value> bits;
    Polynomial number{{0, function.constant}};
    for (const BitOf& bit : function.bits) {
      const int64_t place = std::distance(factors.begin(), factors.find(bit.change));
      number[Plane(static_cast<int64_t>(bits.size()))] = bit.weight;
      bits.push_back(Changed(Planes(planes, bit.value, 1), Planes(opened, place, 1), chain));
    }
    results.push_back(Sum(Open(Stack(bits)), number, reading.width, reading.factor));
  }
  return results;
}

// The planes numbered, in runs.
mlir::Value ExactReader::Gather(mlir::Value planes, const std::set<int64_t>& numbers) {
  llvm::SmallVector<mlir::Value> runs;
  for (auto first = numbers.begin(); first != numbers.end();) {
    auto last = first;
    int64_t count = 0;
    while (last != numbers.end() && *last == *first + count) ++last, ++count;
    runs.push_back(Planes(planes, *first, count));
    first = last;
  }
  return Stack(runs);
}

mlir::Value ExactReader::Combine(mlir::Value planes, const Split& split, const Chain& chain,
                                 const PublicReading& reading) {
  const int64_t chain_planes = chain.digits == 0 ? 0 : static_cast<int64_t>(2 * chain.digits) - 1;
  const auto room = static_cast<size_t>(kMaxPolynomialBits - chain_planes);
  std::set<int64_t> needed;
  for (const Polynomial* part : {&split.value, &split.falls})
    for (const auto& [plane, weight] : *part)
      if (plane != kNoPlane) needed.insert(plane);
  mlir::Value sum;
  bool first = true;  // takes what depends on no plane
  while (first || !needed.empty()) {
    std::set<int64_t> own;
    while (!needed.empty() && own.size() < room) own.insert(needed.extract(needed.begin()));
    const auto place = [&](int64_t plane) -> std::optional<int64_t> {
      if (plane == kNoPlane) return first ? std::optional<int64_t>(0) : std::nullopt;
      if (!own.contains(plane)) return std::nullopt;
      return Plane(std::distance(own.begin(), own.find(plane)));
    };
    Polynomial polynomial;
    for (const auto& [plane, weight] : split.value)
      if (const auto bit = place(plane)) polynomial[*bit] += weight;
    for (const auto& [plane, weight] : split.falls)
      if (const auto bit = place(plane))
        for (int64_t borrow : BorrowTerms(static_cast<int64_t>(own.size()), chain.digits))
          polynomial[*bit | borrow] -= weight;
    llvm::SmallVector<mlir::Value> stack;
    if (!own.empty()) stack.push_back(Gather(planes, own));
    if (chain_planes > 0) stack.push_back(chain.planes);
    const mlir::Value part = Sum(Stack(stack), polynomial, reading.width, reading.factor);
    sum = sum ? builder_.create<AddOp>(loc_, sum, part).getResult() : part;
    first = false;
  }
  return sum;
}

// Levels that are all reached up to the same end, for instance. Two that share a fall deal as much
// apart as together.
ExactReader::Polynomial ExactReader::TakeCommonFalls(llvm::ArrayRef<PublicReading> readings,
                                                     llvm::MutableArrayRef<Split> splits) {
  constexpr size_t kPays = 3;
  Polynomial common;
  const PublicReading& first = readings.front();
  if (readings.size() < kPays || llvm::any_of(readings, [&](const PublicReading& other) {
        return other.width != first.width || other.factor != first.factor;
      }))
    return common;
  const auto counts = [&](int64_t weight) {
    return Reduce(static_cast<uint64_t>(weight), static_cast<int>(first.width)) != 0;
  };
  for (const auto& [plane, weight] : splits.front().falls)
    if (counts(weight) &&
        llvm::all_of(splits, [&, plane = plane, weight = weight](const Split& other) {
          const auto found = other.falls.find(plane);
          return found != other.falls.end() && found->second == weight;
        }))
      common[plane] = weight;
  for (Split& split : splits)
    for (const auto& [plane, weight] : common) split.falls.erase(plane);
  return common;
}

llvm::SmallVector<mlir::Value> ExactReader::Apply(mlir::Value x,
                                                  llvm::ArrayRef<PublicReading> readings) {
  if (policy_.by_bits && !policy_.digits.empty()) return ApplyByBits(x, readings);
  Reads reads;
  reads.digits = {readings.front().f.bits};
  llvm::append_range(reads.digits, policy_.digits);
  llvm::SmallVector<Split> splits;
  for (const PublicReading& reading : readings) splits.push_back(AddReading(reading.f, reads));
  const auto functions = static_cast<int64_t>(reads.reads.size());
  AddChain(1, reads);
  const mlir::Value planes = Open(Emit(x, reads));
  Chain chain{nullptr, policy_.digits.size()};
  if (chain.digits > 0) {
    const auto all = static_cast<int64_t>(reads.reads.size());
    chain = Finish({Planes(planes, functions, all - functions), chain.digits});
  }
  const Polynomial common = TakeCommonFalls(readings, splits);
  const mlir::Value fall =
      common.empty() ? nullptr : Combine(planes, {{}, common}, chain, readings.front());
  llvm::SmallVector<mlir::Value> results;
  for (auto [reading, split] : llvm::zip(readings, splits)) {
    const mlir::Value own = Combine(planes, split, chain, reading);
    results.push_back(fall ? builder_.create<AddOp>(loc_, own, fall).getResult() : own);
  }
  return results;
}

mlir::Value ExactReader::Open(mlir::Value share) {
  if (!Share(share).isAdd()) return share;
  return builder_.create<ReshareOp>(loc_, ReplicatedTypes(share), share, mlir::DenseI64ArrayAttr())
      .getResult(0);
}

mlir::Value ExactReader::Quotient(mlir::Value x, unsigned width) {
  x = Open(x);
  const int64_t low = std::accumulate(policy_.digits.begin(), policy_.digits.end(), int64_t{0});
  Reads reads;
  reads.digits = policy_.digits;
  AddChain(0, reads);
  const mlir::Value rest =
      builder_.create<ResizeOp>(loc_, Share(x).withWidth(static_cast<unsigned>(low)), x);
  const Chain chain = Finish({Open(Emit(rest, reads)), policy_.digits.size()});
  Polynomial borrow;
  for (int64_t term : BorrowTerms(0, chain.digits)) borrow[term] = -1;
  const mlir::Value high =
      builder_.create<HighBitsOp>(loc_, Share(x).withKind(ShareKind::add).withWidth(width), x,
                                  builder_.getI64IntegerAttr(low), mlir::DenseI64ArrayAttr());
  return builder_.create<AddOp>(loc_, high, Sum(chain.planes, borrow, width, nullptr));
}

}  // namespace mpcc::mpc
