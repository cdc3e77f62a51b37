// SPDX-License-Identifier: Apache-2.0
// The options that say how a model is lowered, shared by all subcommands that lower one.
#ifndef MPCC_TOOLS_POLICY_OPTIONS_H_
#define MPCC_TOOLS_POLICY_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "passes/policy/policy.h"

namespace mpcc {

class PolicyOptions {
 public:
  // --policy and --net, and the older names of three keys.
  void AddTo(CLI::App& command);

  const LoweringPolicy& policy() const { return policy_; }
  // "key=value" of what was asked for, as set-policy takes it.
  std::vector<std::string> values() const;

 private:
  void AddKey(CLI::App& command, const std::string& key, const std::string& meaning);

  LoweringPolicy policy_;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_POLICY_OPTIONS_H_
