// SPDX-License-Identifier: Apache-2.0
// GoogleTest matchers for absl::Status and absl::StatusOr<T>. For tests only.
//   EXPECT_THAT(Load(path), IsOk());
//   EXPECT_THAT(Load(path), StatusIs(absl::StatusCode::kNotFound, HasSubstr("weights")));
//   MPCC_ASSERT_OK_AND_ASSIGN(auto plan, Load(path));
#ifndef MPCC_RUNTIME_BASE_STATUS_MATCHERS_H_
#define MPCC_RUNTIME_BASE_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace status_matchers_internal {

inline const absl::Status& GetStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& status) {
  return status.status();
}

}  // namespace status_matchers_internal

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  const absl::Status& status = status_matchers_internal::GetStatus(arg);
  *result_listener << "which is " << status.ToString();
  return status.ok();
}

MATCHER_P2(StatusIs, code, message, "") {
  const absl::Status& status = status_matchers_internal::GetStatus(arg);
  *result_listener << "which is " << status.ToString();
  return status.code() == code &&
         ::testing::SafeMatcherCast<std::string>(message).Matches(std::string(status.message()));
}

MATCHER_P(StatusIs, code, "") {
  const absl::Status& status = status_matchers_internal::GetStatus(arg);
  *result_listener << "which is " << status.ToString();
  return status.code() == code;
}

}  // namespace mpcc

#define MPCC_ASSERT_OK(expr) ASSERT_THAT((expr), ::mpcc::IsOk())
#define MPCC_EXPECT_OK(expr) EXPECT_THAT((expr), ::mpcc::IsOk())

#define MPCC_ASSERT_OK_AND_ASSIGN(lhs, expr) \
  MPCC_ASSERT_OK_AND_ASSIGN_IMPL_(MPCC_STATUS_CONCAT_(mpcc_status_or_, __LINE__), lhs, expr)
#define MPCC_ASSERT_OK_AND_ASSIGN_IMPL_(result, lhs, expr) \
  auto result = (expr);                                    \
  ASSERT_TRUE(result.ok()) << result.status();             \
  lhs = std::move(result).value()

#endif  // MPCC_RUNTIME_BASE_STATUS_MATCHERS_H_
