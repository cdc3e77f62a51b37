// SPDX-License-Identifier: Apache-2.0
// product: RSS factors (each broadcast to the result) and optionally one private constant, for no
// message. The product of all (m_t - L_t) and c is expanded; every monomial in the masks (and c) is
// a dealt vector of its own broadcast shape. docs/protocol.md, "Products".
#ifndef MPCC_RUNTIME_PROTOCOL_PRODUCT_H_
#define MPCC_RUNTIME_PROTOCOL_PRODUCT_H_

#include <optional>
#include <span>

#include "runtime/protocol/cost.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

struct ProductShape {
  std::span<const Shape> factors;
  std::optional<Shape> constant;
  Shape result;                    // the broadcast of all
  std::span<const Shape> subsets;  // ProductSubsetShapes(factors, constant)
  int width;
};

// `masked[t]` is m of factor t; `dealt` has one entry per subset.
void EvaluateProduct(EvalContext& context, const ProductShape& shape,
                     std::span<const uint8_t* const> masked, std::span<const Dealt> dealt,
                     uint8_t* out);

// `constant` in lanes, null without one; `corrections[i]` receives the i-th subset's.
void DealProduct(DealContext& context, const ProductShape& shape, std::span<const MaskPair> masks,
                 const uint8_t* constant, std::span<const uint32_t> streams,
                 std::span<uint8_t* const> corrections);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_PRODUCT_H_
