// SPDX-License-Identifier: Apache-2.0
// Reading functions of digits out of one-hot vectors. Items are elements.
#include <benchmark/benchmark.h>
#include <hwy/targets.h>

#include <vector>

#include "runtime/base/ring.h"
#include "runtime/kernels/one_hot.h"

namespace mpcc::kernels {
namespace {

// Argument: bits of the digit. The vectors take 4 KiB, as in the protocol.
void BM_ReadOneHot(benchmark::State& state) {
  const int d = static_cast<int>(state.range(0));
  const uint64_t elements = uint64_t{1} << 15 >> d;
  std::vector<uint16_t> digits(elements);
  for (uint64_t i = 0; i < elements; ++i) digits[i] = Reduce(i * 0x9e3779b9 >> 7, d);
  const std::vector<uint64_t> table(std::max(1, (2 << d) / 64), 0x123456789abcdef0);
  const OneHotReader reader(d, table);
  const std::vector<uint8_t> packed(4096, 0x5a);
  std::vector<uint8_t> bits(PackedBytes(elements, 1));
  alignas(8) uint8_t scratch[OneHotReader::kScratchBytes];
  for (auto _ : state) {
    reader.Read(packed, digits, scratch, BitVector(bits.data(), elements));
    benchmark::DoNotOptimize(bits.data());
  }
  state.SetItemsProcessed(state.iterations() * elements);
}
BENCHMARK(BM_ReadOneHot)->DenseRange(1, 8)->Arg(10)->Arg(12);

}  // namespace
}  // namespace mpcc::kernels
