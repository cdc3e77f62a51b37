// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "runtime/base/secure_buffer.h"
#include "runtime/crypto/prg.h"

namespace mpcc {
namespace {

constexpr std::array<uint8_t, 16> kKey{1, 2, 3};

void BM_Fill(benchmark::State& state) {
  Prg prg(kKey);
  SecureBuffer out(state.range(0));
  for (auto _ : state) {
    prg.Fill(1, 0, out.span());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Fill)
    ->Arg(16)
    ->Arg(64)
    ->Arg(256)
    ->Arg(512)
    ->Arg(1024)
    ->Arg(4096)
    ->Arg(65536)
    ->Arg(1 << 20)
    ->Arg(16 << 20);

void BM_Blocks(benchmark::State& state) {
  Prg prg(kKey);
  std::vector<uint64_t> indices(state.range(0));
  for (size_t i = 0; i < indices.size(); ++i) indices[i] = i * 13;
  SecureBuffer out(indices.size() * Prg::kBlockBytes);
  for (auto _ : state) {
    prg.Blocks(1, indices, out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Blocks)->Arg(1)->Arg(64)->Arg(1024)->Arg(49152);

// Of 16 streams, as many blocks of each as the argument.
void BM_Heads(benchmark::State& state) {
  Prg prg(kKey);
  std::vector<uint64_t> streams(16);
  for (size_t i = 0; i < streams.size(); ++i) streams[i] = i;
  SecureBuffer out(streams.size() * state.range(0) * Prg::kBlockBytes);
  for (auto _ : state) {
    prg.Heads(streams, state.range(0), out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(streams.size()));
}
BENCHMARK(BM_Heads)->Arg(1)->Arg(4)->Arg(6)->Arg(44);

}  // namespace
}  // namespace mpcc
