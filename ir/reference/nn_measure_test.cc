// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc::nn {
namespace {

using testing::HasSubstr;

// -x, then a quantizer that holds -4 to 3.5.
constexpr char kQuantized[] = R"(
func.func @main(%x: tensor<4xf32>) -> tensor<4x!quant.uniform<i8<-8:7>:f32, 0.5>> {
  %y = nn.unary neg %x : tensor<4xf32> -> tensor<4xf32>
  %q = nn.quantize %y : tensor<4xf32> -> tensor<4x!quant.uniform<i8<-8:7>:f32, 0.5>>
  return %q : tensor<4x!quant.uniform<i8<-8:7>:f32, 0.5>>
})";

class NnMeasure : public testing::Test {
 protected:
  mlir::func::FuncOp Parse(const std::string& text) {
    context_.loadDialect<NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
    return *module_->getOps<mlir::func::FuncOp>().begin();
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
};

std::vector<Tensor> Input(Tensor::Floats values) { return {Tensor{{4}, std::move(values)}}; }

TEST_F(NnMeasure, FindsEndsAndWhatAQuantizerClips) {
  mlir::func::FuncOp function = Parse(kQuantized);
  auto found = Measure(function, {Input({-3.6f, 1, 2, 3}), Input({4.2f, -1e38f, -9, 4.3f})});
  ASSERT_TRUE(found.ok()) << found.status();
  auto quantize = *function.getOps<QuantizeOp>().begin();
  const Extent extent = found->extents[quantize.getInput()];
  EXPECT_FLOAT_EQ(extent.min, -4.3f);
  EXPECT_FLOAT_EQ(extent.max, 9);
  EXPECT_FLOAT_EQ(extent.Magnitude(), 9);
  // 3.6 still rounds to 3.5, -4.2 to -4; 9 and -4.3 do not fit; 1e38 stands for infinity.
  EXPECT_EQ(found->clippings[quantize].beyond, 2);
  EXPECT_EQ(found->clippings[quantize].elements, 7);
}

// A row's largest score, masked positions left out; what a mask adds to a whole row is nothing.
TEST_F(NnMeasure, FindsTheLeastOfRowsLargestScores) {
  mlir::func::FuncOp function = Parse(R"(
func.func @main(%s: tensor<2x2xf32>, %m: tensor<2xf32> {nn.owner = "data"}) -> tensor<2x2xf32> {
  %p = nn.softmax %s mask %m : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  return %p : tensor<2x2xf32>
})");
  auto softmax = *function.getOps<SoftmaxOp>().begin();
  const auto least = [&](Tensor::Floats scores, Tensor::Floats mask) {
    auto found = Measure(function, {{Tensor{{2, 2}, scores}, Tensor{{2}, mask}},
                                    {Tensor{{2, 2}, Tensor::Floats(4, 50)}, Tensor{{2}, mask}}});
    return found.ok() ? found->least_maxima[softmax] : NAN;
  };
  EXPECT_FLOAT_EQ(least({7, 1, -20, -9}, {0, 0}), -9);
  EXPECT_FLOAT_EQ(least({7, 1, -20, -9}, {0, -1e4f}), -20);
  EXPECT_FLOAT_EQ(least({7, 1, -20, -9}, {-64, -64}), -9);
}

// Scores 1 and -9 of each row: the second position is masked once by a sum, once by a choice, and
// -9, which is beyond the end, counts where it is not masked.
TEST_F(NnMeasure, DoesNotCountWhatAMaskClips) {
  mlir::func::FuncOp function = Parse(R"(
func.func @main(%s: tensor<2x2xf32>, %m: tensor<2xf32> {nn.owner = "data"}) -> tensor<2x2x!quant.uniform<i8<-8:7>:f32, 0.5>> {
  %zero = nn.constant public dense<0.0> : tensor<f32> : tensor<f32>
  %low = nn.constant public dense<-3.4e38> : tensor<f32> : tensor<f32>
  %a = nn.binary add %s, %m : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %q = nn.quantize %a : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8<-8:7>:f32, 0.5>>
  %c = nn.binary less %m, %zero : (tensor<2xf32>, tensor<f32>) -> tensor<2xi1>
  %b = nn.select %c, %low, %s : (tensor<2xi1>, tensor<f32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %r = nn.quantize %b : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8<-8:7>:f32, 0.5>>
  return %q : tensor<2x2x!quant.uniform<i8<-8:7>:f32, 0.5>>
})");
  const Tensor scores{{2, 2}, Tensor::Floats{1, 1, 1, -9}};
  auto found = Measure(function, {{scores, Tensor{{2}, Tensor::Floats{0, -30}}},
                                  {scores, Tensor{{2}, Tensor::Floats{0, 0}}}});
  ASSERT_TRUE(found.ok()) << found.status();
  for (QuantizeOp quantize : function.getOps<QuantizeOp>()) {
    EXPECT_EQ(found->clippings[quantize].beyond, 1);
    EXPECT_EQ(found->clippings[quantize].elements, 2 + 4);
  }
}

TEST_F(NnMeasure, TellsHowFarItIs) {
  std::vector<size_t> seen;
  std::vector<std::vector<Tensor>> inputs(5, Input({0, 0, 0, 0}));
  MeasureOptions options;
  options.progress = [&](size_t done, size_t all) {
    EXPECT_EQ(all, 5u);
    seen.push_back(done);
  };
  ASSERT_TRUE(Measure(Parse(kQuantized), inputs, options).ok());
  EXPECT_THAT(seen, testing::ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(NnMeasure, NamesTheInputThatFails) {
  mlir::func::FuncOp function = Parse(kQuantized);
  MeasureOptions options;
  options.name = [](size_t i) { return "line " + std::to_string(i + 10); };
  auto found =
      Measure(function, {Input({0, 0, 0, 0}), {Tensor{{2}, Tensor::Floats{1, 2}}}}, options);
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("line 11: input 0"));
}

}  // namespace
}  // namespace mpcc::nn
