// SPDX-License-Identifier: Apache-2.0
// Products of the sizes of BERT-base at 128 tokens. `MAC` is multiply-adds a second.
#include <benchmark/benchmark.h>

#include <vector>

#include "runtime/plain/product.h"

namespace mpcc::plain {
namespace {

void BM_Product(benchmark::State& state) {
  const int64_t m = state.range(0), k = state.range(1), n = state.range(2);
  std::vector<float> a(m * k), b(k * n);
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 251) - 125;
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 241) - 120;
  std::vector<double> c(m * n);
  for (auto _ : state) {
    AccumulateProduct(a.data(), b.data(), c, m, k);
    benchmark::DoNotOptimize(c.data());
  }
  state.counters["MAC"] = benchmark::Counter(static_cast<double>(m * k * n),
                                             benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Product)
    ->Args({128, 768, 768})
    ->Args({128, 768, 3072})
    ->Args({128, 3072, 768})
    ->Args({128, 64, 128})
    ->Args({128, 128, 64})
    ->Args({1, 768, 768});

}  // namespace
}  // namespace mpcc::plain
