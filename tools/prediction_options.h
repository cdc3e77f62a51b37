// SPDX-License-Identifier: Apache-2.0
// --net, --uplink, --machine and --rate of commands that predict times.
#ifndef MPCC_TOOLS_PREDICTION_OPTIONS_H_
#define MPCC_TOOLS_PREDICTION_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>

#include "runtime/base/network_profile.h"
#include "runtime/plan/prediction.h"
#include "tools/inspect_sizing.h"

namespace mpcc {

struct PredictionOptions {
  std::optional<NetworkProfile> network;  // none: nothing was asked for
  MachineProfile machine;                 // zero: none was named

  double rate = 0;  // inferences a second to size for; 0: none

  // REQUIRES: there is a network.
  SizingQuestion sizing() const { return {rate, network.value(), machine}; }

  // Refuse, with a message, what is no network, machine or rate. The options must outlive parsing;
  // `net` is the option that AddTo gives.
  CLI::Option* AddTo(CLI::App& command);
  void AddRateTo(CLI::App& command, CLI::Option* net);
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PREDICTION_OPTIONS_H_
