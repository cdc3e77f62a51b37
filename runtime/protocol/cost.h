// SPDX-License-Identifier: Apache-2.0
// The cost table: rounds, online traffic and dealt material of every operation, as data. The
// compiler chooses lowerings with it, plans declare totals from it, and the runtime asserts that
// what it measures is what the table says. Operations that are not listed (additions, reshapes,
// extraction...) cost nothing.
#ifndef MPCC_RUNTIME_PROTOCOL_COST_H_
#define MPCC_RUNTIME_PROTOCOL_COST_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "mpcc/cost.h"
#include "runtime/base/shape.h"

namespace mpcc {

enum class Operation {
  kInput,
  kReshare,
  kReveal,
  kLinear,
  kMatMul,
  kDot,
  kProduct,
  kLut,
  kLut2,
  kLutPair,
  kWrap,
  kHighBits,
  kReadBits,
  kFromBits,
  kCount
};

struct CostRow {
  Operation operation;
  const char* name;
  int rounds;     // exchanges between P1 and P2
  bool p1_sends;  // one vector of the opened width in that direction
  bool p2_sends;
  int dealt_vectors;  // vectors that P0 deals; 0 where shapes or parameters say how many
  bool tabulated;     // a dealt vector holds 2^index_bits entries per element, not one
};

// In the order of the enum.
inline constexpr CostRow kCostRows[] = {
    // operation, name, rounds, P1 sends, P2 sends, dealt vectors, tabulated
    {Operation::kInput, "input", 1, true, false, 0, false},
    {Operation::kReshare, "reshare", 1, true, true, 0, false},
    {Operation::kReveal, "reveal", 1, false, true, 0, false},
    {Operation::kLinear, "linear", 0, false, false, 1, false},
    {Operation::kMatMul, "matmul", 0, false, false, 1, false},
    {Operation::kDot, "dot", 0, false, false, 1, false},
    {Operation::kProduct, "product", 0, false, false, 0, false},
    {Operation::kLut, "lut", 0, false, false, 1, true},
    {Operation::kLut2, "lut2", 0, false, false, 1, true},
    {Operation::kLutPair, "lut_pair", 0, false, false, 1, true},
    {Operation::kWrap, "wrap", 0, false, false, 2, false},
    {Operation::kHighBits, "high_bits", 0, false, false, 1, false},
    {Operation::kReadBits, "read_bits", 0, false, false, 0, false},
    {Operation::kFromBits, "from_bits", 0, false, false, 0, false},
};
static_assert(
    [] {
      for (size_t i = 0; i < std::size(kCostRows); ++i)
        if (kCostRows[i].operation != static_cast<Operation>(i)) return false;
      return std::size(kCostRows) == static_cast<size_t>(Operation::kCount);
    }(),
    "an operation has no row in kCostRows, or another one's");

const CostRow& CostOf(Operation operation);

// n elements of `width` bits: a message's vector, or a dealt one.
struct PackedVector {
  uint64_t elements = 0;
  int width = 0;

  uint64_t Bytes() const;          // ceil(elements * width / 8), as sent between P1 and P2
  uint64_t MaterialBytes() const;  // the same rounded up to 8, as laid out in material
  bool operator==(const PackedVector&) const = default;
};

// One exchange (kInput, kReshare or kReveal) of all `vectors` together.
Cost ExchangeCost(Operation operation, std::span<const PackedVector> vectors);

// The vectors that P0 deals, as its row says, for an operation whose result has `elements` elements
// of `width` bits. `index_bits`: k of a lut, k1 + k2 of a lut2, 0 otherwise. REQUIRES: the product
// fits 64 bits.
std::vector<PackedVector> DealtVectors(Operation operation, uint64_t elements, int width,
                                       int index_bits = 0);

// The shape of the dealt vector of each subset of a product's factors, in increasing order of the
// subset's bit mask; the empty subset (first) only with a constant. REQUIRES: the shapes broadcast.
std::vector<Shape> ProductSubsetShapes(std::span<const Shape> factors,
                                       const std::optional<Shape>& constant);

// The one-hot vectors of a kReadBits: one per digit, 2^width bits for each of `elements`.
// REQUIRES: each width is less than 64, and the product fits 64 bits.
std::vector<PackedVector> OneHotVectors(uint64_t elements, std::span<const int64_t> digits);

// The material of these dealt vectors.
Cost DealtCost(std::span<const PackedVector> vectors);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_COST_H_
