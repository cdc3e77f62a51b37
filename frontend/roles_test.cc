// SPDX-License-Identifier: Apache-2.0
#include "frontend/roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "ir/nn/nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class Roles : public testing::Test {
 protected:
  // Roles of the arguments of a function with tables of 100, 2 and 64 rows.
  std::vector<std::string> Of(const std::string& arguments, const std::string& body) {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(
        fmt::format(
            "func.func @main({}) {{\n"
            "%words = nn.constant dense<1.0> : tensor<100x4xf32> : tensor<100x4xf32>\n"
            "%kinds = nn.constant dense<1.0> : tensor<2x4xf32> : tensor<2x4xf32>\n"
            "%places = nn.constant dense<1.0> : tensor<64x4xf32> : tensor<64x4xf32>\n{}\nreturn }}",
            arguments, body),
        &context_);
    EXPECT_TRUE(module_);
    auto function = *module_->getOps<mlir::func::FuncOp>().begin();
    AssignRoles(function, problems_);
    std::vector<std::string> roles;
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      auto role = function.getArgAttrOfType<mlir::StringAttr>(i, "nn.role");
      roles.push_back(role ? role.str() : "");
    }
    return roles;
  }

  static std::string Look(const std::string& result, const std::string& table, int rows,
                          const std::string& ids) {
    return fmt::format(
        "%{} = nn.gather %{}, %{} : (tensor<{}x4xf32>, tensor<1x8xi64>) -> tensor<1x8x4xf32>\n",
        result, table, ids, rows);
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  Problems problems_;
};

TEST_F(Roles, FollowTheTablesWhateverTheNames) {
  EXPECT_THAT(
      Of("%a: tensor<1x8xi64>, %b: tensor<1x8xi64>, %c: tensor<1x8xi64>",
         Look("x", "kinds", 2, "a") + Look("y", "places", 64, "b") + Look("z", "words", 100, "c")),
      ElementsAre("types", "positions", "ids"));
  EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(Roles, NamesDecideWherePositionsHaveTheLargestTable) {
  EXPECT_THAT(Of("%a: tensor<1x8xi64> {nn.name = \"ids\"}, %b: tensor<1x8xi64> {nn.name = \"pos\"}",
                 Look("x", "places", 64, "a") + Look("y", "words", 100, "b")),
              ElementsAre("ids", "positions"));
}

TEST_F(Roles, MasksAreFoundByTheirArithmetic) {
  const std::string ids = Look("x", "words", 100, "a");
  EXPECT_THAT(
      Of("%a: tensor<1x8xi64>, %b: tensor<1x8xi64>, %c: tensor<1x1x8x8xf32>, %d: tensor<1x8xi1>",
         ids + "%f = nn.unary cast %b : tensor<1x8xi64> -> tensor<1x8xf32>\n"
               "%g = nn.binary mul %f, %f : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x8xf32>\n"
               "%h = nn.binary add %g, %c : (tensor<1x8xf32>, tensor<1x1x8x8xf32>) -> "
               "tensor<1x1x8x8xf32>\n"
               "%i = nn.select %d, %g, %f : (tensor<1x8xi1>, tensor<1x8xf32>, tensor<1x8xf32>) -> "
               "tensor<1x8xf32>"),
      ElementsAre("ids", "mask", "bias", "mask"));
}

TEST_F(Roles, InputsOfOtherShapesHaveNone) {
  EXPECT_THAT(Of("%a: tensor<1x8xi64>, %b: tensor<1x3xf32>",
                 Look("x", "words", 100, "a") +
                     "%g = nn.binary mul %b, %b : (tensor<1x3xf32>, tensor<1x3xf32>) -> "
                     "tensor<1x3xf32>"),
              ElementsAre("ids", ""));
}

TEST_F(Roles, UnreadIntegersAreTypesOrWhatTheirNameSays) {
  EXPECT_THAT(Of("%a: tensor<1x8xi64>, %b: tensor<1x8xi64>, %c: tensor<1x8xi64> {nn.name = "
                 "\"input_mask\"}",
                 Look("x", "words", 100, "a")),
              ElementsAre("ids", "types", "mask"));
}

TEST_F(Roles, SecondIdsAreRefused) {
  Of("%a: tensor<1x8xi64>, %b: tensor<1x8xi64> {nn.name = \"decoder_input_ids\"}",
     Look("x", "words", 100, "a") + Look("y", "words", 100, "b"));
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::found, "a second input of token ids")));
}

TEST_F(Roles, BatchesInOneProgramAreRefused) {
  Of("%a: tensor<2x8xi64>",
     "%x = nn.gather %words, %a : (tensor<100x4xf32>, tensor<2x8xi64>) -> tensor<2x8x4xf32>");
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::found, "token ids of shape [2, 8]")));
}

}  // namespace
}  // namespace mpcc
