// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/digits.h"

#include <algorithm>
#include <cassert>

#include "runtime/kernels/elementwise.h"

namespace mpcc::protocol {
namespace {

// floor(x / 2^shift) modulo 2^r, in the arena.
RingVector HighBitsOf(ConstRingVector x, int shift, int r, Arena& arena) {
  const RingVector high = arena.TakeVector(x.size(), x.width() - shift);
  const RingVector out = arena.TakeVector(x.size(), r);
  kernels::Extract(x, kernels::Rounding::kDown, high);
  kernels::Convert(high, out);
  return out;
}

// Bytes of one-hot vectors worked on at a time: they stay in the first-level cache.
constexpr uint64_t kChunkBytes = 4096;

// Calls fn(first, count, offset, bytes) for pieces of `n` elements of 2^d bits from `begin` on,
// each of whole bytes.
template <typename Fn>
void ForEachPiece(uint64_t begin, uint64_t n, int d, Fn fn) {
  const uint64_t step = kChunkBytes * 8 >> d;
  for (uint64_t first = begin; first < begin + n; first += step) {
    const uint64_t count = std::min(step, begin + n - first);
    fn(first, count, (first << d) / 8, ((count << d) + 7) / 8);
  }
}

}  // namespace

BitReader::BitReader(const DigitReads& reads, int width) {
  for (int64_t bits : reads.digits) {
    width -= static_cast<int>(bits);
    digits_.push_back({width, static_cast<int>(bits), {}});
  }
  const auto tables = reads.Tables();
  for (size_t i = 0; i < tables.size(); ++i) {
    Digit& digit = digits_[reads.reads[i]];
    const std::vector<uint64_t> table(tables[i].begin(), tables[i].end());
    digit.reads.push_back({i, kernels::OneHotReader(digit.width, table)});
  }
}

void BitReader::Evaluate(EvalContext& context, ConstRingVector m, std::span<const Dealt> dealt,
                         BitVector out) const {
  // Threads must not share a byte of the result: parts and pieces are multiples of 8 elements.
  assert(out.OnByte());
  EvalContext own = m.size() % 8 ? context.Of(0) : context;
  for (size_t i = 0; i < digits_.size(); ++i) EvaluateDigit(own, digits_[i], m, dealt[i], out);
}

void BitReader::EvaluateDigit(EvalContext& context, const Digit& digit, ConstRingVector m,
                              const Dealt& dealt, BitVector out) const {
  const uint64_t id = Stream{StreamRole::kDealt, dealt.stream}.id();
  const auto evaluate = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t n) {
    const auto keystream = own.arena.Take(kChunkBytes);
    const auto values = own.arena.Take<uint16_t>(kChunkBytes * 8 >> digit.width);
    const auto scratch = own.arena.Take(kernels::OneHotReader::kScratchBytes);
    ForEachPiece(begin, n, digit.width,
                 [&](uint64_t first, uint64_t count, uint64_t offset, uint64_t bytes) {
                   std::span<const uint8_t> share = keystream.first(bytes);
                   if (own.IsP1())
                     own.prg.Fill(id, offset, keystream.first(bytes));
                   else
                     share = part.At(offset, bytes);
                   const auto u = values.first(count);
                   kernels::Digits(m.Slice(first, count), digit.shift, digit.width, u);
                   for (const Read& read : digit.reads)
                     read.function.Read(share, u, scratch,
                                        out.Slice(read.result * m.size() + first, count));
                 });
  };
  ForDealtParts(context, dealt, m.size(), uint64_t{1} << digit.width, evaluate);
}

void BitReader::Deal(DealContext& context, const MaskPair& mask,
                     std::span<const DealTarget> targets) const {
  for (size_t i = 0; i < digits_.size(); ++i) {
    const int shift = digits_[i].shift, width = digits_[i].width;
    const uint64_t id = Stream{StreamRole::kDealt, targets[i].stream}.id();
    const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t begin, uint64_t n) {
      const auto values = own.arena.Take<uint16_t>(kChunkBytes * 8 >> width);
      ForEachPiece(begin, n, width,
                   [&](uint64_t first, uint64_t count, uint64_t offset, uint64_t bytes) {
                     const auto piece = part.At(offset, bytes);
                     const auto v = values.first(count);
                     const Arena::Scope scope(own.arena);
                     own.k01.Fill(id, offset, piece);
                     kernels::Digits(WholeMask(own, mask.Slice(first, count)), shift, width, v);
                     kernels::FlipOneHot(v, width, piece);
                   });
    };
    ForDealtParts(context, targets[i], mask.l1.size(), uint64_t{1} << width, deal);
  }
}

void EvaluateHighBits(EvalContext& context, ConstRingVector m, int shift, const Dealt& dealt,
                      RingVector out) {
  LoadDealt(context, dealt, out);
  if (!context.IsP1()) return;
  ForParts(context, out.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    const RingVector part = out.Slice(first, count);
    kernels::Add(part, HighBitsOf(m.Slice(first, count), shift, out.width(), own.arena), part);
  });
}

void DealHighBits(DealContext& context, const MaskPair& mask, int shift, int r,
                  const DealTarget& target) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t first, uint64_t count) {
    const RingVector high =
        HighBitsOf(WholeMask(own, mask.Slice(first, count)), shift, r, own.arena);
    kernels::Neg(high, high);
    DealVector(own, high, part, first);
  };
  ForDealtParts(context, target, mask.l1.size(), r, deal);
}

}  // namespace mpcc::protocol
