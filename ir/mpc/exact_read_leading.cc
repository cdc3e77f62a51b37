// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ir/mpc/exact_read.h"
#include "runtime/base/ring.h"
#include "runtime/protocol/bit_polynomial.h"

namespace mpcc::mpc {
namespace {

// Selectors that a polynomial of `planes` bits and the borrow has room for beside them.
size_t RoomForSelectors(int64_t planes) {
  size_t room = 1;
  const auto fits = [&](size_t selectors) {
    return planes + 1 + static_cast<int64_t>(selectors) <= kMaxPolynomialBits &&
           2 + selectors <= kMaxPolynomialDegree &&
           (static_cast<size_t>(planes) + 1) << (selectors + 1) <= kMaxMaskProducts;
  };
  while (fits(room + 1)) ++room;
  return room;
}

}  // namespace

mlir::Value ExactReader::Times(mlir::Value planes, const Polynomial& weights,
                               llvm::ArrayRef<mlir::Value> factors, unsigned width) {
  std::set<int64_t> own;
  for (const auto& [plane, weight] : weights)
    if (plane != kNoPlane) own.insert(plane);
  const auto count = static_cast<int64_t>(own.size());
  const int64_t product = (Plane(static_cast<int64_t>(factors.size())) - 1) << count;
  Polynomial polynomial;
  for (const auto& [plane, weight] : weights) {
    const int64_t bit = plane == kNoPlane ? 0 : Plane(std::distance(own.begin(), own.find(plane)));
    polynomial[bit | product] = weight;
  }
  llvm::SmallVector<mlir::Value> stack{Gather(planes, own)};
  llvm::append_range(stack, factors);
  return Sum(Stack(stack), polynomial, width, nullptr);
}

ExactReader::Level ExactReader::ReadLevel(mlir::Value x, const PublicFunction& f,
                                          int64_t threshold) {
  Level level;
  Reads reads;
  reads.digits = {f.bits};
  llvm::append_range(reads.digits, policy_.digits);
  level.split = AddReading(f, reads);
  const bool borrows = !policy_.digits.empty();
  const auto passes = [&](int64_t u) {
    return static_cast<int64_t>(Reduce(static_cast<uint64_t>(u), f.bits)) < threshold;
  };
  int64_t selector = kNoPlane, change = kNoPlane;
  if (threshold > 0) selector = reads.Add(0, passes);
  if (threshold > 0 && borrows)
    change = reads.Add(0, [&](int64_t u) { return passes(u) != passes(u - 1); });
  const auto functions = static_cast<int64_t>(reads.reads.size());
  AddChain(1, reads);

  level.planes = Open(Emit(x, reads));
  if (threshold > 0) level.passes = Planes(level.planes, selector, 1);
  if (!borrows) return level;
  const auto all = static_cast<int64_t>(reads.reads.size());
  Chain chain{Planes(level.planes, functions, all - functions), policy_.digits.size()};
  while (chain.digits > kJoinedWithSelector) chain = Join(chain);
  Polynomial borrow;
  for (int64_t term : BorrowTerms(0, chain.digits)) borrow[term] = 1;
  level.borrow = chain.digits == 1 ? chain.planes : Open(PlaneOf(chain.planes, borrow));
  if (threshold == 0) return level;
  Polynomial exact{{Plane(0), 1}};
  for (const auto& [term, weight] : borrow) exact[Plane(1) | term << 2] = weight;
  level.passes =
      Open(PlaneOf(Stack({level.passes, Planes(level.planes, change, 1), chain.planes}), exact));
  return level;
}

llvm::SmallVector<mlir::Value> ExactReader::Joined(llvm::ArrayRef<mlir::Value> selectors,
                                                   size_t most) {
  llvm::SmallVector<mlir::Value> joined(selectors);
  while (joined.size() > most) {
    llvm::SmallVector<mlir::Value> products;
    for (llvm::ArrayRef<mlir::Value> left = joined; !left.empty();) {
      const auto group = left.take_front(kMaxPolynomialDegree);
      left = left.drop_front(group.size());
      const int64_t all = Plane(static_cast<int64_t>(group.size())) - 1;
      products.push_back(group.size() == 1 ? group[0] : Open(PlaneOf(Stack(group), {{all, 1}})));
    }
    joined = products;
  }
  return joined;
}

mlir::Value ExactReader::Apply(mlir::Value x, const LeadingFunction& f, unsigned width,
                               llvm::function_ref<std::vector<int64_t>(int)> digits_of) {
  x = Open(x);
  llvm::SmallVector<mlir::Value> passed;
  mlir::Value sum;
  const auto add = [&](mlir::Value term) {
    sum = sum ? builder_.create<AddOp>(loc_, sum, term).getResult() : term;
  };
  for (size_t t = 0; t < f.levels.size(); ++t) {
    const int low = static_cast<int>(Share(x).getWidth()) - f.index - static_cast<int>(t) * f.gap;
    const int64_t threshold = t + 1 < f.levels.size() ? Plane(f.index - f.gap) : 0;
    PublicFunction read{f.index, f.levels[t]};
    std::fill_n(read.values.begin(), threshold, 0);
    policy_.digits = digits_of(low);
    const mlir::Value window = builder_.create<ResizeOp>(
        loc_, Share(x).withWidth(static_cast<unsigned>(low + f.index)), x);
    const Level level = ReadLevel(window, read, threshold);

    const size_t planes = std::max(level.split.value.size(), level.split.falls.size());
    auto factors = Joined(passed, RoomForSelectors(static_cast<int64_t>(planes)));
    add(Times(level.planes, level.split.value, factors, width));
    if (level.borrow) {
      Polynomial falls;
      for (const auto& [plane, weight] : level.split.falls) falls[plane] = -weight;
      factors.push_back(level.borrow);
      add(Times(level.planes, falls, factors, width));
    }
    if (threshold > 0) passed.push_back(level.passes);
  }
  return sum;
}

}  // namespace mpcc::mpc
