// SPDX-License-Identifier: Apache-2.0
#include "tools/module_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "tools/register_compiler.h"

namespace mpcc {
namespace {

using testing::ElementsAre;

class ModuleText : public testing::Test {
 protected:
  ModuleText()
      : handler_(&context_, [&](mlir::Diagnostic& problem) {
          std::string text;
          llvm::raw_string_ostream(text) << problem.getLocation() << ": " << problem;
          problems_.push_back(text);
          return mlir::success();
        }) {
    mlir::DialectRegistry registry;
    RegisterMpccDialects(registry);
    context_.appendDialectRegistry(registry);
  }

  mlir::MLIRContext context_;
  std::vector<std::string> problems_;
  mlir::ScopedDiagnosticHandler handler_;
};

// The value that is used before it is defined, up to the end of its line; empty if none is.
std::string Early(llvm::StringRef text) {
  const auto use = UseBeforeDefinition(text);
  return use ? text.substr(*use).split('\n').first.str() : "";
}

// MLIR's parser would write to what it has freed: %table of @long stands for that of @short.
constexpr char kBrokenOff[] = R"(
func.func @short(%ids: tensor<1x1xi64>) -> tensor<1x1x2xf32> {
  %0 = nn.gather %table, %ids : (tensor<2x2xf32>, tensor<1x1xi64>) -> tensor<1x1x2xf32>
  return %0 : tensor<1x1x2xf32>
}
func.func @long(%ids: tensor<1x2xi64>) -> tensor<1x2x2xf32> {
  %table = nn.constant dense<1.0> : tensor<2x2xf32> : tensor<2x2xf32>
  %0 = nn.gather %table, %ids : (tensor<2x2xf32>, tens
)";

TEST_F(ModuleText, AValueOfALaterFunctionIsRefusedAndLocated) {
  EXPECT_FALSE(ParseModule(kBrokenOff, "model.mlir", context_));
  EXPECT_THAT(problems_,
              ElementsAre("loc(\"model.mlir\":3:18): value '%table' is used before it is defined: "
                          "define it above, in the same function"));
}

TEST(UseBeforeDefinitionTest, ValuesOfOtherFunctionsAndRegionsAreNone) {
  EXPECT_EQ(Early("func.func @a(%x: f32) {\n return %x : f32\n}\n"
                  "func.func @b(%y: f32) {\n return %x : f32\n}\n"),
            "%x : f32");
  EXPECT_EQ(Early("func.func @a(%x: f32) {\n return %x : f32\n}\nt.use %x : f32\n"), "%x : f32");
  EXPECT_EQ(
      Early("func.func @a(%x: f32) {\n %m = nn.map %x {\n ^bb0(%e: f32):\n nn.yield %e : f32\n"
            " }\n return %e : f32\n}\n"),
      "%e : f32");
  EXPECT_EQ(Early("\"func.func\"() ({\n^bb0(%x: f32):\n t.use %x : f32\n}) : () -> ()\n"
                  "\"func.func\"() ({\n t.use %x : f32\n}) : () -> ()\n"),
            "%x : f32");
}

TEST(UseBeforeDefinitionTest, AUseComesAfterTheDefinition) {
  EXPECT_EQ(Early("func.func @a() {\n t.use %0 : f32\n %0 = t.make : f32\n}\n"), "%0 : f32");
  EXPECT_EQ(Early("func.func @a() {\n %1 = t.add %0, %1 : f32\n}\n"), "%0, %1 : f32");
}

TEST(UseBeforeDefinitionTest, EachFormOfADefinitionIsOne) {
  EXPECT_EQ(Early("func.func @a(%x: f32 {m.name = \"x\"}, %y : f32) -> (f32 {m.name = \"r\"})\n"
                  "    attributes {a = {b = 1}} {\n"
                  "  %0:2 = t.two %x, %y {axis = 1} : f32\n"
                  "  %1, %2:3 , %3 = t.more %0#1, %0#0 : f32\n"
                  "  t.use %1, %2#2, %3, %x : f32\n"
                  "}\n"),
            "");
}

TEST(UseBeforeDefinitionTest, CommentsAndStringsNameNoValues) {
  EXPECT_EQ(
      Early("// %a func.func\nfunc.func @a(%x: f32) {\n t.use %x {s = \"\\\"%b } func.func\"}\n"
            " t.use %x {s = \"func.func\"} // %c }\n t.use %x : f32\n}\n"),
      "");
}

TEST(UseBeforeDefinitionTest, BrokenTextHasAnEnd) {
  for (llvm::StringRef text : {"\"", "\"\\", "%", "%a,", "%a:", "}", ")}({", "//", "@", "@\""})
    UseBeforeDefinition(text);
}

// Every file of the tests that MLIR takes.
TEST_F(ModuleText, ValidModulesUseNothingEarly) {
  int modules = 0;
  const std::filesystem::path root = std::getenv("MPCC_SOURCE_DIR");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "test")) {
    if (entry.path().extension() != ".mlir") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    llvm::SmallVector<llvm::StringRef> parts;
    llvm::StringRef(text).split(parts, "// -----");
    for (llvm::StringRef part : parts) {
      const std::string early = Early(part);
      if (!early.empty()) {
        EXPECT_FALSE(mlir::parseSourceString<mlir::ModuleOp>(part.str(), &context_))
            << entry.path() << ": " << early;
      }
      ++modules;
    }
  }
  EXPECT_GT(modules, 300);
}

}  // namespace
}  // namespace mpcc
