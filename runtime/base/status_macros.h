// SPDX-License-Identifier: Apache-2.0
// Early return on a Status that is not OK.
#ifndef MPCC_RUNTIME_BASE_STATUS_MACROS_H_
#define MPCC_RUNTIME_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// MPCC_RETURN_IF_ERROR(DoIt()); returns the status from the enclosing function unless it is OK.
#define MPCC_RETURN_IF_ERROR(expr)                                  \
  do {                                                              \
    if (::absl::Status mpcc_status_ = (expr); !mpcc_status_.ok()) { \
      return mpcc_status_;                                          \
    }                                                               \
  } while (false)

// MPCC_ASSIGN_OR_RETURN(auto x, MakeX()); assigns the value, or returns the status.
// A type with a comma in it needs parentheses or an alias.
#define MPCC_ASSIGN_OR_RETURN(lhs, expr) \
  MPCC_ASSIGN_OR_RETURN_IMPL_(MPCC_STATUS_CONCAT_(mpcc_status_or_, __LINE__), lhs, expr)

#define MPCC_ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                                \
  if (!result.ok()) return std::move(result).status(); \
  lhs = std::move(result).value()

#define MPCC_STATUS_CONCAT_(a, b) MPCC_STATUS_CONCAT_INNER_(a, b)
#define MPCC_STATUS_CONCAT_INNER_(a, b) a##b

#endif  // MPCC_RUNTIME_BASE_STATUS_MACROS_H_
