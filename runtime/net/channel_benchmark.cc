// SPDX-License-Identifier: Apache-2.0
// One round: both ends exchange messages of the same size. The other end runs on its own thread.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <thread>
#include <utility>

#include "mpcc/memory_channel.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/net/test_peers.h"

namespace mpcc {
namespace {

using ChannelPair = std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>;

ChannelPair OverMemory(const WaitOptions& wait) { return MakeMemoryChannelPair("P2", "P1", wait); }

ChannelPair OverSockets(const TlsContext* p2, const TlsContext* p1, const WaitOptions& wait) {
  IntroducedPair pair = IntroducePair(p2, p1, wait);
  if (!pair.at_connector.ok() || !pair.at_listener.ok()) std::abort();
  return {std::move(pair.at_connector->channel), std::move(pair.at_listener->channel)};
}

ChannelPair OverTcp(const WaitOptions& wait) { return OverSockets(nullptr, nullptr, wait); }
ChannelPair OverTls(const WaitOptions& wait) {
  return OverSockets(&TestTls(PartyId::kP2), &TestTls(PartyId::kP1), wait);
}

// Arguments: message bytes, spin in microseconds.
template <ChannelPair (*make)(const WaitOptions&)>
void BM_Exchange(benchmark::State& state) {
  const size_t bytes = state.range(0);
  auto [a, b] = make({.spin = std::chrono::microseconds(state.range(1))});
  std::thread other([&, &b = b] {
    SecureBuffer out(bytes), in(bytes);
    while (b->Exchange(out.span(), in.span()).ok()) {
    }
  });
  SecureBuffer out(bytes), in(bytes);
  for (auto _ : state) {
    if (!a->Exchange(out.span(), in.span()).ok()) state.SkipWithError("exchange failed");
  }
  a.reset();
  other.join();
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));  // each way
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseRealTime()->ArgNames({"bytes", "spin_us"});
  for (int spin : {50, 0}) {
    for (int bytes : {64, 4096, 65536, 1 << 20, 8 << 20}) benchmark->Args({bytes, spin});
  }
}

BENCHMARK(BM_Exchange<OverMemory>)->Apply(Sizes);
BENCHMARK(BM_Exchange<OverTcp>)->Apply(Sizes);
BENCHMARK(BM_Exchange<OverTls>)->Apply(Sizes);

}  // namespace
}  // namespace mpcc
