// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/synthetic_encoder.h"

#include <random>

#include "runtime/plain/operators.h"

namespace mpcc::engine {
namespace {

constexpr uint32_t kL = 16;
using Dims = std::vector<uint32_t>;

class Builder {
 public:
  explicit Builder(const EncoderSize& size) : size_(size) {}

  TestPlans Build() {
    const TestValue ids =
        plans_.Emit1(plan::LOCAL_ARGUMENT, {}, {plan::LOCAL, 0, {size_.tokens}, plan::I64},
                     {.ints = {1, 0}, .name = "input_ids"});
    const std::vector<float> embedding(1000 * size_.width, 1.0f);
    const uint32_t constant = plans_.LocalConstant<float>({1000, size_.width}, embedding);
    const TestValue table =
        plans_.Emit1(plan::LOCAL_CONSTANT, {}, {plan::LOCAL, 0, {1000, size_.width}, plan::F32},
                     {.constants = {{{}, {constant}, {}}}});
    const Dims shape = {size_.tokens, size_.width};
    const TestValue rows =
        plans_.Emit1(plan::LOCAL_PLAIN, {table, ids}, {plan::LOCAL, 0, shape, plan::F32},
                     {.ints = {plain::FindOperator("gather"), 0}});
    const TestValue ring =
        plans_.Emit1(plan::LOCAL_ENCODE, {rows}, {plan::LOCAL, kL, shape}, {.ints = {0}});
    TestValue x = plans_.Emit1(plan::INPUT, {ring}, {plan::RSS, kL, shape}, {.streams = 1});
    for (uint32_t i = 0; i < size_.layers; ++i) {
      plans_.Layer("layer " + std::to_string(i));
      x = Layer(x);
    }
    const TestValue open = plans_.Emit1(plan::OPEN_FREE, {x}, {plan::ADD, kL, shape}, {});
    const TestValue revealed = plans_.Emit1(plan::REVEAL, {open}, {plan::LOCAL, kL, shape}, {});
    plans_.Emit(plan::LOCAL_OUTPUT, {revealed}, {}, {.ints = {0}, .name = "hidden"});
    plans_.Finish();
    return std::move(plans_);
  }

 private:
  TestValue Layer(const TestValue& x) {
    const uint32_t t = size_.tokens, head = size_.width / size_.heads;
    const TestValue q = Heads(Activation(Linear(x, size_.width, size_.width), {t, size_.width}));
    const TestValue k = Heads(Activation(Linear(x, size_.width, size_.width), {t, size_.width}));
    const TestValue v = Heads(Activation(Linear(x, size_.width, size_.width), {t, size_.width}));
    const Dims scores = {size_.heads, t, t}, context = {size_.heads, t, head};
    const TestValue s =
        plans_.Emit1(plan::MATMUL, {q, k}, {plan::ADD, kL, scores}, {.ints = {1}, .streams = 1});
    const TestValue p = Activation(s, scores);
    const TestValue c =
        plans_.Emit1(plan::MATMUL, {p, v}, {plan::ADD, kL, context}, {.ints = {0}, .streams = 1});
    const TestValue turned =
        plans_.Emit1(plan::TRANSPOSE, {Activation(c, context)},
                     {plan::RSS, kL, {t, size_.heads, head}}, {.ints = {1, 0, 2}});
    const TestValue flat =
        plans_.Emit1(plan::RESHAPE, {turned}, {plan::RSS, kL, {t, size_.width}}, {});
    const TestValue attended = Activation(Linear(flat, size_.width, size_.width), {t, size_.width});
    const TestValue up = Activation(Linear(attended, size_.width, size_.inner), {t, size_.inner});
    return Activation(Linear(up, size_.inner, size_.width), {t, size_.width});
  }

  TestValue Linear(const TestValue& x, uint32_t k, uint32_t n) {
    const uint32_t weight = plans_.Weight(kL, {k, n}, Random(uint64_t{k} * n));
    return plans_.Emit1(
        plan::LINEAR, {x}, {plan::ADD, kL, {size_.tokens, n}},
        {.streams = 1,
         .constants = {{{plans_.plan(0).shared_constants(weight).constant()}, {}, {}}},
         .shared = {weight}});
  }

  // extract, reshare the index, look up, reshare the value.
  TestValue Activation(const TestValue& x, const Dims& shape) {
    const uint32_t k = size_.index_bits;
    const TestValue top = plans_.Emit1(plan::EXTRACT, {x}, {plan::ADD, k, shape}, {});
    const TestValue index =
        plans_.Emit1(plan::RESHARE, {top}, {plan::RSS, k, shape}, {.streams = 1});
    const uint32_t table =
        plans_.RingConstant(0, kL, {1, uint32_t{1} << k}, Random(uint64_t{1} << k));
    const TestValue y =
        plans_.Emit1(plan::LUT, {index}, {plan::ADD, kL, shape},
                     {.ints = {k, 0}, .streams = 1, .constants = {{{table}, {}, {}}}});
    return plans_.Emit1(plan::RESHARE, {y}, {plan::RSS, kL, shape}, {.streams = 1});
  }

  // [t, width] to [heads, t, head].
  TestValue Heads(const TestValue& x) {
    const uint32_t t = size_.tokens, head = size_.width / size_.heads;
    const TestValue split =
        plans_.Emit1(plan::RESHAPE, {x}, {plan::RSS, kL, {t, size_.heads, head}}, {});
    return plans_.Emit1(plan::TRANSPOSE, {split}, {plan::RSS, kL, {size_.heads, t, head}},
                        {.ints = {1, 0, 2}});
  }

  std::vector<uint64_t> Random(uint64_t n) {
    std::vector<uint64_t> values(n);
    for (uint64_t& value : values) value = random_();
    return values;
  }

  EncoderSize size_;
  TestPlans plans_;
  std::mt19937_64 random_{1};
};

}  // namespace

TestPlans SyntheticEncoder(const EncoderSize& size) { return Builder(size).Build(); }

}  // namespace mpcc::engine
