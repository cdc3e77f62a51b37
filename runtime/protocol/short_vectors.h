// SPDX-License-Identifier: Apache-2.0
// Dealt vectors that are so short that to begin a stream takes longer than to draw it: an operation
// with many of them draws some at once. What is drawn and dealt is the same as one by one.
#ifndef MPCC_RUNTIME_PROTOCOL_SHORT_VECTORS_H_
#define MPCC_RUNTIME_PROTOCOL_SHORT_VECTORS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "runtime/base/ring.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/kernels/table.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// Whether vectors of so many elements are. They are not divided among threads either.
inline bool AreShort(uint64_t elements, int width) { return PackedBytes(elements, width) <= 1024; }

// P1's shares of dealt vectors, packed. `Vector`: Dealt or DealTarget.
template <typename Vector>
class ShortStreams {
 public:
  // No vector is longer than `bytes`. The arena gives room for as long as this is used.
  ShortStreams(Prg& k01, std::span<const Vector> vectors, uint64_t bytes, Arena& arena)
      : k01_(k01),
        left_(vectors),
        stride_((bytes + Prg::kBlockBytes - 1) / Prg::kBlockBytes * Prg::kBlockBytes),
        room_(arena.Take(kAtOnce * stride_)) {}

  // The first bytes of the next vector's stream, until the next call.
  std::span<const uint8_t> Next(uint64_t bytes) {
    if (drawn_.empty()) Draw();
    const auto next = drawn_.first(bytes);
    drawn_ = drawn_.subspan(stride_);
    return next;
  }

 private:
  static constexpr size_t kAtOnce = 16;  // few enough for the first-level cache

  void Draw() {
    std::array<uint64_t, kAtOnce> streams;
    const size_t count = std::min(kAtOnce, left_.size());
    for (size_t i = 0; i < count; ++i)
      streams[i] = Stream{StreamRole::kDealt, left_[i].stream}.id();
    left_ = left_.subspan(count);
    k01_.Heads(std::span(streams).first(count), stride_ / Prg::kBlockBytes, room_.data());
    drawn_ = room_.first(count * stride_);
  }

  Prg& k01_;
  std::span<const Vector> left_;  // not drawn yet
  uint64_t stride_;
  std::span<uint8_t> room_;
  std::span<const uint8_t> drawn_;  // and not asked for yet
};

// This party's shares of dealt vectors, packed, one vector after the other.
class ShortShares {
 public:
  // As of ShortStreams. REQUIRES: no windows.
  ShortShares(EvalContext& context, std::span<const Dealt> dealt, uint64_t bytes)
      : p1_(context.IsP1()), left_(dealt), streams_(context.prg, dealt, bytes, context.arena) {}

  // The next vector's, until the next call.
  std::span<const uint8_t> Next(uint64_t bytes) {
    if (p1_) return streams_.Next(bytes);
    const Dealt& dealt = left_.front();
    left_ = left_.subspan(1);
    return dealt.At(0, bytes);
  }

 private:
  bool p1_;
  std::span<const Dealt> left_;  // at P2
  ShortStreams<Dealt> streams_;  // at P1
};

// P0 deals vectors, one after the other.
class ShortDealer {
 public:
  // As of ShortStreams. REQUIRES: no windows.
  ShortDealer(DealContext& context, std::span<const DealTarget> targets, uint64_t bytes)
      : left_(targets), streams_(context.k01, targets, bytes, context.arena) {}

  // `Values`: in lanes or bits.
  template <typename Values>
  void Deal(Values v) {
    const uint64_t bytes = PackedBytes(v.size(), v.width());
    const auto correction = left_.front().At(0, bytes);
    left_ = left_.subspan(1);
    std::ranges::copy(streams_.Next(bytes), correction.begin());
    kernels::SubPacked(v, correction);
  }

 private:
  std::span<const DealTarget> left_;
  ShortStreams<DealTarget> streams_;
};

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_SHORT_VECTORS_H_
