// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/status_macros.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<std::unique_ptr<int>> Half(int x) {
  if (x % 2 != 0) return absl::InvalidArgumentError("odd number");
  return std::make_unique<int>(x / 2);
}

absl::StatusOr<int> Quarter(int x) {
  MPCC_ASSIGN_OR_RETURN(std::unique_ptr<int> half, Half(x));
  MPCC_ASSIGN_OR_RETURN(half, Half(*half));
  return *half;
}

absl::Status CheckQuarter(int x) {
  MPCC_RETURN_IF_ERROR(Quarter(x).status());
  return absl::OkStatus();
}

TEST(StatusMacros, ValuesPassThrough) {
  MPCC_ASSERT_OK_AND_ASSIGN(const int quarter, Quarter(12));
  EXPECT_EQ(quarter, 3);
  MPCC_EXPECT_OK(CheckQuarter(12));
}

TEST(StatusMacros, ErrorsReturnEarly) {
  EXPECT_THAT(Quarter(6), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("odd")));
  EXPECT_THAT(CheckQuarter(3), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(StatusMatchers, TellCodesAndMessagesApart) {
  const absl::Status status = absl::NotFoundError("no such plan");
  EXPECT_THAT(status, Not(IsOk()));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kInternal)));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kNotFound, HasSubstr("material"))));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "no such plan"));
}

}  // namespace
}  // namespace mpcc
