// SPDX-License-Identifier: Apache-2.0
// P0's dealing of rotated tables. Bytes a second count the packed output.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <numeric>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/table.h"

namespace mpcc::kernels {
namespace {

// Arguments: k, l.
template <LaneType T>
void BM_DealLut(benchmark::State& state) {
  const int k = static_cast<int>(state.range(0)), l = static_cast<int>(state.range(1));
  constexpr int64_t kElements = 16 * 3072;
  std::vector<T> entries(int64_t{1} << k);
  std::iota(entries.begin(), entries.end(), T{0});
  const auto tables = RotatableTables::FromRows(ConstRingVector(std::span(entries), l), k);
  std::vector<uint8_t> mask(kElements);
  for (int64_t i = 0; i < kElements; ++i) mask[i] = (i * 0x9e3779b9 >> 7) & Mask(k);
  std::vector<uint8_t> buffer(PackedBytes(kElements << k, l), 0x5a);
  for (auto _ : state) {
    DealLut(tables, ConstRingVector(std::span(mask), k), 0, 0, buffer);
    benchmark::DoNotOptimize(buffer.data());
  }
  state.SetBytesProcessed(state.iterations() * buffer.size());
}
BENCHMARK(BM_DealLut<uint16_t>)->Args({4, 16})->Args({6, 16})->Args({8, 16})->Args({6, 11});
BENCHMARK(BM_DealLut<uint8_t>)->Args({4, 4})->Args({6, 6});
BENCHMARK(BM_DealLut<uint32_t>)->Args({8, 32})->Args({8, 20});

// Reading one entry an element of a packed table; items are entries.
void BM_ReadLut(benchmark::State& state) {
  constexpr int kK = 6;
  constexpr int64_t kElements = 16 * 3072;
  const int l = static_cast<int>(state.range(0));
  const std::vector<uint8_t> packed(PackedBytes(kElements << kK, l), 0x5a);
  std::vector<uint8_t> m(kElements);
  for (int64_t i = 0; i < kElements; ++i) m[i] = (i * 0x9e3779b9 >> 7) & Mask(kK);
  std::vector<uint64_t> index(kElements);
  std::vector<uint16_t> out(kElements);
  for (auto _ : state) {
    LutIndices(ConstRingVector(std::span(m), kK), {kK, 0}, index);
    UnpackAt(packed, index, RingVector(std::span(out), l));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * kElements);
}
BENCHMARK(BM_ReadLut)->Arg(16)->Arg(11);

}  // namespace
}  // namespace mpcc::kernels
