// SPDX-License-Identifier: Apache-2.0
#include "tools/prediction_options.h"

#include <string>

#include "tools/inspect_sizing.h"
#include "tools/machine_profile.h"

namespace mpcc {
namespace {

using SetProfile = absl::Status (*)(NetworkProfile&, std::string_view);

CLI::Option* AddNetwork(CLI::App& command, const std::string& name, SetProfile set,
                        PredictionOptions& options, const std::string& meaning) {
  return command.add_option_function<std::string>(
      name,
      [&options, name, set](const std::string& text) {
        if (!options.network) options.network.emplace();
        const absl::Status status = set(*options.network, text);
        if (!status.ok()) throw CLI::ValidationError(name, std::string(status.message()));
      },
      meaning);
}

}  // namespace

CLI::Option* PredictionOptions::AddTo(CLI::App& command) {
  CLI::Option* net =
      AddNetwork(command, "--net", SetNetwork, *this,
                 "predict times on such a network between P1 and P2: rtt=4ms,bw=400mbit, or " +
                     NamedNetworks());
  AddNetwork(command, "--uplink", SetUplink, *this, "from P0 to P2: bw=100mbit (40gbit)")
      ->needs(net);
  command
      .add_option_function<std::string>(
          "--machine",
          [this](const std::string& path) {
            const absl::StatusOr<MachineProfile> read = ReadMachine(path);
            if (!read.ok())
              throw CLI::ValidationError("--machine", std::string(read.status().message()));
            machine = *read;
          },
          "what the machines take for their part, as 'mpcc-local --measure-machine' writes it")
      ->needs(net);
  return net;
}

void PredictionOptions::AddRateTo(CLI::App& command, CLI::Option* net) {
  command
      .add_option_function<std::string>(
          "--rate",
          [this](const std::string& text) {
            const absl::StatusOr<double> read = ParseRate(text);
            if (!read.ok())
              throw CLI::ValidationError("--rate", std::string(read.status().message()));
            rate = *read;
          },
          "tell what so many inferences need of machines and links: 30/min, 2/s, 500/h")
      ->needs(net);
}

}  // namespace mpcc
