// SPDX-License-Identifier: Apache-2.0
// The deterministic meaning: rounding half up, abstract ops, the same before and after lowerings,
// and the reports of values out of range.
#include "ir/reference/mpc_ideal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmt/format.h"
#include "ir/mpc/mpc.h"
#include "ir/reference/mpc_shares.h"
#include "ir/reference/mpc_test_util.h"

namespace mpcc::reference {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<RangeError> RangeErrors(Program& program, const std::vector<LocalTensor>& inputs) {
  RunOptions options;
  options.check_ranges = true;
  return program.Run(inputs, options).range_errors;
}

// Whether any of the tables has a row for `name`.
template <typename... Tables>
bool HasRow(llvm::StringRef name, const Tables&... tables) {
  auto in = [&](const auto& rows) {
    return llvm::any_of(rows, [&](const auto& row) { return row.op == name; });
  };
  return (in(tables) || ...);
}

// Constants are read where they are used.
TEST(MpcIdeal, EveryOperationHasAMeaningAndAConcreteOneComponents) {
  mlir::MLIRContext context;
  context.loadDialect<mpc::MpcDialect>();
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations()) {
    const auto* protocol = name.getInterface<mpc::ProtocolOp>();
    const llvm::StringRef text = name.getStringRef();
    if (!protocol || text == mpc::SealedOp::getOperationName()) continue;
    const mpc::Role role = protocol->getRole();
    if (role == mpc::Role::kConstant || role == mpc::Role::kAtP0) continue;
    EXPECT_TRUE(HasRow(text, IdealRingOps(), IdealReadingOps())) << text.str();
    EXPECT_EQ(HasRow(text, ShareConversions(), ShareLocalOps(), ShareDealtOps()),
              role != mpc::Role::kAbstract)
        << text.str();
  }
}

TEST(MpcIdeal, ExtractRoundsHalfUp) {
  Program program(R"(
    func.func @main(%x: !mpc.add<7, 8>) -> !mpc.add<7, 6> {
      %r = mpc.extract %x : !mpc.add<7, 8> -> !mpc.add<7, 6>
      return %r : !mpc.add<7, 6>
    })");
  EXPECT_THAT(program.RunIdeal({TensorOf({7}, std::vector<int64_t>{0, 1, 2, 5, 6, -2, -3})}),
              ElementsAre(0, 0, 1, 1, 2, 0, -1));
}

// The shifted lut after fuse-extract-lut means what extract, reshare and lut meant.
TEST(MpcIdeal, FusedExtractAndLutMeanTheSame) {
  Random random(1);
  const std::string table = ConstantText({1, 16}, 12, RandomRing(random, 16, 12));
  const std::string head =
      "func.func @main(%x: !mpc.add<256, 8>) -> !mpc.add<256, 12> {\n  %t = " + table + "\n";
  Program apart(head + R"(
      %0 = mpc.extract %x : !mpc.add<256, 8> -> !mpc.add<256, 4>
      %1 = mpc.reshare %0 : !mpc.add<256, 4> -> !mpc.rss<256, 4>
      %r = mpc.lut %1, %t {shift = 0 : i64} : (!mpc.rss<256, 4>, !mpc.private<1x16, 12>) -> !mpc.add<256, 12>
      return %r : !mpc.add<256, 12>
    })");
  Program fused(head + R"(
      %1 = mpc.reshare %x : !mpc.add<256, 8> -> !mpc.rss<256, 8>
      %r = mpc.lut %1, %t {shift = 4 : i64} : (!mpc.rss<256, 8>, !mpc.private<1x16, 12>) -> !mpc.add<256, 12>
      return %r : !mpc.add<256, 12>
    })");
  std::vector<int64_t> x;
  for (int i = -128; i < 128; ++i) x.push_back(i);
  EXPECT_EQ(apart.RunIdeal({TensorOf({256}, x)}), fused.RunIdeal({TensorOf({256}, x)}));
}

TEST(MpcIdeal, LiftMeansItsExpansion) {
  Program abstract(R"(
    func.func @main(%x: !mpc.add<256, 10>) -> !mpc.rss<256, 24> {
      %r = mpc.lift %x : !mpc.add<256, 10> -> !mpc.rss<256, 24>
      return %r : !mpc.rss<256, 24>
    })");
  Program expanded(R"(
    func.func @main(%x: !mpc.add<256, 10>) -> !mpc.rss<256, 24> {
      %0 = mpc.add_public %x, 256 : !mpc.add<256, 10>
      %1 = mpc.reshare %0 : !mpc.add<256, 10> -> !mpc.rss<256, 10>
      %2 = mpc.wrap %1 : !mpc.rss<256, 10> -> !mpc.add<256, 14>
      %3 = mpc.reshare %2 : !mpc.add<256, 14> -> !mpc.rss<256, 14>
      %4 = mpc.join %1, %3 : (!mpc.rss<256, 10>, !mpc.rss<256, 14>) -> !mpc.rss<256, 24>
      %r = mpc.add_public %4, -256 : !mpc.rss<256, 24>
      return %r : !mpc.rss<256, 24>
    })");
  Random random(2);
  const std::vector<int64_t> x = RandomIntegers(random, 256, -256, 255);
  const LocalTensor input = TensorOf({256}, x);
  EXPECT_EQ(abstract.RunIdeal({input}), x);
  EXPECT_EQ(expanded.RunIdeal({input}), x);
  EXPECT_THAT(RangeErrors(abstract, {input}), IsEmpty());
  EXPECT_THAT(RangeErrors(expanded, {input}), IsEmpty());
  for (int seed = 0; seed < 20; ++seed)
    EXPECT_EQ(expanded.RunRandom({input}, seed), [&] {
      Ring out(x.begin(), x.end());
      for (uint64_t& e : out) e &= (1 << 24) - 1;
      return out;
    }());
}

TEST(MpcIdeal, RowMaxIsSigned) {
  Program program(R"(
    func.func @main(%x: !mpc.add<2x3, 4>) -> !mpc.add<2x1, 4> {
      %r = mpc.row_max %x : !mpc.add<2x3, 4> -> !mpc.add<2x1, 4>
      return %r : !mpc.add<2x1, 4>
    })");
  EXPECT_THAT(program.RunIdeal({TensorOf({2, 3}, std::vector<int64_t>{-8, 3, 1, -2, -5, -4})}),
              ElementsAre(3, -2));
}

TEST(MpcIdeal, AValueThatWrappedIsReportedWhereItIsRead) {
  Program program(R"(
    func.func @main(%x: !mpc.add<3, 8>) -> tensor<3xf32> {
      %0 = mpc.mul_public %x, 3 : !mpc.add<3, 8>
      %r = mpc.reveal %0 {fraction_bits = 0 : i64} : !mpc.add<3, 8> -> tensor<3xf32>
      return %r : tensor<3xf32>
    })");
  EXPECT_THAT(RangeErrors(program, {TensorOf({3}, std::vector<int64_t>{42, -42, 0})}), IsEmpty());
  auto errors = RangeErrors(program, {TensorOf({3}, std::vector<int64_t>{43, 50, 0})});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_TRUE(llvm::isa<mpc::RevealOp>(errors[0].op));
  EXPECT_EQ(errors[0].message,
            "reads 2 values out of range, the farthest is 150, expected [-128, 128)");
}

// A wrap that later arithmetic undoes is none: the ring computes right.
TEST(MpcIdeal, AWrapThatIsUndoneIsNoError) {
  Program program(R"(
    func.func @main(%x: !mpc.add<1, 8>) -> tensor<1xf32> {
      %0 = mpc.add_public %x, 100 : !mpc.add<1, 8>
      %1 = mpc.add_public %0, -100 : !mpc.add<1, 8>
      %r = mpc.reveal %1 {fraction_bits = 1 : i64} : !mpc.add<1, 8> -> tensor<1xf32>
      return %r : tensor<1xf32>
    })");
  const LocalTensor input = TensorOf({1}, std::vector<int64_t>{77});
  EXPECT_THAT(RangeErrors(program, {input}), IsEmpty());
  EXPECT_THAT(std::get<LocalTensor>(program.Run({input}, {}).values[0]).floats(),
              ElementsAre(38.5f));
}

TEST(MpcIdeal, LiftReportsAMissingSpareBit) {
  Program program(R"(
    func.func @main(%x: !mpc.add<2, 8>) -> !mpc.rss<2, 16> {
      %r = mpc.lift %x : !mpc.add<2, 8> -> !mpc.rss<2, 16>
      return %r : !mpc.rss<2, 16>
    })");
  EXPECT_THAT(RangeErrors(program, {TensorOf({2}, std::vector<int64_t>{63, -64})}), IsEmpty());
  auto errors = RangeErrors(program, {TensorOf({2}, std::vector<int64_t>{64, -64})});
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].message, HasSubstr("the farthest is 64, expected [-64, 64)"));
}

TEST(MpcIdeal, AnIndexPastTheWindowIsReported) {
  Random random(3);
  Program program("func.func @main(%x: !mpc.rss<3, 8>) -> !mpc.add<3, 4> {\n  %t = " +
                  ConstantText({1, 16}, 4, RandomRing(random, 16, 4)) + R"(
      %r = mpc.lut %x, %t {shift = 4 : i64} : (!mpc.rss<3, 8>, !mpc.private<1x16, 4>) -> !mpc.add<3, 4>
      return %r : !mpc.add<3, 4>
    })");
  EXPECT_THAT(RangeErrors(program, {TensorOf({3}, std::vector<int64_t>{-136, 0, 119})}), IsEmpty());
  EXPECT_THAT(RangeErrors(program, {TensorOf({3}, std::vector<int64_t>{0, 16, 247})}), IsEmpty());
  EXPECT_THAT(RangeErrors(program, {TensorOf({3}, std::vector<int64_t>{-1, -16, 120})}), SizeIs(1));
}

// Every op whose protocol is exact gives on components the ideal value.
TEST(MpcIdeal, ExactProgramsMeanTheSameOnComponents) {
  Random random(4);
  const std::string w = ConstantText({4, 2}, 30, RandomRing(random, 8, 5));
  const std::string b = ConstantText({2}, 30, RandomRing(random, 2, 9));
  Program program("func.func @main(%x: !mpc.rss<1x3x4, 30>) -> !mpc.add<1x3x3, 30> {\n  %w = " + w +
                  "\n  %b = " + b + R"(
      %0 = mpc.linear %x, %w, %b : (!mpc.rss<1x3x4, 30>, !mpc.private<4x2, 30>, !mpc.private<2, 30>) -> !mpc.add<1x3x2, 30>
      %1 = mpc.reshare %0 : !mpc.add<1x3x2, 30> -> !mpc.rss<1x3x2, 30>
      %2 = mpc.product %1, %1 : (!mpc.rss<1x3x2, 30>, !mpc.rss<1x3x2, 30>) -> !mpc.add<1x3x2, 30>
      %3 = mpc.reshare %2 : !mpc.add<1x3x2, 30> -> !mpc.rss<1x3x2, 30>
      %r = mpc.matmul %1, %3 {transpose_b} : (!mpc.rss<1x3x2, 30>, !mpc.rss<1x3x2, 30>) -> !mpc.add<1x3x3, 30>
      return %r : !mpc.add<1x3x3, 30>
    })");
  for (int seed = 0; seed < 50; ++seed) {
    const LocalTensor x = TensorOf({1, 3, 4}, RandomIntegers(random, 12, -100, 100));
    Ring ideal;
    for (int64_t e : program.RunIdeal({x})) ideal.push_back(e & ((1 << 30) - 1));
    EXPECT_EQ(program.RunRandom({x}, seed), ideal);
  }
}

}  // namespace
}  // namespace mpcc::reference
