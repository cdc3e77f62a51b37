// SPDX-License-Identifier: Apache-2.0
#include "frontend/select_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fmt/format.h"
#include "frontend/onnx_importer.h"
#include "frontend/onnx_reader.h"
#include "frontend/padding.h"
#include "frontend/test_models.h"
#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::FloatEq;
using testing::HasSubstr;
using testing::IsEmpty;
using Floats = nn::Tensor::Floats;
using Ints = nn::Tensor::Ints;

// Token vectors (3, 4), (1, 8), (5, 0), (7, 2) for the ids 0 to 3.
class SelectResults : public testing::Test {
 protected:
  // A function that gives `result`, made by `body` of ids [1, 3] and what `arguments` adds.
  void Parse(const std::string& arguments, const std::string& body, const std::string& result,
             const std::string& type) {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(
        fmt::format(
            "func.func @main(%ids: tensor<1x3xi64> {{nn.role = \"ids\", nn.pad = 3}}{}) -> ({} "
            "{{nn.name = \"out\"}}) {{\n"
            "%words = nn.constant dense<[[3.0, 4.0], [1.0, 8.0], [5.0, 0.0], [7.0, 2.0]]> : "
            "tensor<4x2xf32> : tensor<4x2xf32>\n"
            "%x = nn.gather %words, %ids : (tensor<4x2xf32>, tensor<1x3xi64>) -> "
            "tensor<1x3x2xf32>\n{}\nreturn {} : {} }}",
            arguments, type, body, result, type),
        &context_);
    ASSERT_TRUE(module_);
  }

  void ParseTokens(const std::string& arguments = "", const std::string& body = "") {
    Parse(arguments, body, "%x", "tensor<1x3x2xf32>");
  }

  Floats Run(const ImportOptions& options, const std::vector<nn::Tensor>& inputs) {
    auto function = *module_->getOps<mlir::func::FuncOp>().begin();
    PoolResults(function, options, problems_);
    if (!problems_.empty()) return {};
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module_)));
    const auto found = nn::RunNn(function, inputs);
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_EQ((*found)[0].shape,
              llvm::cast<mlir::ShapedType>(function.getResultTypes()[0]).getShape().vec());
    return (*found)[0].floats();
  }

  static ImportOptions Pool(Pooling pooling, bool normalize = false) {
    ImportOptions options;
    options.pooling = pooling;
    options.normalize = normalize;
    return options;
  }

  const nn::Tensor ids_{{1, 3}, Ints{0, 1, 3}};
  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  Problems problems_;
};

TEST_F(SelectResults, MeanIsOfTheTokensThatTheMaskKeeps) {
  ParseTokens(", %m: tensor<1x3xi64> {nn.role = \"mask\"}");
  EXPECT_THAT(Run(Pool(Pooling::kMean), {ids_, {{1, 3}, Ints{1, 1, 0}}}), ElementsAre(2, 6));
}

// (4, 12) of two tokens.
TEST_F(SelectResults, RootDividesTheSumByTheRootOfHowManyTokensTheMaskKeeps) {
  ParseTokens(", %m: tensor<1x3xi64> {nn.role = \"mask\"}");
  const auto root = static_cast<float>(std::sqrt(2));
  EXPECT_THAT(Run(Pool(Pooling::kRoot), {ids_, {{1, 3}, Ints{1, 1, 0}}}),
              ElementsAre(FloatEq(4 / root), FloatEq(12 / root)));
}

TEST_F(SelectResults, MasksOfTokensAndTokensKeepWhatAnyTokenSees) {
  ParseTokens(", %m: tensor<1x1x3x3xf32> {nn.role = \"mask\"}");
  const nn::Tensor causal{{1, 1, 3, 3}, Floats{1, 0, 0, 1, 1, 0, 0, 0, 0}};
  EXPECT_THAT(Run(Pool(Pooling::kMean), {ids_, causal}), ElementsAre(2, 6));
}

TEST_F(SelectResults, BiasesDropTokensBelowZero) {
  ParseTokens(", %m: tensor<1x1x1x3xf32> {nn.role = \"bias\"}");
  const nn::Tensor bias{{1, 1, 1, 3}, Floats{0, 0, -30}};
  EXPECT_THAT(Run(Pool(Pooling::kMean), {ids_, bias}), ElementsAre(2, 6));
}

TEST_F(SelectResults, WithoutMaskPaddingIsWhatTheGraphComparesIdsWith) {
  ParseTokens("",
              "%pad = nn.constant dense<3> : tensor<i64> : tensor<i64>\n"
              "%e = nn.binary equal %ids, %pad : (tensor<1x3xi64>, tensor<i64>) -> tensor<1x3xi1>");
  EXPECT_THAT(Run(Pool(Pooling::kMean), {ids_}), ElementsAre(2, 6));
}

TEST_F(SelectResults, WithoutAnyMaskAllTokensCount) {
  ParseTokens();
  EXPECT_THAT(Run(Pool(Pooling::kMean), {{{1, 3}, Ints{0, 1, 2}}}), ElementsAre(3, 4));
}

TEST_F(SelectResults, FirstIsTheVectorOfTheFirstToken) {
  ParseTokens();
  EXPECT_THAT(Run(Pool(Pooling::kFirst, true), {ids_}), ElementsAre(0.6f, 0.8f));
}

TEST_F(SelectResults, NormalizeTakesEachVectorThatIsRevealed) {
  ParseTokens();
  EXPECT_THAT(Run(Pool(Pooling::kNone, true), {{{1, 3}, Ints{0, 2, 2}}}),
              ElementsAre(0.6f, 0.8f, 1, 0, 1, 0));
}

TEST_F(SelectResults, TokensStandInAnyAxis) {
  const std::string moved = "%t = nn.reshape %x : tensor<1x3x2xf32> -> tensor<3x1x2xf32>";
  Parse("", moved, "%t", "tensor<3x1x2xf32>");
  EXPECT_THAT(Run(Pool(Pooling::kFirst), {ids_}), ElementsAre(3, 4));
}

TEST_F(SelectResults, WhatIsPooledAlreadyIsRefused) {
  Parse("",
        "%s = nn.slice %x [0, 0, 0] : tensor<1x3x2xf32> -> tensor<1x1x2xf32>\n"
        "%f = nn.reshape %s : tensor<1x1x2xf32> -> tensor<1x2xf32>",
        "%f", "tensor<1x2xf32>");
  Run(Pool(Pooling::kMean), {});
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::remedy, HasSubstr("leave --pool out"))));
}

TEST_F(SelectResults, NumbersAloneHaveNoLength) {
  Parse("", "%s = nn.slice %x [0, 0, 0] : tensor<1x3x2xf32> -> tensor<1x1x1xf32>", "%s",
        "tensor<1x1x1xf32>");
  Run(Pool(Pooling::kNone, true), {});
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::found, "a result of shape [1, 1, 1]")));
}

TEST_F(SelectResults, WarnsOfVectorsAsWideAsAnEmbeddingAlone) {
  std::vector<std::string> warnings;
  mlir::ScopedDiagnosticHandler handler(
      &context_, [&](mlir::Diagnostic& diagnostic) { warnings.push_back(diagnostic.str()); });
  Parse("", "%s = nn.slice %x [0, 0, 0] : tensor<1x3x2xf32> -> tensor<1x3x1xf32>", "%s",
        "tensor<1x3x1xf32>");
  WarnOfTokenVectors(*module_);
  EXPECT_THAT(warnings, IsEmpty());
  ParseTokens();
  WarnOfTokenVectors(*module_);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("the vectors of all tokens, [1, 3, 2]")));
}

TEST_F(SelectResults, WhatAPrivateRunDoesNotRevealIsAProblem) {
  const auto check = [&] {
    CheckRevealed(*module_->getOps<mlir::func::FuncOp>().begin(), problems_);
  };
  const std::string quantized = "tensor<1x3x2x!quant.uniform<i8:f32, 1.0>>";
  Parse("", "%q = nn.quantize %x : tensor<1x3x2xf32> -> " + quantized, "%q", quantized);
  check();
  Parse("", "", "%ids", "tensor<1x3xi64>");
  check();
  Parse(", %c: tensor<1x3xi1>", "", "%c", "tensor<1x3xi1>");
  check();
  Parse("", "", "%words", "tensor<4x2xf32>");
  check();
  ParseTokens();
  check();
  EXPECT_THAT(
      problems_,
      ElementsAre(Field(&Problem::found, "quantized integers"), Field(&Problem::found, "integers"),
                  Field(&Problem::found, "conditions"), Field(&Problem::found, "a constant")));
}

// x and an operator that mpcc does not know, of the same input.
onnx::ModelProto TwoOutputs() {
  onnx::ModelProto model = EmptyModel();
  AddNode(model, "Relu", "positive", {"x"}, "known");
  AddNode(model, "Unheard", "strange", {"x"}, "unknown");
  auto* range = model.add_metadata_props();
  range->set_key("mpcc.range:unknown");
  range->set_value("1");
  SetOutput(model, "unknown");
  SetOutput(model, "known");
  return model;
}

std::vector<std::string> ResultNames(mlir::MLIRContext& context,
                                     const std::vector<std::string>& results, Problems& problems) {
  auto prepared = PrepareModel(TwoOutputs(), "", problems);
  ImportOptions options{{}, 2};
  options.results = results;
  auto module = ImportModel(context, *prepared, "m.onnx", options, problems);
  std::vector<std::string> names;
  if (!module) return names;
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    names.push_back(function.getResultAttrOfType<mlir::StringAttr>(i, "nn.name").str());
  return names;
}

TEST_F(SelectResults, OnlyWhatNamedOutputsNeedIsImported) {
  int warnings = 0;
  mlir::ScopedDiagnosticHandler handler(&context_, [&](mlir::Diagnostic&) { ++warnings; });
  EXPECT_THAT(ResultNames(context_, {"known"}, problems_), ElementsAre("known"));
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_EQ(warnings, 0);
  EXPECT_THAT(ResultNames(context_, {}, problems_), IsEmpty());
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::op, "Unheard")));
}

TEST_F(SelectResults, NamesThatAreNoOutputsAreRefusedWithThoseThatAre) {
  ResultNames(context_, {"known", "other"}, problems_);
  EXPECT_THAT(problems_, ElementsAre(Field(&Problem::accepted, "unknown, known")));
}

}  // namespace
}  // namespace mpcc
