// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/weights.h"

#include "runtime/kernels/pack.h"
#include "runtime/protocol/cost.h"

namespace mpcc::engine {
namespace {

// Where the correction of a weight lies among all.
struct CorrectionPlace {
  uint64_t offset = 0, bytes = 0;
};

PackedVector VectorOf(const plan::SharedConstant& shared) {
  return {ElementCount(ShapeOf(shared)), static_cast<int>(shared.width())};
}

// Calls fn(shared constant, place of its correction) for each.
template <typename Fn>
void ForEachShared(const plan::Plan& plan, Fn fn) {
  uint64_t offset = 0;
  for (const plan::SharedConstant& shared : plan.shared_constants()) {
    const PackedVector vector = VectorOf(shared);
    fn(shared, CorrectionPlace{offset, vector.Bytes()});
    offset += vector.MaterialBytes();
  }
}

// fill(shared, place of its correction, lanes) provides each matrix.
template <typename Fill>
WeightTable Prepare(const plan::Plan& plan, Fill fill) {
  WeightTable table;
  ForEachShared(plan, [&](const plan::SharedConstant& shared, const CorrectionPlace& place) {
    const PackedVector vector = VectorOf(shared);
    SecureBuffer buffer(LaneVectorBytes(vector.elements, vector.width));
    const RingVector lanes(buffer.data(), vector.elements, vector.width);
    fill(shared, place, lanes);
    table.emplace_back(lanes, shared.shape(0), shared.shape(1));
  });
  return table;
}

}  // namespace

uint64_t SetupBytes(const plan::Plan& plan) {
  uint64_t bytes = 0;
  for (const plan::SharedConstant& shared : plan.shared_constants())
    bytes += VectorOf(shared).MaterialBytes();
  return bytes;
}

absl::Status DealWeights(const LoadedPlan& plan, Prg& k01, PieceSink& corrections) {
  protocol::Arena arena;
  protocol::CorrectionWriter writer(corrections);
  // Set-up draws no masks: the second generator is not used.
  protocol::DealContext context{k01, k01, arena};
  ForEachShared(plan.plan(), [&](const plan::SharedConstant& shared, const CorrectionPlace& place) {
    protocol::DealVector(context, ConstantOf(plan, shared.constant()),
                         {shared.stream(), &writer, place.offset});
  });
  return writer.Finish(SetupBytes(plan.plan()));
}

WeightTable WeightsOfModelOwner(const LoadedPlan& plan) {
  WeightTable table;
  for (const plan::SharedConstant& shared : plan.plan().shared_constants())
    table.emplace_back(ConstantOf(plan, shared.constant()), shared.shape(0), shared.shape(1));
  return table;
}

WeightTable WeightSharesOfDataOwner(const LoadedPlan& plan, Prg& k01) {
  return Prepare(plan.plan(),
                 [&](const plan::SharedConstant& shared, const CorrectionPlace&, RingVector lanes) {
                   protocol::DrawVector(k01, {StreamRole::kDealt, shared.stream()}, lanes);
                 });
}

WeightTable WeightSharesOfAssistant(const LoadedPlan& plan, std::span<const uint8_t> corrections) {
  return Prepare(plan.plan(),
                 [&](const plan::SharedConstant&, const CorrectionPlace& place, RingVector lanes) {
                   kernels::Unpack(corrections.subspan(place.offset, place.bytes), lanes);
                 });
}

}  // namespace mpcc::engine
