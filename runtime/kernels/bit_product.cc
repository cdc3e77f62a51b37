// SPDX-License-Identifier: Apache-2.0
// Plain loops over pieces that stay in the first-level cache; the compiler vectorises them for each
// instruction set.
#include "runtime/kernels/bit_product.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/bit_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/bytes.h"
#include "runtime/base/ring.h"
#include "runtime/base/secure_buffer.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

constexpr uint64_t kPiece = SpreadBits::kMost;

namespace hn = hwy::HWY_NAMESPACE;

void SpreadPlane(ConstBitVector bits, int8_t* masks) {
  uint64_t words[kPiece / 64 + 1] = {};  // a load of bits may read 8 bytes
  for (uint64_t i = 0; i < bits.words(); ++i) words[i] = bits.Word(i);
#if HWY_TARGET == HWY_SCALAR
  for (uint64_t i = 0; i < bits.size(); ++i)
    masks[i] = static_cast<int8_t>(-static_cast<int8_t>(words[i / 64] >> i % 64 & 1));
#else
  const auto bytes = BytesOf(words);
  const hn::CappedTag<int8_t, 64> d;
  for (uint64_t i = 0; i < bits.size(); i += hn::Lanes(d))
    hn::StoreU(hn::VecFromMask(d, hn::LoadMaskBits(d, bytes.data() + i / 8)), d, masks + i);
#endif
}

void SpreadPlanes(const BitPlanes& planes, uint64_t used, uint64_t elements, SpreadBits& out) {
  for (; used; used &= used - 1) {
    const int j = std::countr_zero(used);
    assert(j < kMaxPlanes);
    SpreadPlane(planes.Plane(j, 0, elements), out.masks[j]);
  }
}

template <LaneType T>
void AddTerm(const BitFactor::Term& term, const SpreadBits& bits, uint64_t n, T* sum) {
  T value[kPiece];
  std::fill_n(value, n, static_cast<T>(term.coefficient));
  for (int j : term.bits) {
    const int8_t* const mask = bits.masks[j];
    for (uint64_t i = 0; i < n; ++i) value[i] &= static_cast<T>(mask[i]);
  }
  for (uint64_t i = 0; i < n; ++i) sum[i] = static_cast<T>(sum[i] + value[i]);
}

// sum = -sum where an odd number of the signs' bits is set.
template <LaneType T>
void ApplySigns(const std::vector<int>& signs, const SpreadBits& bits, uint64_t n, T* sum) {
  if (signs.empty()) return;
  int8_t odd[kPiece] = {};
  for (int j : signs) {
    const int8_t* const mask = bits.masks[j];
    for (uint64_t i = 0; i < n; ++i) odd[i] ^= mask[i];
  }
  for (uint64_t i = 0; i < n; ++i) {
    const T negative = static_cast<T>(odd[i]);
    sum[i] = static_cast<T>((sum[i] ^ negative) - negative);
  }
}

// What `factor` is of n elements.
template <LaneType T>
void SumOf(const BitFactor& factor, const SpreadBits& bits, uint64_t n, T* sum) {
  std::fill_n(sum, n, T{0});
  for (const BitFactor::Term& term : factor.terms) AddTerm(term, bits, n, sum);
  ApplySigns(factor.signs, bits, n, sum);
}

uint64_t PlanesOf(const BitFactor& factor) {
  uint64_t used = 0;
  for (int j : factor.signs) used |= uint64_t{1} << j;
  for (const BitFactor::Term& term : factor.terms)
    for (int j : term.bits) used |= uint64_t{1} << j;
  return used;
}

// Calls load(first, n) for the bits of each piece.
template <typename Fn>
void AddVector(const SpreadBits& bits, const BitFactor& factor, ConstRingVector share,
               RingVector out, Fn load) {
  VisitLanes(
      [&](auto to) {
        using T = LaneOf<decltype(to)>;
        const T* const in = share.empty() ? nullptr : share.As<T>().data();
        const auto mask = static_cast<T>(Mask(out.width()));
        T sum[kPiece];
        for (uint64_t first = 0; first < to.size(); first += kPiece) {
          const uint64_t n = std::min(kPiece, to.size() - first);
          T* const result = to.data() + first;
          load(first, n);
          SumOf(factor, bits, n, sum);
          if (in)
            for (uint64_t i = 0; i < n; ++i)
              sum[i] = static_cast<T>(uint64_t{sum[i]} * in[first + i]);
          for (uint64_t i = 0; i < n; ++i) result[i] = static_cast<T>(result[i] + sum[i]) & mask;
        }
        CleanseMemory({reinterpret_cast<uint8_t*>(sum), std::min(kPiece, to.size()) * sizeof(T)});
      },
      out);
}

void AddPiece(const SpreadBits& bits, const BitFactor& factor, ConstRingVector share,
              RingVector out) {
  AddVector(bits, factor, share, out, [](uint64_t, uint64_t) {});
}

void AddPieces(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
               RingVector out) {
  SpreadBits bits;
  const uint64_t used = PlanesOf(factor);
  AddVector(bits, factor, share, out,
            [&](uint64_t first, uint64_t n) { SpreadPlanes(planes.From(first), used, n, bits); });
}

// Words of 64 elements that are worked on at a time.
constexpr uint64_t kWords = 64;

// to[i] = fn(to[i], word first + i of `bits`) for n words.
template <typename Fn>
void ForWords(ConstBitVector bits, uint64_t first, uint64_t n, uint64_t* to, Fn fn) {
  uint64_t i = 0;
  if (bits.OnByte()) {
    const uint64_t whole = std::min(n, bits.size() / 64 - std::min(bits.size() / 64, first));
    const uint8_t* const from = bits.data() + 8 * first;
    for (; i < whole; ++i) {
      uint64_t word;
      std::memcpy(&word, from + 8 * i, 8);
      to[i] = fn(to[i], word);
    }
  }
  for (; i < n; ++i) to[i] = fn(to[i], bits.Word(first + i));
}

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
      for (int j : term.bits) ForWords(planes.Plane(j, 0, out.size()), first, n, product, both);
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
HWY_EXPORT(AddPiece);
HWY_EXPORT(AddPieces);
HWY_EXPORT(SpreadPlanes);

void Spread(const BitPlanes& planes, uint64_t used, uint64_t elements, SpreadBits& out) {
  assert(elements <= SpreadBits::kMost);
  HWY_DYNAMIC_DISPATCH(SpreadPlanes)(planes, used, elements, out);
}

void AddBitProduct(const SpreadBits& bits, const BitFactor& factor, ConstRingVector share,
                   RingVector out) {
  assert(out.size() <= SpreadBits::kMost && (share.empty() || share.size() == out.size()));
  HWY_DYNAMIC_DISPATCH(AddPiece)(bits, factor, share, out);
}

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
