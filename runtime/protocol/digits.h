// SPDX-License-Identifier: Apache-2.0
// Exact functions of the top bits of an opened value: what its digits say beside those of its mask.
// docs/protocol.md, "Digits".
#ifndef MPCC_RUNTIME_PROTOCOL_DIGITS_H_
#define MPCC_RUNTIME_PROTOCOL_DIGITS_H_

#include <span>
#include <vector>

#include "runtime/kernels/one_hot.h"
#include "runtime/protocol/dealt_vector.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::protocol {

// read_bits: which functions are read of which digits, worked out once. One dealt vector per digit.
class BitReader {
 public:
  // REQUIRES: no Problem.
  BitReader(const DigitReads& reads, int width);

  // out = one bit for each element of m and each function, function by function; it is on a byte.
  void Evaluate(EvalContext& context, ConstRingVector m, std::span<const Dealt> dealt,
                BitVector out) const;
  void Deal(DealContext& context, const MaskPair& mask, std::span<const DealTarget> targets) const;

 private:
  struct Read {
    size_t result;
    kernels::OneHotReader function;
  };
  struct Digit {
    int shift, width;
    std::vector<Read> reads;
  };
  void EvaluateDigit(EvalContext& context, const Digit& digit, ConstRingVector m,
                     const Dealt& dealt, BitVector out) const;

  std::vector<Digit> digits_;
};

// high_bits: floor(m / 2^shift) - floor(L / 2^shift) modulo 2^r, r the width of out.
void EvaluateHighBits(EvalContext& context, ConstRingVector m, int shift, const Dealt& dealt,
                      RingVector out);
void DealHighBits(DealContext& context, const MaskPair& mask, int shift, int r,
                  const DealTarget& target);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_DIGITS_H_
