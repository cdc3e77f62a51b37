// SPDX-License-Identifier: Apache-2.0
// Views of vectors over Z_2^width in lanes (ring.h): where the lanes are, how many elements, and
// the width, which also tells the type of the lanes. Kernels, protocol and engine pass vectors
// around as these; they own nothing and are as cheap to copy as a pointer.
//
// Here, and in SecureBuffer and Arena, bytes become lanes. Nothing else casts.
#ifndef MPCC_RUNTIME_BASE_RING_VECTOR_H_
#define MPCC_RUNTIME_BASE_RING_VECTOR_H_

#include <cassert>
#include <cstdint>
#include <span>
#include <type_traits>

#include "runtime/base/ring.h"

namespace mpcc {

// `Byte` is uint8_t or const uint8_t. The two views are the same but for what they may change.
template <typename Byte>
class BasicRingVector {
  template <typename T>
  using Like = std::conditional_t<std::is_const_v<Byte>, const T, T>;

 public:
  BasicRingVector() = default;

  // `size` elements from `lanes` on, which are aligned to their lane. REQUIRES: IsRing(width).
  BasicRingVector(Byte* lanes, uint64_t size, int width)
      : lanes_(lanes), size_(size), width_(width) {}

  // Elements that lie in lanes already. REQUIRES: T is the lane of `width`.
  template <typename T>
  BasicRingVector(std::span<T> lanes, int width)
      : BasicRingVector(reinterpret_cast<Byte*>(lanes.data()), lanes.size(), width) {
    assert(sizeof(T) == static_cast<size_t>(LaneBytes(width)));
  }

  // What may be changed may be read.
  template <typename Other>
  requires(std::is_const_v<Byte> && !std::is_const_v<Other>)
      BasicRingVector(const BasicRingVector<Other>& other)  // NOLINT: meant to be implicit
      : BasicRingVector(other.bytes().data(), other.size(), other.width()) {}

  uint64_t size() const { return size_; }
  int width() const { return width_; }
  bool empty() const { return size_ == 0; }

  std::span<Byte> bytes() const { return {lanes_, size_ ? LaneVectorBytes(size_, width_) : 0}; }

  // The elements as T: the lane type, or another type of its size (float of a plaintext).
  template <typename T>
  std::span<Like<T>> As() const {
    assert(empty() || sizeof(T) == static_cast<size_t>(LaneBytes(width_)));
    return {reinterpret_cast<Like<T>*>(lanes_), size_};
  }

  // Elements [first, first + count). REQUIRES: they are there.
  BasicRingVector Slice(uint64_t first, uint64_t count) const {
    assert(first + count <= size_);
    return {lanes_ + LaneVectorBytes(first, width_), count, width_};
  }

 private:
  Byte* lanes_ = nullptr;
  uint64_t size_ = 0;
  int width_ = 1;
};

using RingVector = BasicRingVector<uint8_t>;
using ConstRingVector = BasicRingVector<const uint8_t>;

// Calls fn(lanes...) with the lanes of all vectors as spans of one type. REQUIRES: their lanes have
// one width.
//   VisitLanes([](auto a, auto out) { ... }, a, out);
template <typename Fn, typename First, typename... Rest>
decltype(auto) VisitLanes(Fn&& fn, First first, Rest... rest) {
  return VisitLane(first.width(), [&](auto tag) -> decltype(auto) {
    using T = typename decltype(tag)::type;
    return fn(first.template As<T>(), rest.template As<T>()...);
  });
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_RING_VECTOR_H_
