// SPDX-License-Identifier: Apache-2.0
// Arithmetic goes by words, spreading bits into wide lanes by vectors.
#include "runtime/kernels/packed_bits.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/packed_bits.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/bytes.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/kernels/elementwise-inl.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/piece_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

void SpreadBits(ConstBitVector in, RingVector out) {
  PieceBits bits;
  VisitLanes(
      [&](auto lanes) {
        using T = LaneOf<decltype(lanes)>;
        for (uint64_t first = 0; first < lanes.size(); first += kPiece) {
          const auto to = lanes.subspan(first, std::min(kPiece, lanes.size() - first));
          const ConstBitVector piece = in.Slice(first, to.size());
          for (uint64_t i = 0; i < piece.words(); ++i) bits.words[i] = piece.Word(i);
          ForEachVector<T>(static_cast<int64_t>(to.size()), [&](auto d, int64_t i) HWY_ATTR {
            hn::StoreU(hn::IfThenElseZero(bits.At(d, i), hn::Set(d, T{1})), d, to.data() + i);
          });
        }
      },
      out);
  CleanseMemory(MutableBytesOf(bits.words)
                    .first(std::min(PackedBytes(in.size(), 1) + 7, sizeof(bits.words))));
  CleanseMemory(MutableBytesOf(bits.part));
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(SpreadBits);

namespace {

// Elements that lie packed on the stack at a time: a multiple of 64.
constexpr uint64_t kRoom = 1024;

// out = fn(words of the operands). Whole bytes go through a loop that the compiler vectorises.
template <typename Fn, typename... In>
void ForWords(Fn fn, BitVector out, In... in) {
  uint64_t i = 0;
  if (out.OnByte() && (in.OnByte() && ...)) {
    for (const uint64_t whole = out.size() / 64; i < whole; ++i) {
      const auto load = [&](ConstBitVector v) {
        uint64_t word;
        word = LoadWord<uint64_t>(v.data() + 8 * i);
        return word;
      };
      const uint64_t word = fn(load(in)...);
      StoreWord<uint64_t>(word, out.data() + 8 * i);
    }
  }
  for (; i < out.words(); ++i) out.SetWord(i, fn(in.Word(i)...));
}

// Calls fn(first, count) for pieces of n elements.
template <typename Fn>
void ForPieces(uint64_t n, Fn fn) {
  for (uint64_t first = 0; first < n; first += kRoom) fn(first, std::min(kRoom, n - first));
}

// Each element a byte.
void UnpackBytes(ConstBitVector in, uint8_t* out) {
  if (in.OnByte()) return Unpack(in.bytes(), RingVector(out, in.size(), 1));
  uint8_t room[kRoom / 8];
  ForPieces(in.size(), [&](uint64_t first, uint64_t count) {
    const std::span<uint8_t> moved(room, PackedBytes(count, 1));
    Pack(in.Slice(first, count), moved);
    Unpack(moved, RingVector(out + first, count, 1));
  });
  CleanseMemory({room, PackedBytes(std::min(kRoom, in.size()), 1)});
}

}  // namespace

void Copy(ConstBitVector in, BitVector out) {
  assert(in.size() == out.size());
  ForWords([](uint64_t a) { return a; }, out, in);
}

void Add(ConstBitVector a, ConstBitVector b, BitVector out) {
  assert(a.size() == out.size() && b.size() == out.size());
  ForWords([](uint64_t x, uint64_t y) { return x ^ y; }, out, a, b);
}

void Mul(ConstBitVector a, ConstBitVector b, BitVector out) {
  assert(a.size() == out.size() && b.size() == out.size());
  ForWords([](uint64_t x, uint64_t y) { return x & y; }, out, a, b);
}

void Unpack(ConstBitVector in, RingVector out) {
  assert(in.size() == out.size());
  if (LaneBytes(out.width()) == 1) return UnpackBytes(in, out.bytes().data());
  HWY_DYNAMIC_DISPATCH(SpreadBits)(in, out);
}

void Pack(ConstRingVector in, BitVector out) {
  assert(in.size() == out.size() && in.width() == 1);
  uint8_t room[kRoom / 8];
  ForPieces(in.size(), [&](uint64_t first, uint64_t count) {
    const std::span<uint8_t> packed(room, PackedBytes(count, 1));
    Pack(in.Slice(first, count), packed);
    Unpack(packed, out.Slice(first, count));
  });
  CleanseMemory({room, PackedBytes(std::min(kRoom, in.size()), 1)});
}

void Pack(ConstBitVector in, std::span<uint8_t> out) {
  assert(out.size() == PackedBytes(in.size(), 1));
  if (in.empty()) return;
  out.back() = 0;
  Copy(in, BitVector(out.data(), in.size()));
}

void Unpack(std::span<const uint8_t> in, BitVector out) {
  assert(in.size() >= PackedBytes(out.size(), 1));
  Copy(ConstBitVector(in.data(), out.size()), out);
}

void SubPacked(ConstBitVector a, std::span<uint8_t> out) {
  assert(out.size() == PackedBytes(a.size(), 1));
  const BitVector bits(out.data(), a.size());
  Add(a, bits, bits);
  if (a.size() % 8) out.back() &= static_cast<uint8_t>(Mask(static_cast<int>(a.size() % 8)));
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
