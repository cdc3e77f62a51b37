// SPDX-License-Identifier: Apache-2.0
// linear: RSS x [rows, k] times a private W [k, n] plus a private bias, for no message: W lies at
// P1 and P2 as additive shares from set-up on, and bias - L*W is dealt. docs/protocol.md, "Linear
// layers".
#ifndef MPCC_RUNTIME_PROTOCOL_LINEAR_H_
#define MPCC_RUNTIME_PROTOCOL_LINEAR_H_

#include <cstdint>
#include <variant>

#include "runtime/kernels/gemm.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

// A matrix over Z_2^l in the layout of the product kernel, made once: a weight at P0, a weight's
// share at P1 and P2.
class WeightMatrix {
 public:
  // lanes[k, n], row-major.
  WeightMatrix(const uint8_t* lanes, int64_t k, int64_t n, int l);

  int64_t k() const { return k_; }
  int64_t n() const { return n_; }
  int width() const { return width_; }

  // c[rows, n] (=, +=, -=) a[rows, k] * this.
  void Multiply(const uint8_t* a, int64_t rows, kernels::Update update, uint8_t* c) const;

 private:
  int64_t k_, n_;
  int width_;
  std::variant<kernels::PackedMatrix<uint8_t>, kernels::PackedMatrix<uint16_t>,
               kernels::PackedMatrix<uint32_t>, kernels::PackedMatrix<uint64_t>>
      packed_;
};

// out[rows, n] = m * W_i + c_i.
void EvaluateLinear(EvalContext& context, const WeightMatrix& share, const uint8_t* m, int64_t rows,
                    const Dealt& dealt, uint8_t* out);

// Deals bias - L*W; bias[n] may be null (zero).
void DealLinear(DealContext& context, const WeightMatrix& weight, const uint8_t* bias,
                const MaskPair& mask, int64_t rows, uint32_t stream, uint8_t* correction);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_LINEAR_H_
