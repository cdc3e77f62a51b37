// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/test_program.h"

#include <cmath>
#include <functional>

#include "runtime/plain/operators.h"

namespace mpcc::engine {
namespace {

using Ints = std::vector<uint64_t>;
using Reals = std::vector<float>;

const Reals kTable = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 3, 5};  // [5, 3]
const Ints kWeight = {1, 0, 2, 1, 0, 1, 1, 65535, 1, 1, 0, 2};          // [3, 4]
const Ints kBias = {1, 2, 3, 4};
const Ints kColumn = {1, 2, 3, 5};
constexpr int kL = 16;
constexpr int64_t kHuge = (int64_t{1} << 62) + 1;  // odd x^kHuge = x modulo 2^64, even x^kHuge = 0

Ints TableOf(int entries, const std::function<uint64_t(uint64_t)>& f) {
  Ints table(entries);
  for (int i = 0; i < entries; ++i) table[i] = Reduce(f(i), kL);
  return table;
}
uint64_t Square(uint64_t x) { return x * x + 1; }
uint64_t Mix(uint64_t x) { return 7 * (x / 8) + x % 8; }

uint64_t IsOdd(uint64_t x) { return x % 2; }
uint64_t IsFive(uint64_t x) { return x == 5; }

// The table of a function modulo 2^4 of a digit of as many bits.
int64_t DigitTable(uint64_t (*f)(uint64_t)) {
  int64_t table = 0;
  for (int bit = 1; bit < 32; ++bit) table |= static_cast<int64_t>(f(bit % 16)) << bit;
  return table;
}

TestPlans::Out Add(uint32_t width, std::vector<uint32_t> shape) {
  return {plan::ADD, width, std::move(shape)};
}
TestPlans::Out Rss(uint32_t width, std::vector<uint32_t> shape) {
  return {plan::RSS, width, std::move(shape)};
}
TestPlans::Out Ring(uint32_t width, std::vector<uint32_t> shape) {
  return {plan::LOCAL, width, std::move(shape)};
}
TestPlans::Out Real(std::vector<uint32_t> shape) {
  return {plan::LOCAL, 0, std::move(shape), plan::F32};
}
TestPlans::Out Whole(std::vector<uint32_t> shape) {
  return {plan::LOCAL, 0, std::move(shape), plan::I64};
}

// Adds steps to the plans; one method per part of the program.
class Builder {
 public:
  TestPlans Build() {
    Embedding();
    LinearPart();
    plans_.Layer("second");
    Products();
    Tables();
    Widening();
    Bits();
    Structure();
    Answer();
    plans_.Finish();
    return std::move(plans_);
  }

 private:
  TestValue Step(plan::Opcode opcode, const std::vector<TestValue>& in, const TestPlans::Out& out,
                 const TestPlans::Extra& extra = {}) {
    return plans_.Emit1(opcode, in, out, extra);
  }

  TestValue Plain(const char* name, const std::vector<TestValue>& in, const TestPlans::Out& out,
                  std::vector<int64_t> ints = {}, double real = 0) {
    ints.insert(ints.begin(), plain::FindOperator(name));
    return Step(plan::LOCAL_PLAIN, in, out, {.ints = std::move(ints), .real = real});
  }

  void Embedding() {
    const TestValue ids =
        Step(plan::LOCAL_ARGUMENT, {}, Whole({2}), {.ints = {1, 0}, .name = "input_ids"});
    const TestValue table = Constant(plans_.LocalConstant<float>({5, 3}, kTable), Real({5, 3}));
    const TestValue two = Constant(plans_.LocalConstant<float>({1}, {2}), Real({1}));
    const TestValue three = Constant(plans_.LocalConstant<float>({3}, {1, 1, 1}), Real({3}));
    const TestValue rows = Plain("gather", {table, ids}, Real({2, 3}), {0});
    const TestValue twice = Plain("mul", {rows, two}, Real({2, 3}));
    const TestValue big = Plain("greater", {rows, two}, Whole({2, 3}));
    const TestValue picked = Plain("select", {big, twice, rows}, Real({2, 3}));
    Output("picked", picked);
    Output("norm", Plain("layer_norm", {rows, three, three}, Real({2, 3}), {}, 1e-5));
    Output("root", Plain("sqrt", {rows}, Real({2, 3})));
    Output("mean", Plain("reduce_mean", {rows}, Real({2, 1}), {1}));
    const TestValue turned = Plain("transpose", {rows}, Real({3, 2}), {1, 0});
    const TestValue cut = Plain("slice", {turned}, Real({2, 2}), {1, 0, 1, 1, 2, 2});
    const TestValue joined = Plain("concat", {cut, turned}, Real({5, 2}), {0});
    Output("moved", Plain("reshape", {joined}, Real({10}), {10}));
    const TestValue spread = Plain("broadcast", {two}, Real({2, 2}), {2, 2});
    Output("spread", spread);
    const TestValue deep = Plain("reshape", {spread}, Real({1, 2, 2}), {1, 2, 2});
    Output("deep", Plain("concat", {deep, deep}, Real({1, 2, 4}), {2}));
    Output("power", Power(ids));
    const TestValue one = Constant(plans_.LocalConstant<float>({}, {1}), Real({}));
    Output("number", Plain("add", {one, one}, Real({})));
    x_ring_ = Step(plan::LOCAL_ENCODE, {rows}, Ring(kL, {2, 3}), {.ints = {0}});
  }

  // ids to the power of kHuge.
  TestValue Power(const TestValue& ids) {
    const TestValue huge = Constant(plans_.LocalConstant<int64_t>({1}, {kHuge}), Whole({1}));
    return Plain("cast", {Plain("pow", {ids, huge}, Whole({2}))}, Real({2}), {0});
  }

  void LinearPart() {
    x_ = Step(plan::INPUT, {x_ring_}, Rss(kL, {2, 3}), {.streams = 1});
    const uint32_t weight = plans_.Weight(kL, {3, 4}, kWeight);
    const uint32_t bias = plans_.RingConstant(0, kL, {4}, kBias);
    const TestValue y =
        Step(plan::LINEAR, {x_}, Add(kL, {2, 4}),
             {.streams = 1, .constants = {{{0, bias}, {}, {}}}, .shared = {weight}});
    y_ = Step(plan::RESHARE, {y}, Rss(kL, {2, 4}), {.streams = 1});
    Reveal("linear", {y}, {2, 4});
  }

  void Products() {
    Reveal("matmul", {Step(plan::MATMUL, {y_, y_}, Add(kL, {2, 2}), {.ints = {1}, .streams = 1})},
           {2, 2});
    const TestValue dot = Step(plan::DOT, {y_, y_}, Add(kL, {2, 1}), {.streams = 1});
    const TestValue sum = Step(plan::ROW_SUM, {y_}, Rss(kL, {2, 1}));
    const auto opened =
        plans_.Emit(plan::RESHARE, {dot, Step(plan::OPEN_FREE, {sum}, Add(kL, {2, 1}))},
                    {Rss(kL, {2, 1}), Rss(kL, {2, 1})}, {.streams = 2});
    dot_ = opened[0];
    const uint32_t column = plans_.RingConstant(0, kL, {4}, kColumn);
    Reveal("product",
           {Step(plan::PRODUCT, {y_, dot_}, Add(kL, {2, 4}),
                 {.ints = {1, 4}, .streams = 4, .constants = {{{column}, {}, {}}}})},
           {2, 4});
    Reveal("square",
           {Step(plan::PRODUCT, {y_, opened[1]}, Add(kL, {2, 4}), {.ints = {0}, .streams = 3})},
           {2, 4});
  }

  void Tables() {
    const TestValue index = Step(plan::RESIZE, {x_}, Rss(5, {2, 3}));
    const uint32_t squares = plans_.RingConstant(0, kL, {1, 32}, TableOf(32, Square));
    Reveal("lut",
           {Step(plan::LUT, {index}, Add(kL, {2, 3}),
                 {.ints = {5, 0}, .streams = 1, .constants = {{{squares}, {}, {}}}})},
           {2, 3});
    Reveal("lut_pair",
           {Step(plan::LUT_PAIR, {index}, Add(kL, {2, 2, 3}),
                 {.ints = {5, 0}, .streams = 1, .constants = {{{squares}, {}, {}}}})},
           {2, 2, 3});
    const TestValue row = Step(plan::RESIZE, {dot_}, Rss(3, {2, 1}));
    const uint32_t mixed = plans_.RingConstant(0, kL, {256}, TableOf(256, Mix));
    Reveal("lut2",
           {Step(plan::LUT2, {index, row}, Add(kL, {2, 3}),
                 {.streams = 1, .constants = {{{mixed}, {}, {}}}})},
           {2, 3});
  }

  void Widening() {
    const TestValue low = Step(plan::RESIZE, {x_}, Rss(6, {2, 3}));
    const TestValue wrap = Step(plan::WRAP, {low}, Add(10, {2, 3}), {.ints = {10}, .streams = 2});
    const TestValue high = Step(plan::RESHARE, {wrap}, Rss(10, {2, 3}), {.streams = 1});
    const TestValue wide = Step(plan::JOIN, {low, high}, Rss(kL, {2, 3}));
    const TestValue same = Step(plan::SUB_SHARES, {wide, x_}, Rss(kL, {2, 3}));
    const TestValue open = Step(plan::OPEN_FREE, {same}, Add(kL, {2, 3}));
    const TestValue tall = Step(plan::MUL_PUBLIC, {open}, Add(kL, {2, 3}), {.ints = {4096}});
    const TestValue top = Step(plan::EXTRACT, {tall}, Add(4, {2, 3}));
    Reveal("rounded", {top}, {2, 3}, 4);  // multiples are exact
    // From bit 0 on nothing is borrowed.
    Reveal("high", {Step(plan::HIGH_BITS, {x_}, Add(kL, {2, 3}), {.ints = {0, kL}, .streams = 1})},
           {2, 3});
    Reveal("joined", {Step(plan::OPEN_FREE, {wide}, Add(kL, {2, 3}))}, {2, 3});
  }

  void Bits() {
    // Of the lowest digit, which no borrow reaches: functions modulo 2^4.
    const TestValue bits =
        Step(plan::READ_BITS, {x_}, Add(1, {2, 2, 3}),
             {.ints = {2, 4, 8, 4, 2, 2, DigitTable(IsOdd), DigitTable(IsFive)}, .streams = 3});
    Reveal("bits", {bits}, {2, 2, 3}, 1);
    const TestValue open = Step(plan::RESHARE, {bits}, Rss(1, {2, 2, 3}), {.streams = 1});
    const uint32_t factor = plans_.RingConstant(0, kL, {3}, {1, 2, 3});
    // c (4 odd - 3 odd five), and odd five modulo 2.
    Reveal("weighed",
           {Step(plan::FROM_BITS, {open}, Add(kL, {2, 3}),
                 {.ints = {3, kL, 1, 3, 4, -3}, .streams = 4, .constants = {{{factor}, {}, {}}}})},
           {2, 3});
    Reveal("both",
           {Step(plan::FROM_BITS, {open}, Add(1, {2, 3}), {.ints = {0, 1, 3, 1}, .streams = 1})},
           {2, 3}, 1);
  }

  void Structure() {
    const TestValue turned = Step(plan::TRANSPOSE, {x_}, Rss(kL, {3, 2}), {.ints = {1, 0}});
    const TestValue cut = Step(plan::SLICE, {turned}, Rss(kL, {2, 2}), {.ints = {1, 0}});
    const TestValue both = Step(plan::CONCAT, {cut, turned}, Rss(kL, {5, 2}), {.ints = {0}});
    const TestValue flat = Step(plan::RESHAPE, {both}, Rss(kL, {10}));
    const TestValue shifted = Step(plan::ADD_PUBLIC, {flat}, Rss(kL, {10}), {.ints = {-3}});
    const TestValue open = Step(plan::OPEN_FREE, {shifted}, Add(kL, {10}));
    Reveal("structure", {Step(plan::ADD_PUBLIC, {open}, Add(kL, {10}), {.ints = {3}})}, {10});
    const TestValue own = Step(plan::INPUT_LOCAL, {x_ring_}, Add(kL, {2, 3}));
    const TestValue sum = Step(
        plan::ADD_SHARES, {own, Step(plan::OPEN_FREE, {x_}, Add(kL, {2, 3}))}, Add(kL, {2, 3}));
    last_ = sum;
  }

  void Answer() {
    const auto revealed =
        plans_.Emit(plan::REVEAL, {last_, last_}, {Ring(kL, {2, 3}), Ring(kL, {2, 3})}, {});
    Output("half", Step(plan::LOCAL_DECODE, {revealed[0]}, Real({2, 3}), {.ints = {2}}));
    Output("twice", revealed[1]);
  }

  TestValue Constant(uint32_t index, const TestPlans::Out& out) {
    return Step(plan::LOCAL_CONSTANT, {}, out, {.constants = {{{}, {index}, {}}}});
  }
  void Output(const std::string& name, const TestValue& value) {
    plans_.Emit(plan::LOCAL_OUTPUT, {value}, {}, {.ints = {0}, .name = name});
  }
  void Reveal(const std::string& name, const std::vector<TestValue>& value,
              std::vector<uint32_t> shape, uint32_t width = kL) {
    Output(name, Step(plan::REVEAL, value, Ring(width, std::move(shape))));
  }

  TestPlans plans_;
  TestValue x_ring_, x_, y_, dot_, last_;
};

// The same in plain integers.
struct Model {
  explicit Model(const std::vector<int64_t>& ids) {
    for (int64_t id : ids)
      for (int c = 0; c < 3; ++c) x.push_back(static_cast<uint64_t>(kTable[id * 3 + c]));
    for (int r = 0; r < 2; ++r)
      for (int j = 0; j < 4; ++j) {
        uint64_t sum = kBias[j];
        for (int i = 0; i < 3; ++i) sum += x[r * 3 + i] * kWeight[i * 4 + j];
        y.push_back(Reduce(sum, kL));
      }
  }
  Ints x, y;
};

Reals SignedReals(const Ints& values) {
  Reals reals;
  for (uint64_t value : values) reals.push_back(static_cast<float>(Signed(value, kL)));
  return reals;
}

Ints Map(const Ints& in, const std::function<uint64_t(uint64_t)>& f) {
  Ints out;
  for (uint64_t x : in) out.push_back(f(x));
  return out;
}

void LocalAnswer(const Ints& x, std::map<std::string, Reals>* answer) {
  const Reals real(x.begin(), x.end());
  for (float v : real) (*answer)["picked"].push_back(v > 2 ? 2 * v : v);
  for (float v : real) (*answer)["root"].push_back(std::sqrt(v));
  for (int r = 0; r < 2; ++r) {
    const float* row = &real[r * 3];
    const double mean = (row[0] + row[1] + row[2]) / 3.0;
    double variance = 0;
    for (int i = 0; i < 3; ++i) variance += (row[i] - mean) * (row[i] - mean) / 3;
    (*answer)["mean"].push_back(static_cast<float>(mean));
    for (int i = 0; i < 3; ++i)
      (*answer)["norm"].push_back(
          static_cast<float>((row[i] - mean) / std::sqrt(variance + 1e-5) + 1));
  }
  (*answer)["spread"] = Reals(4, 2);
  (*answer)["number"] = {2};
  const Reals& v = real;
  (*answer)["moved"] = {v[1], v[4], v[2], v[5], v[0], v[3], v[1], v[4], v[2], v[5]};
}

}  // namespace

TestPlans EveryOpcodeProgram() { return Builder().Build(); }

std::map<std::string, Reals> EveryOpcodeAnswer(const std::vector<int64_t>& ids) {
  const Model m(ids);
  std::map<std::string, Reals> answer;
  LocalAnswer(m.x, &answer);
  answer["linear"] = SignedReals(m.y);
  Ints dot(2), sum(2), product, square, matmul;
  for (int r = 0; r < 2; ++r)
    for (int j = 0; j < 4; ++j) dot[r] += m.y[r * 4 + j] * m.y[r * 4 + j], sum[r] += m.y[r * 4 + j];
  for (int r = 0; r < 2; ++r)
    for (int j = 0; j < 4; ++j) {
      product.push_back(m.y[r * 4 + j] * dot[r] * kColumn[j]);
      square.push_back(m.y[r * 4 + j] * sum[r]);
    }
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b) {
      uint64_t cell = 0;
      for (int j = 0; j < 4; ++j) cell += m.y[a * 4 + j] * m.y[b * 4 + j];
      matmul.push_back(cell);
    }
  answer["matmul"] = SignedReals(matmul);
  answer["product"] = SignedReals(product);
  answer["square"] = SignedReals(square);
  answer["lut"] = SignedReals(Map(m.x, Square));
  answer["lut_pair"] = answer["lut"];
  for (uint64_t x : m.x)
    for (float below : SignedReals({Square((x + 31) % 32)})) answer["lut_pair"].push_back(below);
  Ints lut2;
  for (int i = 0; i < 6; ++i) lut2.push_back(Mix(m.x[i] * 8 + dot[i / 3] % 8));
  answer["lut2"] = SignedReals(lut2);
  answer["rounded"] = Reals(6, 0);
  answer["joined"] = SignedReals(m.x);
  answer["high"] = SignedReals(m.x);
  for (int i = 0; i < 6; ++i) {
    const uint64_t odd = IsOdd(m.x[i]), both = odd * IsFive(m.x[i] % 16);
    answer["weighed"].push_back(static_cast<float>((i % 3 + 1) * (4 * odd - 3 * both)));
    answer["both"].push_back(both ? -1 : 0);
  }
  for (auto f : {IsOdd, IsFive})
    for (uint64_t x : m.x) answer["bits"].push_back(f(x % 16) ? -1 : 0);  // of a ring of one bit
  const Reals v = SignedReals(m.x);
  answer["structure"] = answer["moved"];
  answer["deep"] = Reals(8, 2);
  for (int64_t id : ids) answer["power"].push_back(id % 2 ? static_cast<float>(id) : 0);
  for (float value : v) answer["half"].push_back(value / 2), answer["twice"].push_back(value * 2);
  return answer;
}

uint64_t TableEntry(uint64_t x) { return (37 * x + 11) % 256; }

TestPlans TableProgram(uint32_t elements) {
  TestPlans plans;
  std::vector<uint64_t> entries(256);
  for (uint64_t i = 0; i < 256; ++i) entries[i] = TableEntry(i);
  const std::vector<uint32_t> shape = {elements};
  const TestPlans::Out real{plan::LOCAL, 0, shape, plan::F32}, ring{plan::LOCAL, 8, shape};
  const TestValue x = plans.Emit1(plan::LOCAL_ARGUMENT, {}, real, {.ints = {0, 0}, .name = "x"});
  const TestValue encoded = plans.Emit1(plan::LOCAL_ENCODE, {x}, ring, {.ints = {0}});
  const TestValue in = plans.Emit1(plan::INPUT, {encoded}, {plan::RSS, 8, shape}, {.streams = 1});
  const uint32_t table = plans.RingConstant(0, 8, {1, 256}, entries);
  const TestValue y = plans.Emit1(plan::LUT, {in}, {plan::ADD, 8, shape},
                                  {.ints = {8, 0}, .streams = 1, .constants = {{{table}, {}, {}}}});
  const TestValue open = plans.Emit1(plan::REVEAL, {y}, ring, {});
  plans.Emit(plan::LOCAL_OUTPUT, {open}, {}, {.ints = {0}, .name = "y"});
  plans.Finish();
  return plans;
}

TestPlans BitsProgram(uint32_t elements) {
  TestPlans plans;
  const std::vector<uint32_t> shape = {elements}, planes = {2, elements};
  const TestPlans::Out real{plan::LOCAL, 0, shape, plan::F32}, ring{plan::LOCAL, 8, shape};
  const TestValue x = plans.Emit1(plan::LOCAL_ARGUMENT, {}, real, {.ints = {0, 0}, .name = "x"});
  const TestValue encoded = plans.Emit1(plan::LOCAL_ENCODE, {x}, ring, {.ints = {0}});
  const TestValue in = plans.Emit1(plan::INPUT, {encoded}, Rss(8, shape), {.streams = 1});
  const TestValue bits =
      plans.Emit1(plan::READ_BITS, {in}, Add(1, planes),
                  {.ints = {2, 4, 4, 1, 1, DigitTable(IsOdd), DigitTable(IsFive)}, .streams = 2});
  const TestValue open = plans.Emit1(plan::RESHARE, {bits}, Rss(1, planes), {.streams = 1});
  const TestValue y = plans.Emit1(plan::FROM_BITS, {open}, Add(8, shape),
                                  {.ints = {0, 8, 1, 3, 4, -3}, .streams = 3});
  const TestValue result = plans.Emit1(plan::REVEAL, {y}, ring, {});
  plans.Emit(plan::LOCAL_OUTPUT, {result}, {}, {.ints = {0}, .name = "y"});
  plans.Finish();
  return plans;
}

}  // namespace mpcc::engine
