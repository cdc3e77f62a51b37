// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/cost.h"

#include <algorithm>
#include <cassert>

#include "runtime/base/ring.h"

namespace mpcc {
const CostRow& CostOf(Operation operation) { return kCostRows[static_cast<size_t>(operation)]; }

uint64_t PackedVector::Bytes() const { return PackedBytes(elements, width); }

uint64_t PackedVector::MaterialBytes() const { return (Bytes() + 7) / 8 * 8; }

Cost& Cost::operator+=(const Cost& other) {
  rounds += other.rounds;
  messages_p1_to_p2 += other.messages_p1_to_p2;
  messages_p2_to_p1 += other.messages_p2_to_p1;
  bytes_p1_to_p2 += other.bytes_p1_to_p2;
  bytes_p2_to_p1 += other.bytes_p2_to_p1;
  material_bytes += other.material_bytes;
  setup_bytes += other.setup_bytes;
  return *this;
}

Cost ExchangeCost(Operation operation, std::span<const PackedVector> vectors) {
  const CostRow& row = CostOf(operation);
  uint64_t bytes = 0;
  for (const PackedVector& vector : vectors) bytes += vector.Bytes();
  Cost cost;
  cost.rounds = row.rounds;
  cost.messages_p1_to_p2 = row.p1_sends;
  cost.messages_p2_to_p1 = row.p2_sends;
  cost.bytes_p1_to_p2 = row.p1_sends ? bytes : 0;
  cost.bytes_p2_to_p1 = row.p2_sends ? bytes : 0;
  return cost;
}

std::vector<PackedVector> DealtVectors(Operation operation, uint64_t elements, int width,
                                       int index_bits) {
  const CostRow& row = CostOf(operation);
  const uint64_t entries = row.tabulated ? elements << index_bits : elements;
  return std::vector<PackedVector>(row.dealt_vectors, PackedVector{entries, width});
}

std::vector<Shape> ProductSubsetShapes(std::span<const Shape> factors,
                                       const std::optional<Shape>& constant) {
  std::vector<Shape> shapes;
  for (uint32_t subset = constant ? 0 : 1; subset < 1u << factors.size(); ++subset) {
    std::optional<Shape> shape = constant.value_or(Shape{});
    for (size_t t = 0; t < factors.size(); ++t)
      if (subset >> t & 1) shape = BroadcastShape(*shape, factors[t]);
    assert(shape);
    shapes.push_back(*std::move(shape));
  }
  return shapes;
}

std::vector<PackedVector> OneHotVectors(uint64_t elements, std::span<const int64_t> digits) {
  std::vector<PackedVector> vectors;
  for (int64_t width : digits) vectors.push_back({elements << width, 1});
  return vectors;
}

Cost DealtCost(std::span<const PackedVector> vectors) {
  Cost cost;
  for (const PackedVector& vector : vectors) cost.material_bytes += vector.MaterialBytes();
  return cost;
}

}  // namespace mpcc
