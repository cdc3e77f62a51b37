// SPDX-License-Identifier: Apache-2.0
// Each op on components against the same arithmetic on plain integers: random shapes, widths,
// seeds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "ir/reference/mpc_test_util.h"
#include "runtime/base/ring.h"

namespace mpcc::reference {
namespace {

constexpr int kTrials = 40;

int RandomWidth(Random& random, int low = 1, int high = 64) {
  return RandomIntegers(random, 1, low, high)[0];
}

// @main of one op on arguments of the given types.
std::string OneOp(const std::vector<std::string>& argument_types, const std::string& body,
                  const std::string& result_type) {
  std::string arguments;
  for (size_t i = 0; i < argument_types.size(); ++i)
    arguments += fmt::format("{}%x{}: {}", i ? ", " : "", i, argument_types[i]);
  return fmt::format("func.func @main({0}) -> {2} {{\n{1}\n  return %r : {2}\n}}\n", arguments,
                     body, result_type);
}

Ring ReducedTo(Ring x, int width) {
  for (uint64_t& e : x) e = Reduce(e, width);
  return x;
}

TEST(MpcShares, ElementwiseOpsComputeOnBothSharings) {
  Random random(1);
  for (int trial = 0; trial < kTrials; ++trial) {
    const int l = RandomWidth(random);
    const Shape shape = RandomShape(random, 3), row = {shape[1], 1};
    const Ring x = RandomRing(random, ElementCount(shape), l);
    const Ring y = RandomRing(random, ElementCount(row), l);
    const int64_t c = static_cast<int64_t>(random());
    for (const char* kind : {"add", "rss"}) {
      const std::string a = ShareText(kind, shape, l), b = ShareText(kind, row, l);
      Program program(OneOp({a, b},
                            fmt::format("  %0 = mpc.add %x0, %x1 : ({0}, {1}) -> {0}\n"
                                        "  %1 = mpc.mul_public %0, {2} : {0}\n"
                                        "  %2 = mpc.sub %1, %x0 : ({0}, {0}) -> {0}\n"
                                        "  %r = mpc.add_public %2, {2} : {0}",
                                        a, b, c),
                            a));
      Ring expected(x.size());
      for (size_t i = 0; i < x.size(); ++i)
        expected[i] = (x[i] + y[i / shape[2] % shape[1]]) * c - x[i] + c;
      EXPECT_EQ(program.RunRandom({TensorOf(shape, x), TensorOf(row, y)}, trial),
                ReducedTo(expected, l));
    }
  }
}

TEST(MpcShares, ReshareAndOpenFreeKeepTheValue) {
  Random random(2);
  for (int l = 1; l <= 64; ++l) {
    const std::string add = ShareText("add", {5}, l), rss = ShareText("rss", {5}, l);
    Program program(OneOp({add, add},
                          fmt::format("  %0:2 = mpc.reshare %x0, %x1 : {0}, {0} -> {1}, {1}\n"
                                      "  %1 = mpc.sub %0#0, %0#1 : ({1}, {1}) -> {1}\n"
                                      "  %r = mpc.open_free %1 : {1} -> {0}",
                                      add, rss),
                          add));
    const Ring x = RandomRing(random, 5, l), y = RandomRing(random, 5, l);
    EXPECT_EQ(program.RunRandom({TensorOf({5}, x), TensorOf({5}, y)}, l), ReducedTo(Sub(x, y), l));
  }
}

TEST(MpcShares, StructuralOpsMoveElements) {
  Random random(3);
  const std::string text = R"(
    func.func @main(%x: !mpc.rss<2x3x4, 9>) -> !mpc.rss<5x2x2, 7> {
      %0 = mpc.transpose %x [2, 0, 1] : !mpc.rss<2x3x4, 9> -> !mpc.rss<4x2x3, 9>
      %1 = mpc.slice %0 [1, 0, 1] : !mpc.rss<4x2x3, 9> -> !mpc.rss<3x2x2, 9>
      %2 = mpc.slice %0 [0, 0, 0] : !mpc.rss<4x2x3, 9> -> !mpc.rss<2x2x2, 9>
      %3 = mpc.concat %1, %2 {axis = 0 : i64} : (!mpc.rss<3x2x2, 9>, !mpc.rss<2x2x2, 9>) -> !mpc.rss<5x2x2, 9>
      %4 = mpc.resize %3 : !mpc.rss<5x2x2, 9> -> !mpc.rss<5x2x2, 7>
      return %4 : !mpc.rss<5x2x2, 7>
    })";
  const Ring x = RandomRing(random, 24, 9);
  Ring expected;
  auto at = [&](int i, int j, int k) { expected.push_back(x[j * 12 + k * 4 + i] & 127); };
  for (int i = 1; i < 4; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 1; k < 3; ++k) at(i, j, k);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 2; ++k) at(i, j, k);
  EXPECT_EQ(Program(text).RunRandom({TensorOf({2, 3, 4}, x)}, 1), expected);
}

TEST(MpcShares, RowSumKeepsTheAxis) {
  Random random(4);
  Program program(OneOp({"!mpc.add<3x5, 20>"},
                        "  %r = mpc.row_sum %x0 : !mpc.add<3x5, 20> -> !mpc.add<3x1, 20>",
                        "!mpc.add<3x1, 20>"));
  const Ring x = RandomRing(random, 15, 20);
  Ring expected(3);
  for (int i = 0; i < 15; ++i) expected[i / 5] += x[i];
  EXPECT_EQ(program.RunRandom({TensorOf({3, 5}, x)}, 9), ReducedTo(expected, 20));
}

TEST(MpcShares, LinearMultipliesByPrivateWeights) {
  Random random(5);
  for (int trial = 0; trial < kTrials; ++trial) {
    const int l = RandomWidth(random);
    const Shape s = RandomShape(random, 4, 6);
    const Shape in = {s[0], s[1], s[2]}, out = {s[0], s[1], s[3]};
    const Ring x = RandomRing(random, ElementCount(in), l);
    const Ring w = RandomRing(random, s[2] * s[3], l), b = RandomRing(random, s[3], l);
    Program program(OneOp(
        {ShareText("rss", in, l)},
        fmt::format("  %w = {}\n  %b = {}\n  %r = mpc.linear %x0, %w, %b : ({}, {}, {}) -> {}",
                    ConstantText({s[2], s[3]}, l, w), ConstantText({s[3]}, l, b),
                    ShareText("rss", in, l), ShareText("private", {s[2], s[3]}, l),
                    ShareText("private", {s[3]}, l), ShareText("add", out, l)),
        ShareText("add", out, l)));
    Ring expected(ElementCount(out));
    for (size_t i = 0; i < expected.size(); ++i) {
      expected[i] = b[i % s[3]];
      for (int64_t k = 0; k < s[2]; ++k)
        expected[i] += x[i / s[3] * s[2] + k] * w[k * s[3] + i % s[3]];
    }
    EXPECT_EQ(program.RunRandom({TensorOf(in, x)}, trial), ReducedTo(expected, l));
  }
}

TEST(MpcShares, MatMulAndDotMultiplySharedTensors) {
  Random random(6);
  for (int trial = 0; trial < kTrials; ++trial) {
    const int l = RandomWidth(random);
    const bool transposed = trial % 2;
    const Shape s = RandomShape(random, 4, 5);  // batch, m, k, n
    const Shape a = {s[0], s[1], s[2]}, out = {s[0], s[1], s[3]};
    const Shape b = transposed ? Shape{s[0], s[3], s[2]} : Shape{s[0], s[2], s[3]};
    const Ring x = RandomRing(random, ElementCount(a), l),
               y = RandomRing(random, ElementCount(b), l);
    Program program(OneOp({ShareText("rss", a, l), ShareText("rss", b, l)},
                          fmt::format("  %r = mpc.matmul %x0, %x1 {}: ({}, {}) -> {}",
                                      transposed ? "{transpose_b} " : "", ShareText("rss", a, l),
                                      ShareText("rss", b, l), ShareText("add", out, l)),
                          ShareText("add", out, l)));
    Ring expected(ElementCount(out));
    for (int64_t g = 0; g < s[0]; ++g)
      for (int64_t i = 0; i < s[1]; ++i)
        for (int64_t j = 0; j < s[3]; ++j)
          for (int64_t k = 0; k < s[2]; ++k)
            expected[(g * s[1] + i) * s[3] + j] +=
                x[(g * s[1] + i) * s[2] + k] *
                y[transposed ? (g * s[3] + j) * s[2] + k : (g * s[2] + k) * s[3] + j];
    EXPECT_EQ(program.RunRandom({TensorOf(a, x), TensorOf(b, y)}, trial), ReducedTo(expected, l));
  }
  Program dot(
      OneOp({"!mpc.rss<3x4, 30>", "!mpc.rss<3x4, 30>"},
            "  %r = mpc.dot %x0, %x1 : (!mpc.rss<3x4, 30>, !mpc.rss<3x4, 30>) -> !mpc.add<3x1, 30>",
            "!mpc.add<3x1, 30>"));
  const Ring x = RandomRing(random, 12, 30), y = RandomRing(random, 12, 30);
  Ring expected(3);
  for (int i = 0; i < 12; ++i) expected[i / 4] += x[i] * y[i];
  EXPECT_EQ(dot.RunRandom({TensorOf({3, 4}, x), TensorOf({3, 4}, y)}, 3), ReducedTo(expected, 30));
}

TEST(MpcShares, ProductBroadcastsFactorsAndConstant) {
  Random random(7);
  const std::vector<Shape> shapes = {{2, 3, 4}, {2, 3, 1}, {4}, {1, 1, 1}};
  const Shape result = {2, 3, 4};
  auto at = [](const Ring& x, size_t t, size_t i) {
    return t == 0 ? x[i] : t == 1 ? x[i / 4] : t == 2 ? x[i % 4] : x[0];
  };
  for (int factors = 1; factors <= 4; ++factors)
    for (bool constant : {false, true}) {
      const int l = RandomWidth(random);
      std::vector<std::string> types;
      std::vector<LocalTensor> inputs;
      Ring expected(24, 1);
      std::string operands, operand_types;
      for (int t = 0; t < factors; ++t) {
        types.push_back(ShareText("rss", shapes[t], l));
        const Ring x = RandomRing(random, ElementCount(shapes[t]), l);
        inputs.push_back(TensorOf(shapes[t], x));
        for (size_t i = 0; i < 24; ++i) expected[i] *= at(x, t, i);
        operands += fmt::format("{}%x{}", t ? ", " : "", t);
        operand_types += (t ? ", " : "") + types[t];
      }
      std::string body;
      if (constant) {
        const Ring c = RandomRing(random, 4, l);
        body = fmt::format("  %c = {}\n", ConstantText({4}, l, c));
        for (size_t i = 0; i < 24; ++i) expected[i] *= c[i % 4];
        operands += " const %c";
        operand_types += ", " + ShareText("private", {4}, l);
      }
      body += fmt::format("  %r = mpc.product {} : ({}) -> {}", operands, operand_types,
                          ShareText("add", result, l));
      Program program(OneOp(types, body, ShareText("add", result, l)));
      EXPECT_EQ(program.RunRandom(inputs, factors), ReducedTo(expected, l)) << body;
    }
}

TEST(MpcShares, InputHasNoMaskAtP2AndRevealScales) {
  Program program(R"(
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = mpc.encode %x {fraction_bits = 3 : i64} : tensor<4xf32> -> tensor<4xi8>
      %1 = mpc.input %0 : tensor<4xi8> -> !mpc.rss<4, 8>
      %2 = mpc.open_free %1 : !mpc.rss<4, 8> -> !mpc.add<4, 8>
      %3 = mpc.reveal %2 {fraction_bits = 3 : i64} : !mpc.add<4, 8> -> tensor<4xf32>
      return %3 : tensor<4xf32>
    })");
  RunOptions options;
  options.mode = RunMode::kRandom;
  options.observer = [](mlir::Operation* op, unsigned, const Components& wire) {
    if (llvm::isa<mpc::InputOp>(op)) {
      EXPECT_EQ(wire.parts[2], Ring(4));
    }
  };
  Outputs outputs =
      program.Run({{{4}, std::vector<float>{1.5f, -0.0625f, 100.f, -100.f}}}, options);
  EXPECT_THAT(std::get<LocalTensor>(outputs.values[0]).floats(),
              testing::ElementsAre(1.5f, 0.f, 15.875f, -16.f));
}

TEST(MpcShares, AbstractOpsAreRefusedWithTheirLocation) {
  Program program(OneOp({"!mpc.add<2, 8>"},
                        "  %r = mpc.lift %x0 : !mpc.add<2, 8> -> !mpc.rss<2, 16>",
                        "!mpc.rss<2, 16>"));
  RunOptions options;
  options.mode = RunMode::kRandom;
  absl::StatusOr<Outputs> outputs =
      RunMpc(program.Function(), {TensorOf({2}, Ring{1, 2})}, options);
  ASSERT_FALSE(outputs.ok());
  EXPECT_THAT(std::string(outputs.status().message()),
              testing::HasSubstr("'mpc.lift' is abstract; run insert-share-conversions"));
}

}  // namespace
}  // namespace mpcc::reference
