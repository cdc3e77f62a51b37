// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/linear.h"

#include <cstring>

#include "runtime/base/ring.h"

namespace mpcc {

WeightMatrix::WeightMatrix(const uint8_t* lanes, int64_t k, int64_t n, int l)
    : k_(k), n_(n), width_(l) {
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    packed_ = kernels::PackedMatrix<T>(reinterpret_cast<const T*>(lanes), n, false, k, n);
  });
}

void WeightMatrix::Multiply(const uint8_t* a, int64_t rows, kernels::Update update,
                            uint8_t* c) const {
  VisitLane(width_, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Gemm(rows, reinterpret_cast<const T*>(a), k_,
                  std::get<kernels::PackedMatrix<T>>(packed_), reinterpret_cast<T*>(c), n_, update,
                  width_);
  });
}

void EvaluateLinear(EvalContext& context, const WeightMatrix& share, const uint8_t* m, int64_t rows,
                    const Dealt& dealt, uint8_t* out) {
  LoadDealt(context, dealt, rows * share.n(), share.width(), out);
  share.Multiply(m, rows, kernels::Update::kAdd, out);
}

void DealLinear(DealContext& context, const WeightMatrix& weight, const uint8_t* bias,
                const MaskPair& mask, int64_t rows, uint32_t stream, uint8_t* correction) {
  const int l = weight.width();
  const uint64_t row_bytes = LaneVectorBytes(weight.n(), l);
  const uint8_t* whole = WholeMask(context, mask, rows * weight.k(), l);
  uint8_t* value = context.arena.Take(rows * row_bytes);
  for (int64_t r = 0; r < rows; ++r) {
    if (bias)
      std::memcpy(value + r * row_bytes, bias, row_bytes);
    else
      std::memset(value + r * row_bytes, 0, row_bytes);
  }
  weight.Multiply(whole, rows, kernels::Update::kSubtract, value);
  DealVector(context, stream, value, rows * weight.n(), l, correction);
}

}  // namespace mpcc
