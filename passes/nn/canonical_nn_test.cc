// SPDX-License-Identifier: Apache-2.0
// The canonical form computes what the imported form computes.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ir/nn/nn.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "passes/nn/passes.h"

namespace mpcc {
namespace {

class CanonicalNn : public testing::Test {
 protected:
  void SetUp() override {
    context_
        .loadDialect<nn::NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
  }

  // Runs the function before and after the passes on random inputs; `expected` must be among its
  // ops after.
  void Expect(const std::string& text, const std::string& expected, double tolerance = 1e-5) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
    ASSERT_TRUE(module);
    auto before = Run(*module);
    mlir::PassManager passes(&context_);
    AddCanonicalNnPasses(passes.nest<mlir::func::FuncOp>());
    ASSERT_TRUE(mlir::succeeded(passes.run(*module)));
    int found = 0;
    module->walk([&](mlir::Operation* op) { found += op->getName().getStringRef() == expected; });
    EXPECT_EQ(found, 1) << expected;
    auto after = Run(*module);
    ASSERT_EQ(before.size(), after.size());
    for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], tolerance) << i;
  }

  static std::vector<float> Run(mlir::ModuleOp module) {
    auto function = *module.getOps<mlir::func::FuncOp>().begin();
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::vector<nn::Tensor> inputs;
    for (mlir::BlockArgument argument : function.getArguments()) {
      auto type = llvm::cast<mlir::RankedTensorType>(argument.getType());
      nn::Tensor::Floats values(type.getNumElements());
      const bool mask = function.getArgAttr(argument.getArgNumber(), "nn.owner") != nullptr;
      for (size_t i = 0; i < values.size(); ++i)
        values[i] = mask ? float(i % 4 != 3) : normal(random);
      inputs.push_back({type.getShape().vec(), std::move(values)});
    }
    auto outputs = nn::RunNn(function, std::move(inputs));
    EXPECT_TRUE(outputs.ok()) << std::string(outputs.status().message());
    return outputs.ok() ? (*outputs)[0].floats() : std::vector<float>();
  }

  mlir::MLIRContext context_;
};

TEST_F(CanonicalNn, DecomposedLayerNormalizationIsRaised) {
  Expect(R"(func.func @main(%x: tensor<1x3x4xf32>) -> tensor<1x3x4xf32> {
    %two = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
    %eps = nn.constant dense<1.0e-5> : tensor<f32> : tensor<f32>
    %gamma = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> : tensor<4xf32>
    %beta = nn.constant dense<[0.5, 0.0, -0.5, 1.0]> : tensor<4xf32> : tensor<4xf32>
    %m = nn.reduce mean %x [2] : tensor<1x3x4xf32> -> tensor<1x3x1xf32>
    %c = nn.binary sub %x, %m : (tensor<1x3x4xf32>, tensor<1x3x1xf32>) -> tensor<1x3x4xf32>
    %s = nn.binary pow %c, %two : (tensor<1x3x4xf32>, tensor<f32>) -> tensor<1x3x4xf32>
    %v = nn.reduce mean %s [2] : tensor<1x3x4xf32> -> tensor<1x3x1xf32>
    %e = nn.binary add %v, %eps : (tensor<1x3x1xf32>, tensor<f32>) -> tensor<1x3x1xf32>
    %d = nn.unary sqrt %e : tensor<1x3x1xf32> -> tensor<1x3x1xf32>
    %n = nn.binary div %c, %d : (tensor<1x3x4xf32>, tensor<1x3x1xf32>) -> tensor<1x3x4xf32>
    %g = nn.binary mul %n, %gamma : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
    %y = nn.binary add %g, %beta : (tensor<1x3x4xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
    return %y : tensor<1x3x4xf32>
  })",
         "nn.layer_norm");
}

TEST_F(CanonicalNn, TanhFormOfGeluIsRaised) {
  Expect(R"(func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
    %three = nn.constant dense<3.0> : tensor<f32> : tensor<f32>
    %one = nn.constant dense<1.0> : tensor<f32> : tensor<f32>
    %half = nn.constant dense<0.5> : tensor<f32> : tensor<f32>
    %a = nn.constant dense<0.044715> : tensor<f32> : tensor<f32>
    %b = nn.constant dense<0.797884583> : tensor<f32> : tensor<f32>
    %p = nn.binary pow %x, %three : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %q = nn.binary mul %p, %a : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %r = nn.binary add %x, %q : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    %s = nn.binary mul %r, %b : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %t = nn.unary tanh %s : tensor<64xf32> -> tensor<64xf32>
    %u = nn.binary add %t, %one : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %h = nn.binary mul %x, %half : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %y = nn.binary mul %h, %u : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    return %y : tensor<64xf32>
  })",
         "nn.unary");
}

TEST_F(CanonicalNn, FunctionBetweenQuantizersIsOneMap) {
  Expect(R"(func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
    %six = nn.constant dense<6.0> : tensor<f32> : tensor<f32>
    %three = nn.constant dense<3.0> : tensor<f32> : tensor<f32>
    %none = nn.constant dense<0.0> : tensor<f32> : tensor<f32>
    %q = nn.quantize %x : tensor<64xf32> -> tensor<64x!quant.uniform<i8:f32, 0.015:3>>
    %d = nn.dequantize %q : tensor<64x!quant.uniform<i8:f32, 0.015:3>> -> tensor<64xf32>
    %a = nn.binary add %d, %three : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %b = nn.binary max %a, %none : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %c = nn.binary min %b, %six : (tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    %p = nn.binary mul %d, %c : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    %pq = nn.quantize %p : tensor<64xf32> -> tensor<64x!quant.uniform<u8:f32, 0.05:40>>
    %pd = nn.dequantize %pq : tensor<64x!quant.uniform<u8:f32, 0.05:40>> -> tensor<64xf32>
    %g = nn.binary greater %pd, %none : (tensor<64xf32>, tensor<f32>) -> tensor<64xi1>
    %y = nn.select %g, %pd, %d : (tensor<64xi1>, tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    return %y : tensor<64xf32>
  })",
         "nn.map");
}

TEST_F(CanonicalNn, MaskedMeanIsRaised) {
  Expect(
      R"(func.func @main(%x: tensor<1x4x3xf32>, %kept: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x3xf32> {
    %small = nn.constant public dense<1.0e-9> : tensor<f32> : tensor<f32>
    %r = nn.reshape %kept : tensor<1x4xf32> -> tensor<1x4x1xf32>
    %m = nn.broadcast %r : tensor<1x4x1xf32> -> tensor<1x4x3xf32>
    %w = nn.binary mul %x, %m : (tensor<1x4x3xf32>, tensor<1x4x3xf32>) -> tensor<1x4x3xf32>
    %s = nn.reduce sum %w [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
    %t = nn.reshape %s : tensor<1x1x3xf32> -> tensor<1x3xf32>
    %c = nn.reduce sum %m [1] : tensor<1x4x3xf32> -> tensor<1x1x3xf32>
    %d = nn.reshape %c : tensor<1x1x3xf32> -> tensor<1x3xf32>
    %f = nn.binary max %d, %small : (tensor<1x3xf32>, tensor<f32>) -> tensor<1x3xf32>
    %y = nn.binary div %t, %f : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
    return %y : tensor<1x3xf32>
  })",
      "nn.mean_pool");
}

TEST_F(CanonicalNn, DivisionByTheNormIsRaised) {
  Expect(R"(func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %small = nn.constant dense<1.0e-12> : tensor<f32> : tensor<f32>
    %n = nn.reduce l2 %x [1] : tensor<2x3xf32> -> tensor<2x1xf32>
    %f = nn.binary max %n, %small : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
    %e = nn.broadcast %f : tensor<2x1xf32> -> tensor<2x3xf32>
    %y = nn.binary div %x, %e : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    return %y : tensor<2x3xf32>
  })",
         "nn.l2_normalize");
}

TEST_F(CanonicalNn, MaskBySelectionIsRaised) {
  Expect(
      R"(func.func @main(%s: tensor<2x4x4xf32>, %kept: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<2x4x4xf32> {
    %low = nn.constant dense<-1.0e30> : tensor<f32> : tensor<f32>
    %zero = nn.constant public dense<0.0> : tensor<f32> : tensor<f32>
    %k = nn.binary greater %kept, %zero : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xi1>
    %a = nn.select %k, %s, %low : (tensor<1x4xi1>, tensor<2x4x4xf32>, tensor<f32>) -> tensor<2x4x4xf32>
    %y = nn.softmax %a : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
    return %y : tensor<2x4x4xf32>
  })",
      "nn.softmax");
}

TEST_F(CanonicalNn, QuantizedLayerWithClipsIsOneLinear) {
  Expect(R"(func.func @main(%x: tensor<3x4xf32>) -> tensor<3x2xf32> {
    %w = nn.constant dense<[[5, -5], [5, 5], [-5, -5], [5, -5]]> : tensor<4x2xi8>
      : tensor<4x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>>
    %low = nn.constant dense<-8> : tensor<i8> : tensor<!quant.uniform<i8:f32, 0.125>>
    %high = nn.constant dense<7> : tensor<i8> : tensor<!quant.uniform<i8:f32, 0.125>>
    %b = nn.constant dense<[100, -100]> : tensor<2xi32> : tensor<2x!quant.uniform<i32:f32, 0.0625>>
    %q = nn.quantize %x : tensor<3x4xf32> -> tensor<3x4x!quant.uniform<i8:f32, 0.125>>
    %c = nn.binary max %q, %low : (tensor<3x4x!quant.uniform<i8:f32, 0.125>>, tensor<!quant.uniform<i8:f32, 0.125>>) -> tensor<3x4x!quant.uniform<i8:f32, 0.125>>
    %d = nn.binary min %c, %high : (tensor<3x4x!quant.uniform<i8:f32, 0.125>>, tensor<!quant.uniform<i8:f32, 0.125>>) -> tensor<3x4x!quant.uniform<i8:f32, 0.125>>
    %xd = nn.dequantize %d : tensor<3x4x!quant.uniform<i8:f32, 0.125>> -> tensor<3x4xf32>
    %wd = nn.dequantize %w : tensor<4x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>> -> tensor<4x2xf32>
    %bd = nn.dequantize %b : tensor<2x!quant.uniform<i32:f32, 0.0625>> -> tensor<2xf32>
    %p = nn.matmul %xd, %wd : (tensor<3x4xf32>, tensor<4x2xf32>) -> tensor<3x2xf32>
    %y = nn.binary add %p, %bd : (tensor<3x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
    return %y : tensor<3x2xf32>
  })",
         "nn.linear");
}

}  // namespace
}  // namespace mpcc
