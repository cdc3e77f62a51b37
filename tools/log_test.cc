// SPDX-License-Identifier: Apache-2.0
#include "tools/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Log, WritesNameLevelAndTextAboveTheLevel) {
  testing::internal::CaptureStderr();
  MPCC_ASSERT_OK(InitLogging("party1", "info"));
  spdlog::info("round {}", 3);
  spdlog::debug("hidden");
  spdlog::default_logger()->flush();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("info [party1] round 3"), Not(HasSubstr("hidden"))));
}

TEST(Log, UnknownLevelIsRefused) {
  EXPECT_THAT(InitLogging("x", "loud"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--log is 'loud'")));
  MPCC_EXPECT_OK(InitLogging("x", "off"));
}

}  // namespace
}  // namespace mpcc
