// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/interpolation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ir/nn/nn.h"
#include "ir/reference/nn_eval.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using nn::UnaryKind;

const LoweringPolicy kPolicy;

RealFunction Of(UnaryKind kind) {
  return [kind](double x) { return nn::ScalarUnary(kind, x); };
}

double Silu(double x) { return x / (1 + std::exp(-x)); }

// Of operands anywhere, the largest distance in usual steps of a quantizer.
double DistanceOf(const RealFunction& f, const Interpolation& lines, int bits) {
  std::mt19937_64 random(7);
  const double reach = std::ldexp(1.0, kPolicy.function_reach);
  double most = 0;
  for (double width : {1.0, 4.0, 16.0, reach})
    for (int i = 0; i < 20000; ++i) {
      const double x = std::uniform_real_distribution<>(-width, width)(random);
      const auto step = static_cast<int64_t>(std::floor(std::ldexp(x, lines.fraction) + 0.5));
      most = std::max(most, std::abs(f(x) - lines.At(step)));
    }
  return std::ldexp(most, bits - lines.values);
}

TEST(Interpolation, IsWithinAFewHundredthsOfAStepEverywhere) {
  for (UnaryKind kind : {UnaryKind::gelu, UnaryKind::gelu_tanh, UnaryKind::relu, UnaryKind::abs,
                         UnaryKind::tanh, UnaryKind::erf, UnaryKind::sigmoid})
    for (int bits : {4, 6, 8}) {
      const auto lines = Interpolate(Of(kind), bits, kPolicy);
      ASSERT_TRUE(lines) << nn::stringifyUnaryKind(kind).str() << " " << bits;
      EXPECT_LT(DistanceOf(Of(kind), *lines, bits), 0.045)
          << nn::stringifyUnaryKind(kind).str() << " " << bits;
    }
  const auto silu = Interpolate(Silu, 8, kPolicy);
  ASSERT_TRUE(silu);
  EXPECT_LT(DistanceOf(Silu, *silu, 8), 0.045);
}

// The linear parts of GELU have lines of their own, so that its reach costs no cells.
TEST(Interpolation, OfGeluAtEightBitsHas128Cells) {
  const auto lines = Interpolate(Of(UnaryKind::gelu), 8, kPolicy);
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->cells, 7);
  EXPECT_EQ(lines->fraction - lines->cell, 4);
  EXPECT_EQ(lines->At(int64_t{60} << lines->fraction), 60);
  EXPECT_EQ(lines->At(-(int64_t{60} << lines->fraction)), 0);
}

TEST(Interpolation, ThereIsNoneOfOneLine) {
  EXPECT_FALSE(Interpolate(Of(UnaryKind::neg), 8, kPolicy));
  EXPECT_FALSE(Interpolate([](double x) { return std::max(x, -1000.0); }, 8, kPolicy));
}

TEST(Interpolation, ThereIsNoneOfFunctionsThatAreNotLinearFarOut) {
  const RealFunction square = [](double x) { return x * x; };
  const RealFunction jumps = [](double x) { return x < 0.3 ? 0.0 : 1.0; };
  const RealFunction pole = [](double x) { return 1 / (x - 0.1); };
  const RealFunction undefined = [](double x) { return std::log(x); };
  const RealFunction wave = [](double x) { return std::sin(x); };
  for (const RealFunction& f : {square, jumps, pole, undefined, wave})
    EXPECT_FALSE(Interpolate(f, 8, kPolicy));
}

TEST(Interpolations, LayersShareThoseOfOneFunction) {
  mlir::MLIRContext context;
  context.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"(
func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32>) {
  %a = nn.unary gelu %x : tensor<4xf32> -> tensor<4xf32>
  %b = nn.unary gelu %y : tensor<4xf32> -> tensor<4xf32>
  %c = nn.unary tanh %y : tensor<4xf32> -> tensor<4xf32>
  return
})",
                                                        &context);
  ASSERT_TRUE(module);
  std::vector<mlir::Operation*> ops;
  module->walk([&](nn::UnaryOp op) { ops.push_back(op); });
  Interpolations all(kPolicy);
  const auto& gelu = all.Of(ops[0], 8);
  EXPECT_TRUE(gelu);
  EXPECT_EQ(&all.Of(ops[1], 8), &gelu);
  EXPECT_NE(&all.Of(ops[0], 7), &gelu);
  EXPECT_NE(all.Of(ops[2], 8)->slopes, gelu->slopes);
}

}  // namespace
}  // namespace mpcc
