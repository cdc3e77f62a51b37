// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/constructions.h"

#include <gtest/gtest.h>

#include <string>

#include "passes/policy/widths.h"

namespace mpcc {
namespace {

constexpr SiteKind kKinds[] = {SiteKind::kValue, SiteKind::kFunction, SiteKind::kProbabilities,
                               SiteKind::kRow,   SiteKind::kVector,   SiteKind::kMean};

std::string Chosen(const SiteFacts& site, const LoweringPolicy& policy) {
  return ChooseConstruction(site, policy).name;
}

SiteFacts Value(int bits, int64_t elements, int ring) {
  return {SiteKind::kValue, bits, PublicMagnitude({}, bits, true), false, elements, 1, ring, false};
}

TEST(Constructions, OneAppliesToEveryPlace) {
  for (SiteKind kind : kKinds)
    for (LoweringKind lowering : {LoweringKind::kDefault, LoweringKind::kPaper})
      for (int bits = 1; bits <= 16; ++bits)
        for (bool unit_asked : {false, true}) {
          LoweringPolicy policy;
          policy.kind = lowering;
          SiteFacts site = Value(bits, 64, 32);
          site.kind = kind;
          site.unit_asked = unit_asked;
          int count = 0;
          for (const Construction* construction : Constructions())
            count += construction->applies(site, policy);
          EXPECT_GE(count, 1) << static_cast<int>(kind) << " " << bits;
        }
}

TEST(Constructions, OnlyThePaperRequantizesByTables) {
  LoweringPolicy paper;
  paper.kind = LoweringKind::kPaper;
  SiteFacts function = Value(4, 64, 16);
  function.kind = SiteKind::kFunction;
  for (int bits : {4, 8, 12}) {
    EXPECT_EQ(Chosen(Value(bits, 64, 16), LoweringPolicy()), "saturation");
    EXPECT_EQ(Chosen(Value(bits, 64, 16), paper), "table");
  }
  EXPECT_EQ(Chosen(function, LoweringPolicy()), "function-bits");
  EXPECT_EQ(Chosen(function, paper), "function-table");
}

TEST(Constructions, AMeanInOneUnitHasBitsOfItsOwn) {
  const LoweringPolicy policy;
  SiteFacts mean;
  mean.kind = SiteKind::kMean;
  // A LayerNorm before few bits asks for more of a mean than the mean's terms are opened in.
  for (int ring : {policy.row_width, policy.norm_width}) {
    mean.ring = ring;
    EXPECT_EQ(Chosen(mean, policy), "mean") << ring;
  }
  mean.unit_asked = true;
  EXPECT_EQ(Chosen(mean, policy), "exact-mean");
  mean.unit_asked = false;
  mean.ring = policy.norm_width + 1;
  EXPECT_EQ(Chosen(mean, policy), "exact-mean");
}

}  // namespace
}  // namespace mpcc
