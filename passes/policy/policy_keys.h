// SPDX-License-Identifier: Apache-2.0
// The names of a policy's numbers: as options, in the IR and in docs/policy.md.
#ifndef MPCC_PASSES_POLICY_POLICY_KEYS_H_
#define MPCC_PASSES_POLICY_POLICY_KEYS_H_

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "passes/policy/policy.h"

namespace mpcc {

struct PolicyKey {
  using Field = std::variant<int*, double*, LoweringKind*>;

  const char* name;
  bool shown;          // in every party's plan; else it steers P0's constants only
  double least, most;  // of a number
  const char* meaning;
  Field (*field)(LoweringPolicy& policy);

  std::string Accepted() const;  // "0 to 8"
  // The value that a policy has, as it is written.
  std::string ValueOf(const LoweringPolicy& policy) const;
};

std::span<const PolicyKey> PolicyKeys();

// Sets one key. INVALID_ARGUMENT with what was found, what is accepted and a remedy.
absl::Status SetPolicyKey(LoweringPolicy& policy, std::string_view name, std::string_view value);
// Sets "key=value".
absl::Status SetPolicyKey(LoweringPolicy& policy, std::string_view assignment);

// "key=value" of what is not as in LoweringPolicy().
std::vector<std::string> Differences(const LoweringPolicy& policy);

// The table of keys in Markdown.
std::string PolicyTable();

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_POLICY_KEYS_H_
