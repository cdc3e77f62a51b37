// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/ring.h"
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
      const auto a = RandomVector<S>(rng, kElements, 8 * sizeof(S));
      std::vector<T> out(kElements), want(kElements);
      for (const int k : SomeWidths<T>()) {
        reference::Unary(a.data(), kElements, k, want.data(), [](uint64_t x) { return x; });
        Convert(a.data(), kElements, k, out.data());
        ASSERT_EQ(out, want);
      }
    });
  });
}

TEST(Extract, AddsShiftsAndReducesBetweenAllLanes) {
  std::mt19937_64 rng(6);
  ForEachTarget([&] {
    ForEachPair([&](auto s, auto t) {
      using S = typename decltype(s)::type;
      using T = typename decltype(t)::type;
      constexpr int kFrom = 8 * sizeof(S);
      const auto a = RandomVector<S>(rng, kElements, kFrom);
      std::vector<T> out(kElements), want(kElements);
      for (const int k : {1, 4, 7}) {
        reference::Unary(a.data(), kElements, k, want.data(), [k](uint64_t x) {
          const uint64_t up = Mask(kFrom - k);
          return Reduce(x + up, kFrom) >> (kFrom - k);
        });
        Extract(a.data(), kFrom - k, static_cast<S>(Mask(kFrom - k)), kElements, k, out.data());
        ASSERT_EQ(out, want);
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
        const int r = 8 * sizeof(T) - 1;
        const auto m = RandomVector<S>(rng, kElements, k);
        const auto c = RandomVector<T>(rng, kElements, r), d = RandomVector<T>(rng, kElements, r);
        std::vector<T> out(kElements), want(kElements);
        for (const T* base : {static_cast<const T*>(nullptr), c.data()}) {
          reference::AddUnlessMsb(m.data(), k, base, d.data(), kElements, r, want.data());
          AddUnlessMsb(m.data(), k, base, d.data(), kElements, r, out.data());
          ASSERT_EQ(out, want);
        }
      }
    });
  });
}

}  // namespace
}  // namespace mpcc::kernels
