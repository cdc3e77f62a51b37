// SPDX-License-Identifier: Apache-2.0
// infer PLANS STATE ID...: the answer to token ids, of the three plans in a folder.
#include <cstdlib>
#include <iostream>
#include <string>

#include "infer.h"

namespace {

// Plan and state directory of a party.
absl::StatusOr<mpcc::PartyConfig> Config(const std::string& plans, const std::string& state,
                                         int party) {
  const std::string name = "party" + std::to_string(party);
  auto plan = mpcc::Plan::Open(plans + "/" + name + ".plan");
  if (!plan.ok()) return plan.status();
  return mpcc::PartyConfig{.plan = *std::move(plan), .state_directory = state + "/" + name};
}

absl::Status Run(const std::string& plans, const std::string& state, std::vector<int64_t> ids) {
  auto p0 = Config(plans, state, 0), p1 = Config(plans, state, 1), p2 = Config(plans, state, 2);
  for (const auto& config : {p0, p1, p2})
    if (!config.ok()) return config.status();
  const auto count = static_cast<uint32_t>(ids.size());
  const auto answer =
      InferInOneProcess({*p0, *p1, *p2}, {{"input_ids", {{count}, std::move(ids)}}});
  if (!answer.ok()) return answer.status();
  for (const auto& [name, tensor] : answer->outputs) {
    std::cout << name << ":";
    for (float value : std::get<std::vector<float>>(tensor.values)) std::cout << " " << value;
    std::cout << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: infer PLANS STATE ID...\n";
    return 2;
  }
  std::vector<int64_t> ids;
  for (int i = 3; i < argc; ++i) ids.push_back(std::atoll(argv[i]));
  const absl::Status status = Run(argv[1], argv[2], std::move(ids));
  if (!status.ok()) std::cerr << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
