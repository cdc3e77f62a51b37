// SPDX-License-Identifier: Apache-2.0
// Dealing and the online phase of an encoder with the parties as threads; mpcc-local measures
// processes.
#include <benchmark/benchmark.h>

#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/engine/run.h"
#include "runtime/engine/synthetic_encoder.h"
#include "runtime/engine/weights.h"

namespace mpcc::engine {
namespace {

Prg Key(uint8_t number) {
  uint8_t key[16] = {number};
  return Prg(key);
}

struct Parties {
  explicit Parties(const EncoderSize& size) {
    const TestPlans plans = SyntheticEncoder(size);
    const std::shared_ptr<const LoadedPlan> loaded[3] = {*plans.Load(0), *plans.Load(1),
                                                         *plans.Load(2)};
    Prg setup = Key(9);
    MemoryPieces weight_pieces;
    DealWeights(*loaded[0], setup, weight_pieces).IgnoreError();
    const SecureBuffer weights = weight_pieces.Whole();
    p0 = std::make_unique<DealRun>(*PreparedPlan::ForModelOwner(loaded[0]), 0);
    p1 =
        std::make_unique<DataOwnerRun>(*PreparedPlan::ForDataOwner(loaded[1], std::move(setup)), 0);
    p2 = std::make_unique<AssistantRun>(*PreparedPlan::ForAssistant(loaded[2], weights.span()), 0);
  }
  std::unique_ptr<DealRun> p0;
  std::unique_ptr<DataOwnerRun> p1;
  std::unique_ptr<AssistantRun> p2;
};

// A sink that keeps nothing.
class Nowhere : public PieceSink {
  absl::Status Put(std::span<const uint8_t>) override { return absl::OkStatus(); }
};

EncoderSize SizeOf(const benchmark::State& state) {
  EncoderSize size;
  size.tokens = static_cast<uint32_t>(state.range(0));
  return size;
}

void BM_Deal(benchmark::State& state) {
  Parties parties(SizeOf(state));
  Nowhere nowhere;
  for (auto _ : state)
    if (!parties.p0->Deal(Key(1), Key(2), nowhere).ok()) state.SkipWithError("deal");
  state.SetBytesProcessed(
      static_cast<int64_t>(state.iterations() * parties.p0->program().material_size()));
}
BENCHMARK(BM_Deal)->Arg(16)->Unit(benchmark::kMillisecond);

void BM_Online(benchmark::State& state) {
  const EncoderSize size = SizeOf(state);
  Parties parties(size);
  MemoryPieces corrections;
  if (!parties.p0->Deal(Key(1), Key(2), corrections).ok()) state.SkipWithError("deal");
  const NamedTensors inputs = {
      {"input_ids", {{size.tokens}, std::vector<int64_t>(size.tokens, 1)}}};
  for (auto _ : state) {
    auto [c1, c2] = MakeMemoryChannelPair();
    corrections.Rewind();
    std::thread assistant([&, &c2 = c2] {
      if (!parties.p2->Assist(Key(2), *c2, corrections).ok()) state.SkipWithError("p2");
    });
    if (!parties.p1->Begin(inputs).ok() || !parties.p1->Finish(Key(1), *c1).ok())
      state.SkipWithError("p1");
    assistant.join();
  }
}
BENCHMARK(BM_Online)->Arg(16)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace mpcc::engine
