// SPDX-License-Identifier: Apache-2.0
// product: RSS factors (each broadcast to the result) and optionally one private constant, for no
// message. The product of all (m_t - L_t) and c is expanded; every monomial in the masks (and c) is
// a dealt vector of its own broadcast shape. docs/protocol.md, "Products".
#ifndef MPCC_RUNTIME_PROTOCOL_PRODUCT_H_
#define MPCC_RUNTIME_PROTOCOL_PRODUCT_H_

#include <optional>
#include <span>
#include <vector>

#include "runtime/base/shape.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// The shapes of a product, found once.
struct ProductShape {
  // REQUIRES: the shapes broadcast.
  ProductShape(std::vector<Shape> factors, std::optional<Shape> constant);

  std::vector<Shape> factors;
  std::optional<Shape> constant;
  Shape result;                // the broadcast of all
  std::vector<Shape> subsets;  // ProductSubsetShapes(factors, constant)
};

// `masked[t]` is m of factor t; `dealt` has one entry per subset.
void EvaluateProduct(EvalContext& context, const ProductShape& shape,
                     std::span<const ConstRingVector> masked, std::span<const Dealt> dealt,
                     RingVector out);

// `constant` is empty without one; `targets` has one entry per subset.
void DealProduct(DealContext& context, const ProductShape& shape, std::span<const MaskPair> masks,
                 ConstRingVector constant, std::span<const DealTarget> targets);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_PRODUCT_H_
