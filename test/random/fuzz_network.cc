// SPDX-License-Identifier: Apache-2.0
// A random network through the whole compiler, run by the engine on channels in memory: every wire
// of P1 and P2 is the interpreter's, bit for bit. The bytes say the shape, the seeds of weights and
// of inputs, and the lowering.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "test/e2e/replay.h"
#include "test/random/nn_generator.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

mpcc::NetworkShape ShapeOf(FuzzedDataProvider& bytes) {
  mpcc::NetworkShape shape;
  shape.tokens = bytes.ConsumeIntegralInRange(1, 5);
  shape.heads = bytes.ConsumeIntegralInRange(1, 3);
  shape.head_width = bytes.ConsumeIntegralInRange(2, 6);
  shape.vocabulary = bytes.ConsumeIntegralInRange(2, 12);
  shape.weight_bits = bytes.ConsumeIntegralInRange(1, 8);
  shape.activation_bits = bytes.ConsumeIntegralInRange(2, 8);
  shape.masked = bytes.ConsumeBool();
  shape.rounded = bytes.ConsumeBool();
  shape.head = bytes.PickValueInArray({"c", "t", "p", "n"});
  shape.blocks.clear();
  for (int left = bytes.ConsumeIntegralInRange(1, 3); left > 0; --left)
    shape.blocks += bytes.PickValueInArray({'a', 'f', 'd'});
  return shape;
}

}  // namespace

// Needs no corpus: bytes for all that is asked for, at random.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  constexpr size_t kBytes = 24;
  if (size >= kBytes || max_size < kBytes) return LLVMFuzzerMutate(data, size, max_size);
  std::mt19937 random(seed);
  std::generate_n(data, kBytes, random);
  return kBytes;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider bytes(data, size);
  const mpcc::NetworkShape shape = ShapeOf(bytes);
  const auto weights = bytes.ConsumeIntegral<uint16_t>();
  const uint64_t seed = 1 + bytes.ConsumeIntegral<uint8_t>();
  const bool paper = bytes.ConsumeIntegralInRange(0, 7) == 0;
  mlir::MLIRContext context;
  context.disableMultithreading();
  mpcc::LoadDialects(context);
  const auto module =
      mpcc::CompileText(context, mpcc::GenerateNetwork(shape, weights), mpcc::Stage::kNn, paper);
  if (!module.ok()) return 0;  // refused: ranges that do not fit
  const auto report = mpcc::Replay(**module, {.seed = seed});
  if (report.ok()) return 0;
  std::fprintf(stderr, "%s, weights %d, inputs %d: %s\n", mpcc::Describe(shape).c_str(), weights,
               static_cast<int>(seed), report.status().ToString().c_str());
  __builtin_trap();
}
