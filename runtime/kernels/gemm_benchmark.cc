// SPDX-License-Identifier: Apache-2.0
// Products of the sizes of BERT-base and MiniLM. `MAC` is multiply-adds a second.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <vector>

#include "runtime/kernels/gemm.h"

namespace mpcc::kernels {
namespace {

template <LaneType T>
std::vector<T> Filled(int64_t n) {
  std::vector<T> out(n);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(i * 0x9e3779b97f4a7c15 >> 17);
  return out;
}

void SetMacs(benchmark::State& state, double macs) {
  state.counters["MAC"] = benchmark::Counter(macs, benchmark::Counter::kIsIterationInvariantRate);
}

// Weights for every encoder layer's worth of memory are cycled through, so that they come from
// memory as they do online.
template <LaneType T>
void BM_PackedWeights(benchmark::State& state) {
  const int64_t m = state.range(0), k = state.range(1), n = state.range(2);
  const int64_t copies = std::max<int64_t>(1, (int64_t{96} << 20) / (k * n * sizeof(T)));
  const auto weights = Filled<T>(k * n), a = Filled<T>(m * k);
  constexpr int kBits = 8 * sizeof(T);
  std::vector<PackedMatrix> packed;
  for (int64_t i = 0; i < copies; ++i)
    packed.emplace_back(ConstRingVector(std::span(weights), kBits), k, n);
  std::vector<T> c(m * n);
  int64_t next = 0;
  for (auto _ : state) {
    Gemm(ConstRingVector(std::span(a), kBits), packed[next++ % copies], Update::kSet,
         RingVector(std::span(c), kBits));
    benchmark::DoNotOptimize(c.data());
  }
  SetMacs(state, static_cast<double>(m) * n * k);
}

// The two products of attention, 12 heads of 64.
template <LaneType T>
void BM_Attention(benchmark::State& state) {
  const int64_t tokens = state.range(0);
  const bool scores = state.range(1);
  const int64_t n = scores ? tokens : 64, k = scores ? 64 : tokens;
  const auto a = Filled<T>(12 * tokens * k), b = Filled<T>(12 * k * n);
  std::vector<T> c(12 * tokens * n);
  constexpr int kBits = 8 * sizeof(T);
  for (auto _ : state) {
    BatchGemm({12, tokens, n, k, scores}, ConstRingVector(std::span(a), kBits),
              ConstRingVector(std::span(b), kBits), Update::kSet, RingVector(std::span(c), kBits));
    benchmark::DoNotOptimize(c.data());
  }
  SetMacs(state, 12.0 * tokens * n * k);
}

void Sizes(benchmark::internal::Benchmark* b) {
  for (const int64_t m : {1, 16, 32, 128}) {
    b->Args({m, 768, 768})->Args({m, 768, 3072})->Args({m, 3072, 768});
  }
}
BENCHMARK(BM_PackedWeights<uint16_t>)->Apply(Sizes);
BENCHMARK(BM_PackedWeights<uint8_t>)->Args({16, 768, 768})->Args({128, 768, 768});
BENCHMARK(BM_PackedWeights<uint32_t>)->Args({16, 384, 1536})->Args({128, 384, 1536});
BENCHMARK(BM_PackedWeights<uint64_t>)->Args({16, 768, 768})->Args({128, 768, 768});
BENCHMARK(BM_Attention<uint16_t>)->ArgsProduct({{16, 128}, {0, 1}});
BENCHMARK(BM_Attention<uint32_t>)->ArgsProduct({{16, 128}, {0, 1}});

}  // namespace
}  // namespace mpcc::kernels
