// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/row_bounds.h"

#include <gtest/gtest.h>

#include <random>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_measure.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "passes/lower/nn_values.h"

namespace mpcc {
namespace {

constexpr int kTokens = 5, kWidth = 8, kInner = 12;

// An encoder layer on rows that the test chooses, with quantizers of steps 0.02 to 0.05.
class RowBounds : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    context_
        .loadDialect<nn::NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
    random_.seed(GetParam());
    module_ = mlir::parseSourceString<mlir::ModuleOp>(Encoder(), &context_);
    ASSERT_TRUE(module_);
    function_ = *module_->getOps<mlir::func::FuncOp>().begin();
  }

  std::string Constant(const std::string& name, std::vector<int64_t> shape, double scale) {
    std::normal_distribution<double> normal(0, scale);
    int64_t count = 1;
    for (int64_t extent : shape) count *= extent;
    std::vector<std::string> numbers;
    for (int64_t i = 0; i < count; ++i) numbers.push_back(fmt::format("{:.6e}", normal(random_)));
    std::string values = fmt::format("[{}]", fmt::join(numbers, ", "));
    if (shape.size() == 2) {
      std::vector<std::string> rows;
      for (int64_t r = 0; r < shape[0]; ++r)
        rows.push_back(fmt::format("[{}]", fmt::join(numbers.begin() + r * shape[1],
                                                     numbers.begin() + (r + 1) * shape[1], ", ")));
      values = fmt::format("[{}]", fmt::join(rows, ", "));
    }
    return fmt::format("  %{0} = nn.constant dense<{1}> : tensor<{2}xf32> : tensor<{2}xf32>\n",
                       name, values, fmt::join(shape, "x"));
  }

  std::string Encoder() {
    std::string text = fmt::format(
        "!q = !quant.uniform<i8:f32, 0.05>\n!p = !quant.uniform<u8:f32, 0.00390625>\n"
        "func.func @f(%x: tensor<{}x{}xf32>) -> tensor<{}x{}xf32> {{\n",
        kTokens, kWidth, kTokens, kWidth);
    for (const char* gamma : {"g1", "g2"}) text += Constant(gamma, {kWidth}, 1);
    for (const char* row : {"b1", "b2", "bq", "bk", "bv", "bo", "bd"})
      text += Constant(row, {kWidth}, 0.3);
    for (const char* matrix : {"wq", "wk", "wv", "wo"})
      text += Constant(matrix, {kWidth, kWidth}, 0.3);
    text += Constant("wi", {kWidth, kInner}, 0.3) + Constant("wd", {kInner, kWidth}, 0.3) +
            Constant("bi", {kInner}, 0.3);
    text += "  %scale = nn.constant dense<2.0> : tensor<f32> : tensor<f32>\n";
    text += R"(
  %n1 = nn.layer_norm %x, %g1, %b1 {epsilon = 1.0e-12 : f64} : (tensor<5x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %nq = nn.quantize %n1 : tensor<5x8xf32> -> tensor<5x8x!q>
  %nd = nn.dequantize %nq : tensor<5x8x!q> -> tensor<5x8xf32>
  %q = nn.linear %nd, %wq, %bq : (tensor<5x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %k = nn.linear %nd, %wk, %bk : (tensor<5x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %v = nn.linear %nd, %wv, %bv : (tensor<5x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %q1 = nn.reshape %q : tensor<5x8xf32> -> tensor<5x2x4xf32>
  %k1 = nn.reshape %k : tensor<5x8xf32> -> tensor<5x2x4xf32>
  %v1 = nn.reshape %v : tensor<5x8xf32> -> tensor<5x2x4xf32>
  %q2 = nn.transpose %q1 [1, 0, 2] : tensor<5x2x4xf32> -> tensor<2x5x4xf32>
  %k2 = nn.transpose %k1 [1, 0, 2] : tensor<5x2x4xf32> -> tensor<2x5x4xf32>
  %v2 = nn.transpose %v1 [1, 0, 2] : tensor<5x2x4xf32> -> tensor<2x5x4xf32>
  %qq = nn.quantize %q2 : tensor<2x5x4xf32> -> tensor<2x5x4x!q>
  %kq = nn.quantize %k2 : tensor<2x5x4xf32> -> tensor<2x5x4x!q>
  %vq = nn.quantize %v2 : tensor<2x5x4xf32> -> tensor<2x5x4x!q>
  %s = nn.matmul %qq, %kq {transpose_b} : (tensor<2x5x4x!q>, tensor<2x5x4x!q>) -> tensor<2x5x5xf32>
  %s1 = nn.binary div %s, %scale : (tensor<2x5x5xf32>, tensor<f32>) -> tensor<2x5x5xf32>
  %p = nn.softmax %s1 : (tensor<2x5x5xf32>) -> tensor<2x5x5xf32>
  %pq = nn.quantize %p : tensor<2x5x5xf32> -> tensor<2x5x5x!p>
  %c = nn.matmul %pq, %vq : (tensor<2x5x5x!p>, tensor<2x5x4x!q>) -> tensor<2x5x4xf32>
  %c1 = nn.transpose %c [1, 0, 2] : tensor<2x5x4xf32> -> tensor<5x2x4xf32>
  %c2 = nn.reshape %c1 : tensor<5x2x4xf32> -> tensor<5x8xf32>
  %o = nn.linear %c2, %wo, %bo : (tensor<5x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %r = nn.binary add %o, %nd : (tensor<5x8xf32>, tensor<5x8xf32>) -> tensor<5x8xf32>
  %n2 = nn.layer_norm %r, %g2, %b2 {epsilon = 1.0e-12 : f64} : (tensor<5x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %i = nn.linear %n2, %wi, %bi : (tensor<5x8xf32>, tensor<8x12xf32>, tensor<12xf32>) -> tensor<5x12xf32>
  %g = nn.unary gelu %i : tensor<5x12xf32> -> tensor<5x12xf32>
  %d = nn.linear %g, %wd, %bd : (tensor<5x12xf32>, tensor<12x8xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  return %d : tensor<5x8xf32>
})";
    return text;
  }

  // Random rows, and for each column of each layer the row that takes it furthest.
  std::vector<std::vector<nn::Tensor>> Inputs() {
    std::vector<std::vector<nn::Tensor>> inputs;
    std::normal_distribution<float> normal;
    for (int i = 0; i < 200; ++i) {
      nn::Tensor::Floats rows(kTokens * kWidth);
      for (float& x : rows) x = normal(random_) * (i % 2 ? 1 : std::abs(normal(random_)) * 9);
      inputs.push_back({nn::Tensor{{kTokens, kWidth}, rows}});
    }
    auto norm = *function_.getOps<nn::LayerNormOp>().begin();
    const auto gamma = ReadConstant(norm.getGamma())->values;
    function_.walk([&](nn::LinearOp op) {
      const auto weight = ReadConstant(op.getWeight());
      const int64_t columns = weight->shape[1];
      if (weight->shape[0] != kWidth) return;
      for (int64_t column = 0; column < columns; ++column)
        for (float sign : {1.0f, -1.0f}) {
          nn::Tensor::Floats rows(kTokens * kWidth);
          for (size_t i = 0; i < rows.size(); ++i)
            rows[i] = sign * static_cast<float>(weight->values[i % kWidth * columns + column] *
                                                gamma[i % kWidth]);
          inputs.push_back({nn::Tensor{{kTokens, kWidth}, rows}});
        }
    });
    return inputs;
  }

  mlir::MLIRContext context_;
  std::mt19937 random_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::func::FuncOp function_;
};

TEST_P(RowBounds, NoInputExceedsThemAndFewFallFarShort) {
  for (bool guessed : {false, true}) {
    if (guessed) function_->setAttr(nn::kGuessedScalesAttr, mlir::UnitAttr::get(&context_));
    const mpcc::RowBounds bounds(function_, 4);
    auto found = nn::Measure(function_, Inputs());
    ASSERT_TRUE(found.ok());
    function_.walk([&](mlir::Operation* op) {
      if (op->getNumResults() != 1 || llvm::isa<nn::ConstantOp>(op)) return;
      const auto bound = bounds.MagnitudeOf(op->getResult(0));
      ASSERT_TRUE(bound) << op->getName().getStringRef().str();
      if (!found->extents.count(op->getResult(0))) return;
      const double reached = found->extents[op->getResult(0)].Magnitude();
      EXPECT_LE(reached, *bound) << op->getName().getStringRef().str();
      EXPECT_GE(reached * 8, *bound) << op->getName().getStringRef().str();
    });
  }
}

TEST_P(RowBounds, OfALayerBehindANormalizationAreReached) {
  const mpcc::RowBounds bounds(function_, 4);
  auto found = nn::Measure(function_, Inputs());
  ASSERT_TRUE(found.ok());
  auto query = *function_.getOps<nn::LinearOp>().begin();
  EXPECT_GE(found->extents[query.getResult()].Magnitude() * 1.25,
            *bounds.MagnitudeOf(query.getResult()));
}

TEST_P(RowBounds, AreFoundOfWhatIsAskedAlone) {
  const mpcc::RowBounds bounds(function_, 4);
  auto last = *std::next(function_.getOps<nn::LayerNormOp>().begin());
  ASSERT_TRUE(bounds.MagnitudeOf(last.getResult()));  // of its parameters
  EXPECT_EQ(bounds.count(), 1);
  ASSERT_TRUE(bounds.MagnitudeOf(last.getInput()));
  const size_t before = bounds.count();  // probabilities do not follow from scores
  auto scores = *function_.getOps<nn::MatMulOp>().begin();
  ASSERT_TRUE(bounds.MagnitudeOf(scores.getResult()));
  EXPECT_GT(bounds.count(), before + 1);
}

TEST(RowBoundsOfAChain, AreFoundWithoutDeepRecursion) {
  constexpr int kDepth = 50000;
  mlir::MLIRContext context;
  context.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
  mlir::OpBuilder b(&context);
  const mlir::Location loc = b.getUnknownLoc();
  auto type = mlir::RankedTensorType::get({2}, b.getF32Type());
  mlir::OwningOpRef<mlir::func::FuncOp> function =
      b.create<mlir::func::FuncOp>(loc, "f", b.getFunctionType({type}, {}));
  b.setInsertionPointToStart(function->addEntryBlock());
  mlir::Value x = b.create<nn::UnaryOp>(loc, type, nn::UnaryKind::tanh, function->getArgument(0));
  for (int i = 0; i < kDepth; ++i) x = b.create<nn::BinaryOp>(loc, type, nn::BinaryKind::max, x, x);
  b.create<mlir::func::ReturnOp>(loc);
  EXPECT_DOUBLE_EQ(*mpcc::RowBounds(*function, 4).MagnitudeOf(x), 1.02);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RowBounds, testing::Range(1, 9));

}  // namespace
}  // namespace mpcc
