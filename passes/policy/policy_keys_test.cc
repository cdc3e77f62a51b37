// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/policy_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "fmt/format.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool IsNumber(const PolicyKey& key) {
  LoweringPolicy any;
  return !std::holds_alternative<LoweringKind*>(key.field(any));
}

TEST(PolicyKeys, EachHasANameAndAFieldOfItsOwn) {
  std::set<std::string> names;
  std::set<const void*> fields;
  LoweringPolicy policy;
  for (const PolicyKey& key : PolicyKeys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    const void* field =
        std::visit([](auto* f) { return static_cast<const void*>(f); }, key.field(policy));
    EXPECT_TRUE(fields.insert(field).second) << key.name;
  }
}

TEST(PolicyKeys, EveryNumberOfThePolicyHasAKey) {
  // A field without a key would be as it is in every policy that keys tell.
  size_t bytes = 0;
  LoweringPolicy policy;
  for (const PolicyKey& key : PolicyKeys())
    bytes += std::visit([](auto* f) { return sizeof *f; }, key.field(policy));
  EXPECT_LT(sizeof(LoweringPolicy) - bytes, alignof(LoweringPolicy) * 4) << "beyond padding";
}

TEST(PolicyKeys, DefaultsAreAcceptedAndEndsAreTheLast) {
  for (const PolicyKey& key : PolicyKeys()) {
    LoweringPolicy policy;
    EXPECT_TRUE(SetPolicyKey(policy, key.name, key.ValueOf(LoweringPolicy())).ok()) << key.name;
    EXPECT_THAT(Differences(policy), ElementsAre()) << key.name;
    if (!IsNumber(key)) continue;
    for (double end : {key.least, key.most})
      EXPECT_TRUE(SetPolicyKey(policy, key.name, fmt::format("{}", end)).ok()) << key.name;
    for (double beyond : {key.least - 1, key.most + 1})
      EXPECT_FALSE(SetPolicyKey(policy, key.name, fmt::format("{}", beyond)).ok()) << key.name;
  }
}

TEST(PolicyKeys, DifferencesMakeThePolicyAgain) {
  for (const PolicyKey& key : PolicyKeys()) {
    LoweringPolicy policy, again;
    const std::string end = IsNumber(key) ? fmt::format("{}", key.most) : "paper";
    ASSERT_TRUE(SetPolicyKey(policy, key.name, end).ok()) << key.name;
    for (const std::string& difference : Differences(policy))
      EXPECT_TRUE(SetPolicyKey(again, difference).ok()) << difference;
    EXPECT_EQ(key.ValueOf(again), key.ValueOf(policy)) << key.name;
  }
}

TEST(PolicyKeys, RefusalsSayWhatIsAccepted) {
  LoweringPolicy policy;
  auto told = [&](const char* text) { return std::string(SetPolicyKey(policy, text).message()); };
  EXPECT_THAT(told("table-bits=9"), HasSubstr("policy table-bits=9; accepted: 0 to 8; remedy: "
                                              "leave it out for 4"));
  for (const char* text : {"table-bits", "table-bits=", "table-bits=4x", "table-bits= 4",
                           "table-bits=4.0", "range-margin=nan", "range-margin=inf"})
    EXPECT_THAT(told(text), HasSubstr("accepted: ")) << text;
  EXPECT_THAT(told("lowering=fast"), HasSubstr("accepted: default or paper"));
  EXPECT_THAT(told("tabel-bits=4"), HasSubstr("policy key 'tabel-bits'"));
  EXPECT_THAT(Differences(policy), ElementsAre());
}

}  // namespace
}  // namespace mpcc
