// SPDX-License-Identifier: Apache-2.0
// Items are dealt vectors. Few elements: a scalar for each of 16 rows, whose staircase has many
// products. Many: a private function of each number of a layer.
#include <benchmark/benchmark.h>

#include "runtime/protocol/bits.h"
#include "runtime/protocol/cost.h"

namespace mpcc::protocol {
namespace {

using Ints = std::vector<int64_t>;

struct Function {
  Ints terms, coefficients;
  int width;
  uint64_t elements;

  BitPolynomial polynomial() const { return {terms, coefficients}; }
};

// Ten levels, each half of the one before, behind a borrow of three digits.
Function Staircase() {
  Function f{{}, {}, 44, 16};
  for (int level = 0; level < 10; ++level)
    for (int64_t borrow : {1, 6, 26})
      f.terms.push_back(int64_t{32} << level | borrow), f.coefficients.push_back(-(1 << level));
  return f;
}

Function LayerOfNumbers() {
  return {{1, 2, 4, 8, 80, 96, 400, 416}, {1, 2, 4, -8, -1, 16, -1, 16}, 16, 1 << 17};
}

Prg Key() {
  const uint8_t key[16] = {1};
  return Prg(key);
}

// Dealt vectors whose corrections lie in memory: Dealt or DealTarget.
template <typename Vector>
class Vectors {
 public:
  explicit Vectors(const Function& f) {
    for (const PackedVector& vector : f.polynomial().Vectors(f.elements, f.width, 0)) {
      const auto number = static_cast<uint32_t>(all_.size());
      corrections_.emplace_back(vector.Bytes());
      all_.push_back({number, nullptr, 0, corrections_.back().span()});
    }
  }
  operator std::span<const Vector>() const { return all_; }  // NOLINT: a view
  int64_t size() const { return static_cast<int64_t>(all_.size()); }

 private:
  std::vector<SecureBuffer> corrections_;
  std::vector<Vector> all_;
};

void BM_Deal(benchmark::State& state, const Function& f) {
  Prg k01 = Key(), k02 = Key();
  Arena arena;
  const Vectors<DealTarget> targets(f);
  const BitSum sum(f.polynomial(), f.width, false);
  const SecureBuffer masks(PackedBytes(16 * f.elements, 1));
  const ConstBitVector mask(masks.data(), 16 * f.elements);
  for (auto _ : state) {
    arena.Reset();
    DealContext context{k01, k02, arena};
    sum.Deal(context, {{mask, mask}, f.elements}, {}, targets);
  }
  state.SetItemsProcessed(state.iterations() * targets.size());
}
BENCHMARK_CAPTURE(BM_Deal, few, Staircase());
BENCHMARK_CAPTURE(BM_Deal, many, LayerOfNumbers());

void BM_Evaluate(benchmark::State& state, PartyId party, const Function& f) {
  Prg key = Key();
  Arena arena;
  const Vectors<Dealt> dealt(f);
  const BitSum sum(f.polynomial(), f.width, false);
  const SecureBuffer bits(PackedBytes(16 * f.elements, 1));
  const ConstBitVector opened(bits.data(), 16 * f.elements);
  SecureBuffer result(LaneVectorBytes(f.elements, f.width));
  for (auto _ : state) {
    arena.Reset();
    EvalContext context{party, key, arena};
    sum.Evaluate(context, {opened, opened}, 0, dealt, {result.data(), f.elements, f.width});
  }
  state.SetItemsProcessed(state.iterations() * dealt.size());
}
BENCHMARK_CAPTURE(BM_Evaluate, p1_few, PartyId::kP1, Staircase());
BENCHMARK_CAPTURE(BM_Evaluate, p2_few, PartyId::kP2, Staircase());
BENCHMARK_CAPTURE(BM_Evaluate, p1_many, PartyId::kP1, LayerOfNumbers());
BENCHMARK_CAPTURE(BM_Evaluate, p2_many, PartyId::kP2, LayerOfNumbers());

}  // namespace
}  // namespace mpcc::protocol
