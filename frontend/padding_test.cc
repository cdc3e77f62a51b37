// SPDX-License-Identifier: Apache-2.0
#include "frontend/padding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "frontend/roles.h"
#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

constexpr char kKeepOne[] =
    "%pad = nn.constant dense<1> : tensor<i64> : tensor<i64>\n"
    "%e = nn.binary equal %a, %pad : (tensor<1x4xi64>, tensor<i64>) -> tensor<1x4xi1>\n"
    "%n = nn.unary logical_not %e : tensor<1x4xi1> -> tensor<1x4xi1>\n"
    "%m = nn.unary cast %n : tensor<1x4xi1> -> tensor<1x4xf32>\n";
constexpr char kInput[] = "%m = nn.unary cast %b : tensor<1x4xi64> -> tensor<1x4xf32>\n";
constexpr char kMasked[] =
    "%r = nn.reshape %m : tensor<1x4xf32> -> tensor<1x4x1xf32>\n"
    "%k = nn.binary mul %x, %r : (tensor<1x4x2xf32>, tensor<1x4x1xf32>) -> tensor<1x4x2xf32>\n";

// Words of a mask, reduced over the tokens.
constexpr char kReduced[] =
    "func.func @main(%a: tensor<1x{0}xi64>, %b: tensor<1x{0}xi64>) -> tensor<1x1x2xf32> {{\n"
    "%words = nn.constant dense<[[1.0, 2.0], [3.0, 9.0], [5.0, 6.0]]> : tensor<3x2xf32> : "
    "tensor<3x2xf32>\n"
    "%x = nn.gather %words, %a : (tensor<3x2xf32>, tensor<1x{0}xi64>) -> tensor<1x{0}x2xf32>\n"
    "%m = nn.unary cast %b : tensor<1x{0}xi64> -> tensor<1x{0}xf32>\n"
    "%r = nn.reshape %m : tensor<1x{0}xf32> -> tensor<1x{0}x1xf32>\n"
    "%k = nn.binary mul %x, %r : (tensor<1x{0}x2xf32>, tensor<1x{0}x1xf32>) -> "
    "tensor<1x{0}x2xf32>\n"
    "%s = nn.reduce {1} %k [1] : tensor<1x{0}x2xf32> -> tensor<1x1x2xf32>\n"
    "return %s : tensor<1x1x2xf32> }}";

class Padding : public testing::Test {
 protected:
  // A function of eight words that sums `summed` over the tokens.
  mlir::func::FuncOp Parse(const std::string& arguments, const std::string& body,
                           const std::string& summed) {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(
        fmt::format("func.func @main({0}) -> tensor<1x1x2xf32> {{\n"
                    "%words = nn.constant dense<[[1.0, 2.0], [3.0, 9.0], [5.0, 6.0], [7.0, 8.0], "
                    "[2.0, 1.0], [4.0, 3.0], [6.0, 7.0], [8.0, 9.0]]> : tensor<8x2xf32> : "
                    "tensor<8x2xf32>\n"
                    "%x = nn.gather %words, %a : (tensor<8x2xf32>, tensor<1x4xi64>) -> "
                    "tensor<1x4x2xf32>\n{1}"
                    "%s = nn.reduce sum {2} [1] : tensor<1x4x2xf32> -> tensor<1x1x2xf32>\n"
                    "return %s : tensor<1x1x2xf32> }}",
                    arguments, body, summed),
        &context_);
    EXPECT_TRUE(module_);
    auto function = *module_->getOps<mlir::func::FuncOp>().begin();
    AssignRoles(function, problems_);
    return function;
  }

  // The words that the mask keeps, summed up or averaged over all tokens.
  mlir::func::FuncOp Reduced(int tokens, const std::string& kind) {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    reduced_.push_back(mlir::parseSourceString<mlir::ModuleOp>(
        fmt::format(fmt::runtime(kReduced), tokens, kind), &context_));
    auto function = *reduced_.back()->getOps<mlir::func::FuncOp>().begin();
    AssignRoles(function, problems_);
    return function;
  }

  int64_t PadOf(mlir::func::FuncOp function, std::optional<int64_t> given = std::nullopt) {
    AssignPadding(function, given, problems_);
    return nn::PaddingOf(function, 0);
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> reduced_;
  Problems problems_;
};

constexpr char kIds[] = "%a: tensor<1x4xi64>";
constexpr char kIdsAndMask[] = "%a: tensor<1x4xi64>, %b: tensor<1x4xi64>";

TEST_F(Padding, IsTheNumberThatIdsAreComparedWith) {
  auto function = Parse(kIds, std::string(kKeepOne) + kMasked, "%k");
  EXPECT_EQ(PadOf(function), 1);
  EXPECT_EQ(PadOf(function, 5), 5);
  EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(Padding, IsZeroWithoutComparison) { EXPECT_EQ(PadOf(Parse(kIds, "", "%x")), 0); }

TEST_F(Padding, OutsideTheTableIsRefused) {
  PadOf(Parse(kIds, "", "%x"), 8);
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::accepted, "ids from 0 to 7")));
}

TEST_F(Padding, ThatNothingMasksChangesResults) {
  auto function = Parse(kIds, "", "%x");
  PadOf(function);
  EXPECT_TRUE(DependsOnPadding(function));
}

TEST_F(Padding, ThatTheIdsOrAMaskDropChangesNothing) {
  auto by_ids = Parse(kIds, std::string(kKeepOne) + kMasked, "%k");
  PadOf(by_ids);
  EXPECT_FALSE(DependsOnPadding(by_ids));
  auto by_mask = Parse(kIdsAndMask, std::string(kInput) + kMasked, "%k");
  PadOf(by_mask);
  EXPECT_FALSE(DependsOnPadding(by_mask));
}

TEST_F(Padding, OfAnotherIdThanTheGraphMasksChangesResults) {
  auto function = Parse(kIds, std::string(kKeepOne) + kMasked, "%k");
  PadOf(function, 0);
  EXPECT_TRUE(DependsOnPadding(function));
}

TEST_F(Padding, ThatIsCountedShowsBesideAShorterInput) {
  EXPECT_FALSE(DependsOnPadding(Reduced(4, "mean")));  // whatever words stand there
  EXPECT_TRUE(DependsOnPadding(Reduced(4, "mean"), Reduced(2, "mean")));
  EXPECT_FALSE(DependsOnPadding(Reduced(4, "sum"), Reduced(2, "sum")));
}

TEST_F(Padding, IsProbedWithWordsWhereTheShorterModelIsNoneOfIt) {
  EXPECT_FALSE(DependsOnPadding(Reduced(8, "mean"), Reduced(2, "mean")));
}

}  // namespace
}  // namespace mpcc
