// SPDX-License-Identifier: Apache-2.0
// Reading in two steps, each vectorised for each instruction set: the bits of an element that count
// are folded into a byte of the same parity, and the parities of many bytes become bits.
#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "runtime/kernels/one_hot.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/one_hot_read.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/ring.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Elements that are folded at a time: whole words of the result.
constexpr size_t kPiece = 512;

// What is between the steps: it holds parts of shares.
struct Scratch {
  uint64_t sums[kPiece + 1];
  uint16_t offsets[kPiece];
  uint8_t folded[kPiece + 64];  // a vector of bytes may begin at the last one
};
static_assert(sizeof(Scratch) <= OneHotReader::kScratchBytes);

// Some elements: their vectors and digits.
struct Piece {
  const uint8_t* HWY_RESTRICT packed;
  const uint16_t* HWY_RESTRICT digits;
  size_t n;
};

HWY_INLINE uint64_t Load(const uint8_t* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, 8);
  return word;
}

HWY_INLINE uint8_t Fold(uint64_t x) {
  x ^= x >> 32;
  x ^= x >> 16;
  return static_cast<uint8_t>(x ^ x >> 8);
}

// Elements of 2 or 4 bits, several in a byte.
void FoldParts(int d, uint32_t row, Piece in, uint8_t* HWY_RESTRICT folded) {
  const int in_byte = 3 - d;  // log2 of the elements in a byte
  for (size_t i = 0; i < in.n; ++i) {
    const int first = static_cast<int>(i & ((1u << in_byte) - 1)) << d;
    const uint32_t bits = in.packed[i >> in_byte] >> first & ((1u << (1 << d)) - 1);
    folded[i] = static_cast<uint8_t>(bits & row >> ((1 << d) - in.digits[i]));
  }
}

// Elements of 8 or 16 bits, whose row is a word of 32.
template <LaneType T>
void FoldNarrow(uint32_t row, Piece in, uint8_t* HWY_RESTRICT folded) {
  for (size_t i = 0; i < in.n; ++i) {
    T bits;
    std::memcpy(&bits, in.packed + i * sizeof(T), sizeof(T));
    const uint32_t x = bits & row >> (8 * sizeof(T) - in.digits[i]);
    folded[i] = static_cast<uint8_t>(x ^ x >> 8);
  }
}

// Elements of 32 bits, whose row is a word of 64.
void FoldHalves(uint64_t row, Piece in, uint8_t* HWY_RESTRICT folded) {
  const auto low = static_cast<uint32_t>(row), high = static_cast<uint32_t>(row >> 32);
  for (size_t i = 0; i < in.n; ++i) {
    uint32_t bits;
    std::memcpy(&bits, in.packed + i * sizeof(bits), sizeof(bits));
    const uint32_t u = in.digits[i];
    folded[i] = Fold(bits & (high << u | low >> 1 >> (31 - u)));
  }
}

// Elements of 64 bits, whose row is two words.
void SumWords(uint64_t low, uint64_t high, Piece in, uint64_t* HWY_RESTRICT sums) {
  size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<uint64_t> d;
  const hn::Rebind<uint32_t, decltype(d)> d32;
  const hn::Rebind<uint16_t, decltype(d)> d16;
  const hn::Repartition<uint8_t, decltype(d)> d8;
  const auto above = hn::Set(d, high), below = hn::Set(d, low >> 1), most = hn::Set(d, 63);
  for (; i + hn::Lanes(d) <= in.n; i += hn::Lanes(d)) {
    const auto u = hn::PromoteTo(d, hn::PromoteTo(d32, hn::LoadU(d16, in.digits + i)));
    const auto row = hn::Or(hn::Shl(above, u), hn::Shr(below, hn::Xor(most, u)));
    const auto bits = hn::BitCast(d, hn::LoadU(d8, in.packed + 8 * i));
    hn::StoreU(hn::And(bits, row), d, sums + i);
  }
#endif
  for (; i < in.n; ++i) {
    const uint64_t u = in.digits[i];
    sums[i] = Load(in.packed + 8 * i) & (high << u | low >> 1 >> (63 - u));
  }
}

// Where the row of each element begins among `rows`, of `bytes` bits for each v.
HWY_INLINE void Offsets(size_t bytes, Piece in, uint16_t* HWY_RESTRICT offsets) {
  const auto row_bytes = static_cast<uint16_t>(2 * bytes);
  for (size_t i = 0; i < in.n; ++i) {
    const auto begin = static_cast<uint16_t>(8 * bytes - in.digits[i]);
    offsets[i] = static_cast<uint16_t>(begin % 8 * row_bytes + begin / 8);
  }
}

#if HWY_TARGET == HWY_SCALAR
void SumRows(size_t bytes, const uint8_t* rows, Piece in, Scratch& scratch) {
  for (size_t i = 0; i < in.n; ++i) {
    scratch.sums[i] = 0;
    for (size_t j = 0; j < bytes; j += 8)
      scratch.sums[i] ^= Load(in.packed + i * bytes + j) & Load(rows + scratch.offsets[i] + j);
  }
}
#else
// By vectors of `kBytes` at most, two elements at a time.
template <size_t kBytes>
HWY_INLINE void SumRowsBy(size_t bytes, const uint8_t* rows, Piece in, Scratch& scratch) {
  const hn::CappedTag<uint64_t, kBytes / 8> d;
  const hn::FixedTag<uint64_t, 2> d2;
  const hn::Repartition<uint8_t, decltype(d)> d8;
  const auto product = [&](size_t i, size_t j) HWY_ATTR {
    const auto bits = hn::LoadU(d8, in.packed + i * bytes + j);
    return hn::BitCast(d, hn::And(bits, hn::LoadU(d8, rows + scratch.offsets[i] + j)));
  };
  for (size_t i = 0; i < in.n; i += 2) {
    const size_t next = std::min(i + 1, in.n - 1);
    auto a = product(i, 0), b = product(next, 0);
    for (size_t j = hn::Lanes(d8); j < bytes; j += hn::Lanes(d8)) {
      a = hn::Xor(a, product(i, j));
      b = hn::Xor(b, product(next, j));
    }
    const auto sum = hn::Xor(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
    if constexpr (hn::MaxLanes(d) == 4)
      hn::StoreU(hn::Xor(hn::LowerHalf(d2, sum), hn::UpperHalf(d2, sum)), d2, scratch.sums + i);
    else
      hn::StoreU(sum, d2, scratch.sums + i);
  }
}

void SumRows(size_t bytes, const uint8_t* rows, Piece in, Scratch& scratch) {
  if (bytes == 16) return SumRowsBy<16>(16, rows, in, scratch);
  if (bytes == 32) return SumRowsBy<32>(32, rows, in, scratch);
  SumRowsBy<32>(bytes, rows, in, scratch);
}
#endif

// The parity of each byte. REQUIRES: `folded` has whole vectors, 64 bytes beyond n at most.
HWY_INLINE void Parities(const uint8_t* folded, BitVector out) {
  uint64_t words[kPiece / 64];
#if HWY_TARGET == HWY_SCALAR
  std::fill_n(words, out.words(), uint64_t{0});
  for (size_t i = 0; i < out.size(); ++i)
    words[i / 64] |= uint64_t{static_cast<unsigned>(std::popcount(folded[i])) & 1} << i % 64;
#else
  const hn::CappedTag<uint8_t, 64> d;
  uint8_t bytes[kPiece / 8];
  for (size_t i = 0; i < out.size(); i += hn::Lanes(d)) {
    const auto count = hn::PopulationCount(hn::LoadU(d, folded + i));
    hn::StoreMaskBits(d, hn::TestBit(count, hn::Set(d, 1)), bytes + i / 8);
  }
  std::memcpy(words, bytes, sizeof(bytes));
#endif
  for (uint64_t i = 0; i < out.words(); ++i) out.SetWord(i, words[i]);
}

#if HWY_TARGET == HWY_SCALAR
void FoldSums(size_t n, Scratch& scratch) {
  for (size_t i = 0; i < n; ++i) scratch.folded[i] = Fold(scratch.sums[i]);
}
#else
// The lower half of each lane plus the upper one.
template <class D, class V>
HWY_INLINE hn::Vec<D> Halved(D d, V low, V high) {
  const auto a = hn::BitCast(d, low), b = hn::BitCast(d, high);
  return hn::Xor(hn::ConcatEven(d, b, a), hn::ConcatOdd(d, b, a));
}

void FoldSums(size_t n, Scratch& scratch) {
  const hn::CappedTag<uint64_t, 8> d;
  const hn::Repartition<uint32_t, decltype(d)> d32;
  const hn::Repartition<uint16_t, decltype(d)> d16;
  const hn::Repartition<uint8_t, decltype(d)> d8;
  const size_t lanes = hn::Lanes(d);
  const auto quarter = [&](const uint64_t* at) HWY_ATTR {
    const auto load = [&](size_t i) HWY_ATTR { return hn::LoadU(d, at + i * lanes); };
    return Halved(d16, Halved(d32, load(0), load(1)), Halved(d32, load(2), load(3)));
  };
  for (size_t i = 0; i < n; i += 8 * lanes) {
    const uint64_t* const at = scratch.sums + i;
    hn::StoreU(Halved(d8, quarter(at), quarter(at + 4 * lanes)), d8, scratch.folded + i);
  }
}
#endif

// Elements of a word or more: first into words.
void FoldLarge(int d, const uint8_t* rows, Piece in, Scratch& scratch) {
  if (d == 6) {
    SumWords(Load(rows), Load(rows + 8), in, scratch.sums);
  } else {
    const size_t bytes = size_t{1} << (d - 3);
    Offsets(bytes, in, scratch.offsets);
    SumRows(bytes, rows, in, scratch);
  }
  FoldSums(in.n, scratch);
}

void FoldPiece(int d, const uint8_t* rows, Piece in, Scratch& scratch) {
  const uint64_t row = Load(rows);
  switch (d) {
    case 1:
    case 2:
      return FoldParts(d, static_cast<uint32_t>(row), in, scratch.folded);
    case 3:
      return FoldNarrow<uint8_t>(static_cast<uint32_t>(row), in, scratch.folded);
    case 4:
      return FoldNarrow<uint16_t>(static_cast<uint32_t>(row), in, scratch.folded);
    case 5:
      return FoldHalves(row, in, scratch.folded);
    default:
      return FoldLarge(d, rows, in, scratch);
  }
}

void ReadAll(int d, const uint8_t* rows, const uint8_t* packed, std::span<const uint16_t> digits,
             uint8_t* room, BitVector out) {
  auto& scratch = *reinterpret_cast<Scratch*>(room);
  for (size_t first = 0; first < digits.size(); first += kPiece) {
    const size_t n = std::min(kPiece, digits.size() - first);
    FoldPiece(d, rows, {packed + (first << d) / 8, digits.data() + first, n}, scratch);
    Parities(scratch.folded, out.Slice(first, n));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(ReadAll);

OneHotReader::OneHotReader(int d, std::span<const uint64_t> table) : d_(d) {
  const uint32_t bits = 2u << d;  // of the row
  assert(d >= 1 && d <= kMaxDigitBits && table.size() * 64 >= bits);
  const uint32_t bytes = std::max(bits / 8, 16u), copies = d > 6 ? 8 : 1;
  rows_.resize(size_t{copies} * bytes);
  for (uint32_t i = 1; i < bits; ++i) {
    const uint32_t at = bits - i;
    rows_[i / 8] |= (table[at / 64] >> at % 64 & 1) << i % 8;
  }
  for (uint32_t copy = 1; copy < copies; ++copy)
    for (uint32_t i = 0; i < bytes; ++i) {
      const uint32_t next = i + 1 < bytes ? rows_[i + 1] : 0;
      rows_[copy * bytes + i] = static_cast<uint8_t>((rows_[i] | next << 8) >> copy);
    }
}

void OneHotReader::Read(std::span<const uint8_t> packed, std::span<const uint16_t> digits,
                        std::span<uint8_t> scratch, BitVector out) const {
  assert(scratch.size() >= kScratchBytes);
  assert(out.size() == digits.size() && packed.size() >= ((digits.size() << d_) + 7) / 8);
  HWY_DYNAMIC_DISPATCH(ReadAll)(d_, rows_.data(), packed.data(), digits, scratch.data(), out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
