// SPDX-License-Identifier: Apache-2.0
// from_bits: a public polynomial of opened bits, times a private constant, in any ring.
// docs/protocol.md, "Bits".
#ifndef MPCC_RUNTIME_PROTOCOL_BITS_H_
#define MPCC_RUNTIME_PROTOCOL_BITS_H_

#include <optional>
#include <span>
#include <vector>

#include "runtime/kernels/bit_product.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// Both mask components of opened bits: plane j's are masks' [j * stride, (j + 1) * stride).
struct MaskPlanes {
  BitMaskPair masks;
  uint64_t stride;

  BitMaskPair Slice(int plane, uint64_t first, uint64_t count) const {
    return masks.Slice(plane * stride + first, count);
  }
};

// The polynomial modulo 2^width as sums over products of mask bits, worked out once.
class BitSum {
 public:
  // REQUIRES: no Problem.
  BitSum(const BitPolynomial& polynomial, int width, bool constant);

  // `bits` are as many planes as the polynomial has bits, each of as many elements as `out`. The
  // constant's share has 1 element or divides them into rows. One dealt vector for each product.
  // REQUIRES: there is a constant, or the width is not 1.
  void Evaluate(EvalContext& context, const BitRss& bits, uint64_t constant_elements,
                std::span<const Dealt> dealt, RingVector out) const;
  // The same modulo 2, without a constant.
  void Evaluate(EvalContext& context, const BitRss& bits, std::span<const Dealt> dealt,
                BitVector out) const;
  // An empty constant is none.
  void Deal(DealContext& context, const MaskPlanes& bits, ConstRingVector constant,
            std::span<const DealTarget> targets) const;

 private:
  // A product of mask bits, and what P1 and P2 multiply it by.
  struct Term {
    uint64_t bits;          // which, as a set
    int width;              // of the dealt vector
    int rest;               // which dealt term has these bits but the last, -1 if none has
    uint32_t first, count;  // of the factor's terms
  };
  Term TermOf(const BitPolynomial& polynomial, const MaskProduct& product, int width);
  kernels::BitFactor FactorOf(const Term& term) const;
  // Whether all dealt vectors are short, and without a constant.
  bool IsShort(uint64_t elements) const;
  void AddShort(EvalContext& context, const kernels::BitPlanes& planes,
                std::span<const Dealt> dealt, RingVector out) const;
  void AddShort(EvalContext& context, const kernels::BitPlanes& planes,
                std::span<const Dealt> dealt, BitVector out) const;
  class WordRows;
  static WordRows WholeMasks(DealContext& context, const MaskPlanes& bits);
  static void MultiplyMasks(const Term& term, const WordRows& masks, const WordRows& products,
                            BitVector out);
  void DealShort(DealContext& context, const MaskPlanes& bits,
                 std::span<const DealTarget> targets) const;

  void AddConstant(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                   ConstRingVector share, RingVector out) const;
  void AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                  const Dealt& dealt, RingVector out) const;
  void AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                  const Dealt& dealt, BitVector out) const;
  static void DealProduct(DealContext& context, const Term& term, const MaskPlanes& bits,
                          ConstRingVector factor, const DealTarget& target);

  int width_;
  std::vector<Term> dealt_;
  std::vector<Term> masks_;  // products that are mask components: of one bit
  std::optional<Term> one_;  // what is public, without a constant
  // Of all factors: there are thousands of terms in a plan, and they lie side by side.
  std::vector<kernels::BitFactor::Term> factor_terms_;
};

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_BITS_H_
