// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_interpreter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc::nn {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

class NnInterpreter : public testing::Test {
 protected:
  void SetUp() override {
    context_.loadDialect<NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
  }

  absl::StatusOr<Tensor> Run(const std::string& text, std::vector<Tensor> inputs) {
    module_ = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
    if (!module_) return absl::InvalidArgumentError("text does not parse");
    auto outputs = RunNn(*module_->getOps<mlir::func::FuncOp>().begin(), std::move(inputs));
    if (!outputs.ok()) return outputs.status();
    return (*outputs)[0];
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
};

TEST_F(NnInterpreter, QuantizeRoundsHalfToEvenThenAddsTheZeroPointThenSaturates) {
  auto q =
      Run(R"(func.func @main(%x: tensor<6xf32>) -> tensor<6x!quant.uniform<i8<-8:7>:f32, 0.5:1>> {
    %q = nn.quantize %x : tensor<6xf32> -> tensor<6x!quant.uniform<i8<-8:7>:f32, 0.5:1>>
    return %q : tensor<6x!quant.uniform<i8<-8:7>:f32, 0.5:1>>
  })",
          {{{6}, Tensor::Floats{0.25f, 0.75f, -0.25f, -0.75f, 100.0f, -100.0f}}});
  ASSERT_TRUE(q.ok());
  EXPECT_THAT(q->stored(), ElementsAre(1, 3, 1, -1, 7, -8));
}

TEST_F(NnInterpreter, LinearUsesOneScaleForEachOutput) {
  auto y =
      Run(R"(func.func @main(%x: tensor<1x2x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<1x2xf32> {
    %w = nn.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8:f32:1, {1.0, 0.25}>>
    %b = nn.constant dense<[1.0, 0.0]> : tensor<2xf32> : tensor<2xf32>
    %y = nn.linear %x, %w, %b : (tensor<1x2x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x2x!quant.uniform<i8:f32:1, {1.0, 0.25}>>, tensor<2xf32>) -> tensor<1x2xf32>
    return %y : tensor<1x2xf32>
  })",
          {{{1, 2}, Tensor::Stored{12, 6}}});
  ASSERT_TRUE(y.ok());
  EXPECT_THAT(y->floats(), ElementsAre(1.0f - 5.0f, 2.5f));  // x = (1, -2)
}

TEST_F(NnInterpreter, MatMulBroadcastsBatchesAndTransposes) {
  auto y = Run(R"(func.func @main(%a: tensor<2x1x2xf32>, %b: tensor<2x2xf32>) -> tensor<2x1x2xf32> {
    %y = nn.matmul %a, %b {transpose_b} : (tensor<2x1x2xf32>, tensor<2x2xf32>) -> tensor<2x1x2xf32>
    return %y : tensor<2x1x2xf32>
  })",
               {{{2, 1, 2}, Tensor::Floats{1, 2, 3, 4}}, {{2, 2}, Tensor::Floats{1, 0, 1, 1}}});
  ASSERT_TRUE(y.ok());
  EXPECT_THAT(y->floats(), ElementsAre(1, 3, 3, 7));
}

TEST_F(NnInterpreter, IntegerPowersWrapAndEndWhateverTheExponent) {
  auto y = Run(R"(func.func @main(%a: tensor<4xi64>, %b: tensor<4xi64>) -> tensor<4xi64> {
    %y = nn.binary pow %a, %b : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
    return %y : tensor<4xi64>
  })",
               {{{4}, Tensor::Ints{3, 3, 2, -1}},
                {{4}, Tensor::Ints{5, (int64_t{1} << 62) + 1, int64_t{1} << 62, INT64_MAX}}});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_THAT(y->ints(), ElementsAre(243, 3, 0, -1));
}

TEST_F(NnInterpreter, RealsThatBecomeIntegersSaturate) {
  auto y = Run(R"(func.func @main(%a: tensor<2x1xi64>) -> tensor<1x1xi64> {
    %y = nn.reduce sum %a [0] : tensor<2x1xi64> -> tensor<1x1xi64>
    return %y : tensor<1x1xi64>
  })",
               {{{2, 1}, Tensor::Ints{INT64_MAX, INT64_MAX}}});
  ASSERT_TRUE(y.ok()) << y.status();
  EXPECT_THAT(y->ints(), ElementsAre(INT64_MAX));
}

TEST_F(NnInterpreter, SoftmaxIgnoresMaskedPositions) {
  auto y = Run(R"(func.func @main(%s: tensor<1x3xf32>, %m: tensor<3xf32>) -> tensor<1x3xf32> {
    %y = nn.softmax %s mask %m : (tensor<1x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
    return %y : tensor<1x3xf32>
  })",
               {{{1, 3}, Tensor::Floats{2, 2, 9}}, {{3}, Tensor::Floats{0, 0, -1e30f}}});
  ASSERT_TRUE(y.ok());
  EXPECT_THAT(y->floats(), ElementsAre(FloatNear(0.5f, 1e-6f), FloatNear(0.5f, 1e-6f), 0.0f));
}

TEST_F(NnInterpreter, IdsOutsideTheTableAreAnError) {
  auto y = Run(R"(func.func @main(%t: tensor<4x1xf32>, %i: tensor<1xi64>) -> tensor<1x1xf32> {
    %y = nn.gather %t, %i : (tensor<4x1xf32>, tensor<1xi64>) -> tensor<1x1xf32>
    return %y : tensor<1x1xf32>
  })",
               {{{4, 1}, Tensor::Floats{1, 2, 3, 4}}, {{1}, Tensor::Ints{4}}});
  EXPECT_THAT(std::string(y.status().message()),
              testing::HasSubstr("id 4 is outside a table of 4 rows"));
}

TEST_F(NnInterpreter, InputsOfAnotherShapeAreRefused) {
  const char* text = R"(func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  })";
  EXPECT_FALSE(Run(text, {{{3}, Tensor::Floats{1, 2, 3}}}).ok());
  EXPECT_FALSE(Run(text, {{{2}, Tensor::Ints{1, 2}}}).ok());
  EXPECT_FALSE(Run(text, {}).ok());
}

TEST_F(NnInterpreter, TheObserverSeesEveryOpOnce) {
  module_ = mlir::parseSourceString<mlir::ModuleOp>(
      R"(func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
    %a = nn.binary mul %x, %c : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
    %b = nn.unary relu %a : tensor<2xf32> -> tensor<2xf32>
    return %b : tensor<2xf32>
  })",
      &context_);
  std::vector<std::string> seen;
  auto outputs =
      RunNn(*module_->getOps<mlir::func::FuncOp>().begin(), {{{2}, Tensor::Floats{-1, 1}}},
            [&](mlir::Operation* op, auto, const Tensor&) {
              seen.push_back(op->getName().getStringRef().str());
            });
  ASSERT_TRUE(outputs.ok());
  EXPECT_THAT((*outputs)[0].floats(), ElementsAre(0, 2));
  EXPECT_THAT(seen, ElementsAre("nn.binary", "nn.unary"));
}

}  // namespace
}  // namespace mpcc::nn
