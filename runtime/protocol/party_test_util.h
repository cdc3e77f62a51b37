// SPDX-License-Identifier: Apache-2.0
// Three parties in one thread, for tests: P0 deals in pieces of a few bytes, P1 and P2 evaluate
// from the same keys.
#ifndef MPCC_RUNTIME_PROTOCOL_PARTY_TEST_UTIL_H_
#define MPCC_RUNTIME_PROTOCOL_PARTY_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "mpcc/memory_channel.h"
#include "runtime/base/ring.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/protocol/cost.h"
#include "runtime/protocol/exchange.h"
#include "runtime/protocol/matmul.h"

namespace mpcc::protocol {

// A vector that owns its elements.
template <typename View, typename ConstView>
class OwnedVector {
  static constexpr bool kPacked = std::is_same_v<View, BitVector>;

 public:
  OwnedVector(uint64_t n, int l)
      : n_(n), l_(l), bytes_(kPacked ? PackedBytes(n, l) : LaneVectorBytes(n, l)) {}
  OwnedVector(const std::vector<uint64_t>& values, int l) requires(!kPacked)
      : OwnedVector(values.size(), l) {
    for (size_t i = 0; i < values.size(); ++i)
      std::memcpy(bytes_.data() + i * LaneBytes(l), &values[i], LaneBytes(l));
  }
  explicit OwnedVector(uint64_t n) requires kPacked : OwnedVector(n, 1) {}
  explicit OwnedVector(ConstRingVector lanes) requires kPacked : OwnedVector(lanes.size()) {
    kernels::Pack(lanes, View(*this));
  }
  operator View() { return ViewOf<View>(bytes_.data()); }                  // NOLINT: a view
  operator ConstView() const { return ViewOf<ConstView>(bytes_.data()); }  // NOLINT
  uint64_t At(uint64_t i) const {
    if constexpr (kPacked) return ConstView(*this).At(i);
    uint64_t value = 0;
    std::memcpy(&value, bytes_.data() + i * LaneBytes(l_), LaneBytes(l_));
    return value;
  }
  std::vector<uint64_t> Values() const {
    std::vector<uint64_t> values(n_);
    for (uint64_t i = 0; i < n_; ++i) values[i] = At(i);
    return values;
  }

 private:
  template <typename Vector, typename Byte>
  Vector ViewOf(Byte* bytes) const {
    if constexpr (kPacked)
      return {bytes, n_};
    else
      return {bytes, n_, l_};
  }

  uint64_t n_;
  int l_;
  std::vector<uint8_t> bytes_;
};
using LaneVector = OwnedVector<RingVector, ConstRingVector>;
using PackedBits = OwnedVector<BitVector, ConstBitVector>;

// An RSS value with all its components and the plain value it stands for.
struct TestWire {
  std::vector<uint64_t> value;
  LaneVector m, l1, l2;
  MaskPair mask() const { return {l1, l2}; }
  Rss at(PartyId party) const { return {m, party == PartyId::kP1 ? l1 : l2}; }
};

// The same of one bit, packed.
struct TestBits {
  explicit TestBits(const TestWire& wire) : m(wire.m), l1(wire.l1), l2(wire.l2) {}
  PackedBits m, l1, l2;
  BitMaskPair mask() const { return {l1, l2}; }
  BitRss at(PartyId party) const { return {m, party == PartyId::kP1 ? l1 : l2}; }
};

// A dealt vector from both sides.
struct TestDealt {
  DealTarget target;
  Dealt dealt;
  operator const DealTarget&() const { return target; }  // NOLINT: what P0 writes
  operator const Dealt&() const { return dealt; }        // NOLINT: what P2 reads
};

class ThreeParties {
 public:
  // Each with so many threads.
  explicit ThreeParties(uint64_t seed, int threads = 1)
      : random_(seed), k01_(Key(1)), k02_(Key(2)), p1_(k01_.Clone()), p2_(k02_.Clone()) {
    if (threads == 1) return;
    crew_.emplace(std::make_shared<Workers>(threads), arena_);
    crew_->TakeKeys(&k01_, &k02_);
  }

  std::mt19937_64& random() { return random_; }
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  int Width(int low, int high) { return low + static_cast<int>(Below(high - low + 1)); }
  uint32_t NextStream() { return next_stream_++; }

  std::vector<uint64_t> RandomVector(uint64_t n, int l) {
    std::vector<uint64_t> values(n);
    for (uint64_t& value : values) value = Reduce(random_(), l);
    return values;
  }

  // value, masked with a fresh mask of a new stream.
  TestWire Share(std::vector<uint64_t> value, int l) {
    const uint64_t n = value.size();
    TestWire wire{std::move(value), {n, l}, {n, l}, {n, l}};
    DealContext deal = Deal();
    DealMask(deal, NextStream(), wire.l1, wire.l2);
    std::vector<uint64_t> m(n);
    for (uint64_t i = 0; i < n; ++i)
      m[i] = Reduce(wire.value[i] + wire.l1.At(i) + wire.l2.At(i), l);
    wire.m = LaneVector(m, l);
    return wire;
  }

  DealContext Deal() {
    arena_.Reset();
    return {k01_, k02_, arena_, crew()};
  }
  EvalContext Eval(PartyId party) {
    arena_.Reset();
    return {party, party == PartyId::kP1 ? p1_ : p2_, arena_, crew()};
  }

  // A stream, and the place of the next correction; counted. In this order they are dealt and read.
  TestDealt NewDealt(const PackedVector& vector) {
    const uint32_t stream = NextStream();
    const uint64_t offset =
        std::exchange(material_bytes_, material_bytes_ + vector.MaterialBytes());
    dealt_.push_back(vector);
    return {{stream, &writer_, offset}, {stream, &reader_, offset}};
  }
  const std::vector<PackedVector>& dealt() const { return dealt_; }

  // Runs evaluate(context, out) at both and adds the additive results.
  std::vector<uint64_t> Evaluate(uint64_t n, int l,
                                 const std::function<void(EvalContext&, RingVector)>& evaluate) {
    LaneVector a(n, l), b(n, l);
    EvalContext p1 = Eval(PartyId::kP1);
    evaluate(p1, a);
    EXPECT_TRUE(writer_.Finish(material_bytes_).ok());
    EvalContext p2 = Eval(PartyId::kP2);
    evaluate(p2, b);
    EXPECT_TRUE(reader_.status().ok()) << reader_.status();
    std::vector<uint64_t> sum(n);
    for (uint64_t i = 0; i < n; ++i) sum[i] = Reduce(a.At(i) + b.At(i), l);
    return sum;
  }

  // The same modulo 2, packed.
  std::vector<uint64_t> EvaluateBits(uint64_t n,
                                     const std::function<void(EvalContext&, BitVector)>& evaluate) {
    return Evaluate(n, 1, [&](EvalContext& context, RingVector out) {
      PackedBits bits(n);
      evaluate(context, bits);
      kernels::Unpack(ConstBitVector(bits), out);
    });
  }

 private:
  static Prg Key(uint8_t number) {
    uint8_t key[16] = {number, 42};
    return Prg(key);
  }

  Crew* crew() { return crew_ ? &*crew_ : nullptr; }

  std::mt19937_64 random_;
  Prg k01_, k02_, p1_, p2_;
  Arena arena_{8};
  std::optional<Crew> crew_;
  uint32_t next_stream_ = 1;
  MemoryPieces material_;
  CorrectionWriter writer_{material_, 13};
  CorrectionReader reader_{material_};
  uint64_t material_bytes_ = 0;
  std::vector<PackedVector> dealt_;
};

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_PARTY_TEST_UTIL_H_
