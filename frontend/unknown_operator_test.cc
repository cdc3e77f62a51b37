// SPDX-License-Identifier: Apache-2.0
#include "frontend/unknown_operator.h"

#include "gmock/gmock.h"

namespace mpcc {
namespace {

using testing::HasSubstr;

Problem Told(const std::string& domain, const std::string& op) {
  onnx::NodeProto node;
  node.set_name("node");
  node.set_domain(domain);
  node.set_op_type(op);
  return UnknownOperator(node);
}

TEST(UnknownOperator, TheDomainTellsApartOperatorsOfOneName) {
  EXPECT_THAT(Told("com.microsoft", "Attention").found,
              HasSubstr("operator com.microsoft.Attention, which ONNX Runtime's optimizer fused"));
  EXPECT_THAT(Told("", "Attention").remedy, HasSubstr("opset_version=18"));
  EXPECT_EQ(Told("", "Attention").found, Told("ai.onnx", "Attention").found);
}

TEST(UnknownOperator, OthersAreMissingOrCustom) {
  EXPECT_EQ(Told("", "Det").found, "operator Det");
  EXPECT_THAT(Told("", "Det").remedy, HasSubstr("opset_version=17"));
  EXPECT_THAT(Told("my.ops", "Det").found, HasSubstr("operator my.ops.Det, a custom operator"));
}

}  // namespace
}  // namespace mpcc
