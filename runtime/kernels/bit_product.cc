// SPDX-License-Identifier: Apache-2.0
// Products of bits are taken by words of 64 elements, sums and products in lanes by vectors.
#include "runtime/kernels/bit_product.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/bit_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/bytes.h"
#include "runtime/base/ring.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/kernels/elementwise-inl.h"
#include "runtime/kernels/piece_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

// to[i] = fn(to[i], word first + i of `bits`) for n words.
template <typename Fn>
void ForWords(ConstBitVector bits, uint64_t first, uint64_t n, uint64_t* to, Fn fn) {
  uint64_t i = 0;
  if (bits.OnByte()) {
    const uint64_t whole = std::min(n, bits.size() / 64 - std::min(bits.size() / 64, first));
    const uint8_t* const from = bits.data() + 8 * first;
    for (; i < whole; ++i) to[i] = fn(to[i], LoadWord<uint64_t>(from + 8 * i));
  }
  for (; i < n; ++i) to[i] = fn(to[i], bits.Word(first + i));
}

// Elements [first, first + n) of the planes `bits`, put together by fn(word, word) from `identity`
// on. They are opened, and so public.
template <typename Fn>
PieceBits Together(const BitPlanes& planes, uint64_t bits, uint64_t first, uint64_t n,
                   uint64_t identity, Fn fn) {
  PieceBits all;
  std::fill_n(all.words, (n + 63) / 64, identity);
  ForBits(bits, [&](int j) {
    const ConstBitVector plane = planes.Plane(j, first, n);
    ForWords(plane, 0, plane.words(), all.words, fn);
  });
  return all;
}

// sum[i] = the terms at element first + i, of n.
template <LaneType T>
void SumTerms(const BitPlanes& planes, const BitFactor& factor, uint64_t first, uint64_t n,
              T* sum) {
  uint64_t constant = 0;
  for (const BitFactor::Term& term : factor.terms)
    if (term.bits == 0) constant += term.coefficient;
  std::fill_n(sum, n, static_cast<T>(constant));
  for (const BitFactor::Term& term : factor.terms) {
    if (term.bits == 0) continue;
    const PieceBits product = Together(planes, term.bits, first, n, ~uint64_t{0},
                                       [](uint64_t a, uint64_t b) { return a & b; });
    const auto coefficient = static_cast<T>(term.coefficient);
    ForEachVector<T>(static_cast<int64_t>(n), [&](auto d, int64_t i) HWY_ATTR {
      const auto value = hn::IfThenElseZero(product.At(d, i), hn::Set(d, coefficient));
      hn::StoreU(hn::Add(hn::LoadU(d, sum + i), value), d, sum + i);
    });
  }
}

// result[i] += sum[i] * share[i], or less where `negative`; a null share is 1.
template <LaneType T>
void AddProducts(const T* sum, const PieceBits& negative, const T* share, uint64_t n,
                 Result<T> result) {
  const auto add = [&](auto d, int64_t i, auto value) HWY_ATTR {
    const auto before = hn::LoadU(d, result.lanes + i);
    result.Store(
        d, hn::IfThenElse(negative.At(d, i), hn::Sub(before, value), hn::Add(before, value)), i);
  };
  if (share)
    ForEachVector<T>(static_cast<int64_t>(n), [&](auto d, int64_t i) HWY_ATTR {
      add(d, i, MulLow(d, hn::LoadU(d, sum + i), hn::LoadU(d, share + i)));
    });
  else
    ForEachVector<T>(static_cast<int64_t>(n),
                     [&](auto d, int64_t i) HWY_ATTR { add(d, i, hn::LoadU(d, sum + i)); });
}

void AddPieces(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
               RingVector out) {
  VisitLanes(
      [&](auto to) {
        using T = LaneOf<decltype(to)>;
        const T* const in = share.empty() ? nullptr : share.As<T>().data();
        T sum[kPiece];
        for (uint64_t first = 0; first < to.size(); first += kPiece) {
          const uint64_t n = std::min(kPiece, to.size() - first);
          const PieceBits odd = Together(planes, factor.signs, first, n, 0,
                                         [](uint64_t a, uint64_t b) { return a ^ b; });
          SumTerms(planes, factor, first, n, sum);
          AddProducts<T>(sum, odd, in ? in + first : nullptr, n,
                         {to.data() + first, static_cast<T>(Mask(out.width()))});
        }
      },
      out);
}

// Words of 64 elements that are worked on at a time.
constexpr uint64_t kWords = 64;

// Modulo 2 signs are nothing.
void AddBits(const BitPlanes& planes, const BitFactor& factor, ConstBitVector share,
             BitVector out) {
  const auto both = [](uint64_t a, uint64_t b) { return a & b; };
  const auto either = [](uint64_t a, uint64_t b) { return a ^ b; };
  uint64_t sum[kWords], product[kWords];
  for (uint64_t first = 0; first < out.words(); first += kWords) {
    const uint64_t n = std::min(kWords, out.words() - first);
    std::fill_n(sum, n, uint64_t{0});
    for (const BitFactor::Term& term : factor.terms) {
      if (term.coefficient % 2 == 0) continue;
      std::fill_n(product, n, ~uint64_t{0});
      ForBits(term.bits,
              [&](int j) { ForWords(planes.Plane(j, 0, out.size()), first, n, product, both); });
      for (uint64_t i = 0; i < n; ++i) sum[i] ^= product[i];
    }
    if (!share.empty()) ForWords(share, first, n, sum, both);
    ForWords(out, first, n, sum, either);
    for (uint64_t i = 0; i < n; ++i) out.SetWord(first + i, sum[i]);
  }
  CleanseMemory(MutableBytesOf(sum));
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(AddBits);
HWY_EXPORT(AddPieces);

void AddBitProduct(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
                   RingVector out) {
  assert(share.empty() || share.size() == out.size());
  HWY_DYNAMIC_DISPATCH(AddPieces)(planes, factor, share, out);
}

void AddBitProduct(const BitPlanes& planes, const BitFactor& factor, ConstBitVector share,
                   BitVector out) {
  assert(share.empty() || share.size() == out.size());
  HWY_DYNAMIC_DISPATCH(AddBits)(planes, factor, share, out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
