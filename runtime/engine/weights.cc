// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/weights.h"

#include "runtime/kernels/pack.h"

namespace mpcc {
namespace {

PackedVector VectorOf(const plan::SharedConstant& shared) {
  return {ElementCount(ShapeOf(shared)), static_cast<int>(shared.width())};
}

// fill(shared, offset of its correction, lanes) provides each matrix.
template <typename Fill>
WeightTable Prepare(const plan::Plan& plan, Fill fill) {
  WeightTable table;
  uint64_t offset = 0;
  for (const plan::SharedConstant& shared : plan.shared_constants()) {
    const PackedVector vector = VectorOf(shared);
    SecureBuffer lanes(LaneVectorBytes(vector.elements, vector.width));
    fill(shared, offset, lanes.data());
    table.push_back(std::make_unique<WeightMatrix>(lanes.data(), shared.shape(0), shared.shape(1),
                                                   vector.width));
    offset += vector.MaterialBytes();
  }
  return table;
}

}  // namespace

uint64_t SetupBytes(const plan::Plan& plan) {
  uint64_t bytes = 0;
  for (const plan::SharedConstant& shared : plan.shared_constants())
    bytes += VectorOf(shared).MaterialBytes();
  return bytes;
}

void DealWeights(const LoadedPlan& plan, Prg& k01, std::span<uint8_t> corrections) {
  Arena arena;
  DealContext context{k01, k01, arena};  // set-up draws no masks: the second generator is not used
  uint64_t offset = 0;
  for (const plan::SharedConstant& shared : plan.plan().shared_constants()) {
    const PackedVector vector = VectorOf(shared);
    DealVector(context, shared.stream(), plan.Constant(shared.constant()).data(), vector.elements,
               vector.width, corrections.data() + offset);
    offset += vector.MaterialBytes();
  }
}

WeightTable WeightsOfModelOwner(const LoadedPlan& plan) {
  WeightTable table;
  for (const plan::SharedConstant& shared : plan.plan().shared_constants())
    table.push_back(std::make_unique<WeightMatrix>(plan.Constant(shared.constant()).data(),
                                                   shared.shape(0), shared.shape(1),
                                                   static_cast<int>(shared.width())));
  return table;
}

WeightTable WeightSharesOfDataOwner(const LoadedPlan& plan, Prg& k01) {
  return Prepare(plan.plan(), [&](const plan::SharedConstant& shared, uint64_t, uint8_t* lanes) {
    DrawVector(k01, shared.stream(), ElementCount(ShapeOf(shared)),
               static_cast<int>(shared.width()), lanes);
  });
}

WeightTable WeightSharesOfAssistant(const LoadedPlan& plan, std::span<const uint8_t> corrections) {
  return Prepare(plan.plan(),
                 [&](const plan::SharedConstant& shared, uint64_t offset, uint8_t* lanes) {
                   VisitLane(static_cast<int>(shared.width()), [&](auto tag) {
                     using T = typename decltype(tag)::type;
                     kernels::Unpack(corrections.data() + offset,
                                     static_cast<int64_t>(ElementCount(ShapeOf(shared))),
                                     static_cast<int>(shared.width()), reinterpret_cast<T*>(lanes));
                   });
                 });
}

}  // namespace mpcc
