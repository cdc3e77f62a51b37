// SPDX-License-Identifier: Apache-2.0
// Bytes a second count the lanes, the wide side.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <vector>

#include "runtime/base/ring.h"
#include "runtime/kernels/pack.h"

namespace mpcc::kernels {
namespace {

constexpr int64_t kElements = 1 << 16;

template <LaneType T>
void BM_Pack(benchmark::State& state) {
  const int l = static_cast<int>(state.range(0));
  const std::vector<T> lanes(kElements, static_cast<T>(Mask(l)));
  std::vector<uint8_t> packed(PackedBytes(kElements, l));
  for (auto _ : state) {
    Pack(ConstRingVector(std::span(lanes), l), packed);
    benchmark::DoNotOptimize(packed.data());
  }
  state.SetBytesProcessed(state.iterations() * kElements * sizeof(T));
}

template <LaneType T>
void BM_Unpack(benchmark::State& state) {
  const int l = static_cast<int>(state.range(0));
  std::vector<T> lanes(kElements);
  const std::vector<uint8_t> packed(PackedBytes(kElements, l), 0x5a);
  for (auto _ : state) {
    Unpack(packed, RingVector(std::span(lanes), l));
    benchmark::DoNotOptimize(lanes.data());
  }
  state.SetBytesProcessed(state.iterations() * kElements * sizeof(T));
}

// So many elements of 44 bits: what a call costs.
void BM_UnpackFew(benchmark::State& state) {
  std::vector<uint64_t> lanes(state.range(0));
  const std::vector<uint8_t> packed(PackedBytes(lanes.size(), 44), 0x5a);
  for (auto _ : state) {
    Unpack(packed, RingVector(std::span(lanes), 44));
    benchmark::DoNotOptimize(lanes.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_UnpackFew)->Arg(16)->Arg(32)->Arg(63)->Arg(64);

BENCHMARK(BM_Pack<uint8_t>)->Arg(4)->Arg(5)->Arg(8);
BENCHMARK(BM_Pack<uint16_t>)->Arg(11)->Arg(12)->Arg(16);
BENCHMARK(BM_Pack<uint32_t>)->Arg(20)->Arg(31);
BENCHMARK(BM_Pack<uint64_t>)->Arg(40)->Arg(61);
BENCHMARK(BM_Unpack<uint8_t>)->Arg(4)->Arg(5)->Arg(8);
BENCHMARK(BM_Unpack<uint16_t>)->Arg(11)->Arg(12)->Arg(16);
BENCHMARK(BM_Unpack<uint32_t>)->Arg(20)->Arg(31);
BENCHMARK(BM_Unpack<uint64_t>)->Arg(40)->Arg(61);

}  // namespace
}  // namespace mpcc::kernels
