// SPDX-License-Identifier: Apache-2.0
#include "tools/policy_options.h"

#include "passes/policy/policy_keys.h"
#include "runtime/base/network_profile.h"

namespace mpcc {
namespace {

// CLI11 puts the option's name before the message.
void Check(const absl::Status& status, const std::string& option) {
  if (!status.ok()) throw CLI::ValidationError(option, std::string(status.message()));
}

// The paper's widths are its own.
void CheckThatPaperStands(const LoweringPolicy& policy) {
  for (const char* key : {"table-bits", "extra-index-bits"})
    for (const std::string& difference : Differences(policy))
      if (policy.paper() && difference.starts_with(std::string(key) + "="))
        throw CLI::ValidationError("--policy",
                                   difference +
                                       " with lowering=paper; accepted: the paper's own widths; "
                                       "remedy: leave one of them out");
}

}  // namespace

void PolicyOptions::AddKey(CLI::App& command, const std::string& key, const std::string& meaning) {
  command.add_option_function<std::string>(
      "--" + key,
      [this, key](const std::string& value) {
        Check(SetPolicyKey(policy_, key, value), "--" + key);
        CheckThatPaperStands(policy_);
      },
      meaning);
}

void PolicyOptions::AddTo(CLI::App& command) {
  AddKey(command, "lowering", "default, or paper for the source design");
  AddKey(command, "table-bits", "widest activations that tables requantize (4)");
  AddKey(command, "extra-index-bits", "index bits of these tables beyond the activation's (2)");
  command
      .add_option_function<std::vector<std::string>>(
          "--policy",
          [this](const std::vector<std::string>& assignments) {
            for (const std::string& assignment : assignments)
              Check(SetPolicyKey(policy_, assignment), "--policy");
            CheckThatPaperStands(policy_);
          },
          "key=value, separated by commas: what the lowering decides by ('mpcc policy' lists it)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option_function<std::string>(
      "--public-bound",
      [this](const std::string& text) {
        constexpr std::string_view kSoftmax = "softmax=";
        if (!text.starts_with(kSoftmax))
          throw CLI::ValidationError("--public-bound", "'" + text + "'; accepted: softmax=<n>");
        Check(SetPolicyKey(policy_, "softmax-bound", text.substr(kSoftmax.size())),
              "--public-bound");
      },
      "softmax=5.5: scores are held below where that is cheaper (more than 4 bits, rows of more "
      "than "
      "32), which all plans tell");
  command.add_option_function<std::string>(
      "--net",
      [this](const std::string& text) { Check(SetNetwork(policy_.network, text), "--net"); },
      "the network between P1 and P2, for choices by cost: rtt=4ms,bw=400mbit, or " +
          NamedNetworks());
  command.add_option_function<std::string>(
      "--uplink",
      [this](const std::string& text) { Check(SetUplink(policy_.network, text), "--uplink"); },
      "from P0 to P2, where the material goes, for choices by cost: bw=100mbit (40gbit)");
}

std::vector<std::string> PolicyOptions::values() const { return Differences(policy_); }

}  // namespace mpcc
