// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/elementwise_reference.h"
#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

// Calls fn(type of From, type of To) for the 16 pairs.
template <typename Fn>
void ForEachPair(Fn fn) {
  for (const int from : {8, 16, 32, 64}) {
    for (const int to : {8, 16, 32, 64}) {
      SCOPED_TRACE(testing::Message() << "lanes of " << from << " to lanes of " << to);
      VisitLane(from, [&](auto s) { VisitLane(to, [&](auto t) { fn(s, t); }); });
    }
  }
}

constexpr int64_t kElements = 150;

TEST(Convert, NarrowsAndWidensBetweenAllLanes) {
  std::mt19937_64 rng(5);
  ForEachTarget([&] {
    ForEachPair([&](auto s, auto t) {
      using S = typename decltype(s)::type;
      using T = typename decltype(t)::type;
      for (const int l : SomeWidths<S>()) {
        const auto a = RandomVector<S>(rng, kElements, l);
        std::vector<T> out(kElements);
        for (const int k : SomeWidths<T>()) {
          Convert(View(a, l), View(out, k));
          ASSERT_EQ(out, reference::Unary<T>(a, k, [](uint64_t x) { return x; }));
        }
      }
    });
  });
}

TEST(Extract, RoundsDownAndUpBetweenAllLanes) {
  std::mt19937_64 rng(6);
  ForEachTarget([&] {
    ForEachPair([&](auto s, auto t) {
      using S = typename decltype(s)::type;
      using T = typename decltype(t)::type;
      for (const int l : SomeWidths<S>()) {
        for (const int k : SomeWidths<T>()) {
          if (k > l) continue;
          const auto a = RandomVector<S>(rng, kElements, l);
          const uint64_t most = (uint64_t{1} << (l - k)) - 1;
          std::vector<T> out(kElements);
          Extract(View(a, l), Rounding::kUp, View(out, k));
          ASSERT_EQ(out, reference::Unary<T>(
                             a, k, [&](uint64_t x) { return Reduce(x + most, l) >> (l - k); }));
          Extract(View(a, l), Rounding::kDown, View(out, k));
          ASSERT_EQ(out, reference::Unary<T>(a, k, [&](uint64_t x) { return x >> (l - k); }));
        }
      }
    });
  });
}

TEST(AddUnlessMsb, EqualsTheReferenceForAllLanes) {
  std::mt19937_64 rng(8);
  ForEachTarget([&] {
    ForEachPair([&](auto s, auto t) {
      using S = typename decltype(s)::type;
      using T = typename decltype(t)::type;
      for (const int k : SomeWidths<S>()) {
        for (const int r : SomeWidths<T>()) {
          const auto m = RandomVector<S>(rng, kElements, k);
          const auto d = RandomVector<T>(rng, kElements, r);
          auto out = RandomVector<T>(rng, kElements, r);
          const auto want = reference::AddUnlessMsb(m, k, d, out, r);
          AddUnlessMsb(View(m, k), View(d, r), View(out, r));
          ASSERT_EQ(out, want);
        }
      }
    });
  });
}

}  // namespace
}  // namespace mpcc::kernels
