// SPDX-License-Identifier: Apache-2.0
// Joint views of every construction on rings of 3 to 6 bits: all that P1 and P2 receive beside
// what they draw, over all randomness (views.h).
#include <absl/strings/str_replace.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ir/mpc/mpc.h"
#include "runtime/base/status_matchers.h"
#include "test/leak/constructions.h"
#include "test/leak/trial.h"

namespace mpcc::leak {
namespace {

constexpr char kText[] = R"(
func.func @f(%p: tensor<$Sxi$B> {nn.owner = "data"}) -> (tensor<$Oxf32> {nn.name = "y"}$MORE_TYPE) attributes {nn.results = ["y"]} {
  %c = mpc.constant dense<1> : tensor<$Sxi8> {mpc.model_part = 0 : i64, mpc.model_bits = $B : i64} : !mpc.private<$S, $I>
  %shared = mpc.product const %c : (!mpc.private<$S, $I>) -> !mpc.add<$S, $I>
  %x = mpc.input_local %p : tensor<$Sxi$B> -> !mpc.add<$S, $I>
  %h = mpc.add %x, %shared : (!mpc.add<$S, $I>, !mpc.add<$S, $I>) -> !mpc.add<$S, $I>
$BODY
$TOLD
  %revealed = mpc.reveal %told {fraction_bits = 0 : i64} : !mpc.add<$O, $W> -> tensor<$Oxf32>
$MORE
  return %revealed$MORE_VALUE : tensor<$Oxf32>$MORE_RETURNED
})";
// A result that nobody asked for.
constexpr char kMoreType[] = R"(, tensor<$Sxf32> {nn.name = "z"})";
constexpr char kMore[] = R"(
  %also = mpc.reveal %h {fraction_bits = 0 : i64} : !mpc.add<$S, $I> -> tensor<$Sxf32>)";
constexpr char kResult[] = "  %told = mpc.add_public %y, 0 : !mpc.add<$O, $W>";
constexpr char kNothing[] = R"(
  %opened = mpc.reshare %y : !mpc.add<$O, $W> -> !mpc.rss<$O, $W>
  %back = mpc.open_free %opened : !mpc.rss<$O, $W> -> !mpc.add<$O, $W>
  %told = mpc.mul_public %back, 0 : !mpc.add<$O, $W>)";

std::string TextOf(const Construction& c, int ring, bool reveals_more = false) {
  const auto with_rings = [&](const char* text) {
    return absl::StrReplaceAll(
        text, {{"$L", fmt::format("{}", ring)}, {"$K", fmt::format("{}", ring - 2)}});
  };
  const std::string in = with_rings(c.in);
  return absl::StrReplaceAll(
      absl::StrReplaceAll(kText, {{"$BODY", with_rings(c.body)},
                                  {"$TOLD", c.told == Told::kResult ? kResult : kNothing},
                                  {"$MORE_TYPE", reveals_more ? kMoreType : ""},
                                  {"$MORE_VALUE", reveals_more ? ", %also" : ""},
                                  {"$MORE_RETURNED", reveals_more ? ", tensor<$Sxf32>" : ""},
                                  {"$MORE", reveals_more ? kMore : ""}}),
      {{"$S", c.shape},
       {"$I", in},
       {"$B", c.hidden_bits ? with_rings(c.hidden_bits) : in},
       {"$O", c.out_shape},
       {"$W", with_rings(c.out)}});
}

using Split = mlir::OwningOpRef<mlir::ModuleOp>;

Split SplitOf(mlir::MLIRContext& context, const Construction& c, int ring,
              bool reveals_more = false) {
  return LowerAndSplit(context, TextOf(c, ring, reveals_more), c.way);
}

// Calls fn(context, construction, ring) for each.
template <typename Fn>
void ForEachConstruction(const Fn& fn) {
  mlir::MLIRContext context;
  LoadDialects(context);
  for (const Construction& c : kConstructions)
    for (int ring = c.from; ring <= c.to; ++ring) {
      SCOPED_TRACE(fmt::format("{}, ring of {} bits", c.name, ring));
      fn(context, c, ring);
    }
}

// From all that there is to what is sampled more and more (views.h).
struct Level {
  const char* name;
  Effort effort;
};
constexpr Level kLevels[] = {
    {"all", {.max_bits = 20, .inputs = 4, .models = 8}},
    {"halves given", {.max_bits = 20, .samples = 2, .inputs = 4, .models = 8}},
    {"halves and masks given",
     {.max_bits = 20, .samples = 2, .samples_masks = true, .inputs = 4, .models = 8}},
    {"halves and masks given",
     {.max_bits = 20, .samples = 1, .samples_masks = true, .inputs = 2, .models = 4}},
};

// At the first level that is not too much, whose name is printed beside what was counted.
absl::StatusOr<Verdict> JudgeAtALevel(const Construction& c, int ring, mlir::ModuleOp module) {
  absl::StatusOr<Verdict> verdict;
  for (const Level& level : kLevels) {
    verdict = Judge(module, level.effort);
    if (!verdict.ok()) continue;
    fmt::print("{:50} {} bits, 2^{:.0f} assignments, {}\n", c.name, ring,
               std::log2(verdict->assignments), level.name);
    break;
  }
  return verdict;
}

TEST(ConstructionViews, TellNobodyMore) {
  ForEachConstruction([](mlir::MLIRContext& context, const Construction& c, int ring) {
    const Split module = SplitOf(context, c, ring);
    ASSERT_TRUE(module);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, JudgeAtALevel(c, ring, *module));
    EXPECT_EQ(verdict.leak, "");
    EXPECT_TRUE(verdict.works);
    EXPECT_GT(verdict.compared, 0u);
    // What is read early is refused, though it tells nothing here.
    EXPECT_TRUE(c.told == Told::kNothing || IsAccepted(*module));
  });
}

// Stream numbers in program order: masks of openings, and vectors that are dealt.
struct Numbers {
  std::vector<int64_t> masks, vectors;
};

Numbers NumbersOf(mlir::ModuleOp module) {
  Numbers numbers;
  module.walk([&](mlir::Operation* op) {
    auto streams = op->getAttrOfType<mlir::DenseI64ArrayAttr>("streams");
    if (!streams || llvm::isa<mpc::MaskOp, mpc::DealOp>(op)) return;
    llvm::append_range(llvm::isa<mpc::ReshareOp>(op) ? numbers.masks : numbers.vectors,
                       streams.asArrayRef());
  });
  return numbers;
}

// The program with one number in place of another one, at all parties.
Split With(mlir::ModuleOp module, int64_t number, int64_t in_place_of) {
  Split changed(module.clone());
  changed->walk([&](mlir::Operation* op) {
    auto streams = op->getAttrOfType<mlir::DenseI64ArrayAttr>("streams");
    if (!streams) return;
    std::vector<int64_t> numbers = streams.asArrayRef().vec();
    std::ranges::replace(numbers, in_place_of, number);
    op->setAttr("streams", mlir::DenseI64ArrayAttr::get(op->getContext(), numbers));
  });
  return changed;
}

// An opening and a vector, two openings, and two vectors.
std::vector<Split> WithMasksThatServeTwice(mlir::ModuleOp module) {
  const auto [masks, vectors] = NumbersOf(module);
  std::vector<Split> planted;
  for (int64_t vector : {vectors.front(), vectors.back()})
    planted.push_back(With(module, masks.front(), vector));
  if (masks.size() > 1) planted.push_back(With(module, masks.front(), masks.back()));
  if (vectors.size() > 1) planted.push_back(With(module, vectors.front(), vectors.back()));
  return planted;
}

constexpr Effort kToFind{
    .max_bits = 24, .samples = 1, .samples_masks = true, .inputs = 4, .models = 16};

TEST(ConstructionViews, OfAMaskThatServesTwiceDiffer) {
  ForEachConstruction([](mlir::MLIRContext& context, const Construction& c, int ring) {
    const Split module = SplitOf(context, c, ring);
    ASSERT_TRUE(module);
    int found = 0;
    for (const Split& planted : WithMasksThatServeTwice(*module)) {
      const auto verdict = Judge(*planted, kToFind);
      if (!verdict.ok()) continue;  // what serves twice is not sampled: some are too much
      EXPECT_NE(verdict->leak, "");
      ++found;
    }
    EXPECT_GT(found, 0);
  });
}

TEST(ConstructionViews, OfARevealedSecretDiffer) {
  ForEachConstruction([](mlir::MLIRContext& context, const Construction& c, int ring) {
    const Split planted = SplitOf(context, c, ring, true);
    ASSERT_TRUE(planted);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, Judge(*planted, kToFind));
    EXPECT_EQ(verdict.leak, "P1");
  });
}

}  // namespace
}  // namespace mpcc::leak
