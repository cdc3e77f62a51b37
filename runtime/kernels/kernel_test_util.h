// SPDX-License-Identifier: Apache-2.0
// What the tests of this folder share: random ring vectors.
#ifndef MPCC_RUNTIME_KERNELS_KERNEL_TEST_UTIL_H_
#define MPCC_RUNTIME_KERNELS_KERNEL_TEST_UTIL_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "runtime/base/for_each_target.h"
#include "runtime/base/ring.h"
#include "runtime/base/ring_vector.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

template <LaneType T>
T RandomElement(std::mt19937_64& rng, int l) {
  return static_cast<T>(Reduce(rng(), l));
}

// n random elements of Z_2^l.
template <LaneType T>
std::vector<T> RandomVector(std::mt19937_64& rng, int64_t n, int l) {
  std::vector<T> out(n);
  for (T& x : out) x = RandomElement<T>(rng, l);
  return out;
}

// The narrowest ring in lanes T.
template <LaneType T>
inline constexpr int kLeastWidth = sizeof(T) == 1 ? 1 : 4 * sizeof(T) + 1;

// Ring widths worth a test in lanes T: the smallest, an odd one and the full lane.
template <LaneType T>
std::vector<int> SomeWidths() {
  constexpr int kBits = 8 * sizeof(T);
  return {kLeastWidth<T>, kBits / 2 + 3, kBits - 1, kBits};
}

template <LaneType T>
ConstRingVector View(const std::vector<T>& v, int l) {
  return {std::span<const T>(v), l};
}
template <LaneType T>
RingVector View(std::vector<T>& v, int l) {
  return {std::span<T>(v), l};
}

using AllLanes = ::testing::Types<uint8_t, uint16_t, uint32_t, uint64_t>;

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_KERNEL_TEST_UTIL_H_
