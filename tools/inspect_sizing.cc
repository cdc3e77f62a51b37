// SPDX-License-Identifier: Apache-2.0
#include "tools/inspect_sizing.h"

#include <fmt/format.h>

#include "runtime/plan/memory.h"

namespace mpcc {
namespace {

InferenceNeeds NeedsOf(const plan::Plan& plan, const plan::Program& program,
                       const SizingQuestion& question) {
  InferenceNeeds needs{.party = static_cast<int>(plan.party()), .cost = program.cost()};
  for (const PredictedTime& layer :
       PredictLayers(plan, program, question.network, question.machine))
    needs.time += layer;
  needs.deal_seconds =
      question.machine.deal_seconds_per_byte * static_cast<double>(program.cost().material_bytes());
  needs.service_bytes = PredictMemory(plan).total();
  return needs;
}

std::string Line(const std::string& name, const std::string& amount, const std::string& remark) {
  return fmt::format("  {:<22} {:>14}{}{}\n", name, amount, remark.empty() ? "" : "   ", remark);
}

std::string LinkLine(const std::string& name, double needed, double there) {
  return Line(name, fmt::format("{:.2f} Mbit/s", needed / 1e6),
              needed > there
                  ? fmt::format("the link has {:.2f}: too slow for this rate", there / 1e6)
                  : fmt::format("of {:.2f}", there / 1e6));
}

// The plan of P0 has no online steps, and knows nothing of them.
bool IsOnline(const plan::Plan& plan) { return plan.party() != 0; }

}  // namespace

nlohmann::json SizingJson(const plan::Plan& plan, const plan::Program& program,
                          const SizingQuestion& question) {
  const Sizing sizing = SizeFor(NeedsOf(plan, program, question), question.inferences_per_second);
  nlohmann::json json = {{"cores", sizing.cores},
                         {"memory_bytes", sizing.memory_bytes},
                         {"bits_per_second_p0_to_p2", sizing.bits_p0_to_p2},
                         {"stock_bytes_of_hour", sizing.stock_bytes_of_hour}};
  if (!IsOnline(plan)) return json;
  json["services"] = sizing.services;
  json["bits_per_second_p1_to_p2"] = sizing.bits_p1_to_p2;
  json["bits_per_second_p2_to_p1"] = sizing.bits_p2_to_p1;
  return json;
}

std::string SizingText(const plan::Plan& plan, const plan::Program& program,
                       const SizingQuestion& question) {
  const InferenceNeeds needs = NeedsOf(plan, program, question);
  const Sizing sizing = SizeFor(needs, question.inferences_per_second);
  std::string text;
  if (IsOnline(plan))
    text += Line("services side by side", fmt::format("{}", sizing.services),
                 fmt::format("an answer takes {:.3f} s", needs.time.online_seconds()));
  text += Line("cores of this party", sizing.cores > 0 ? fmt::format("{:.2f}", sizing.cores) : "?",
               sizing.cores > 0 ? "busy in the mean" : "--machine tells");
  text += Line("memory of this party",
               fmt::format("{:.0f} MB", static_cast<double>(sizing.memory_bytes) / 1e6),
               "beside plan and weights");
  if (IsOnline(plan)) {
    text += LinkLine("P1 to P2", sizing.bits_p1_to_p2, question.network.online_bits_per_second);
    text += LinkLine("P2 to P1", sizing.bits_p2_to_p1, question.network.online_bits_per_second);
  }
  text += LinkLine("P0 to P2", sizing.bits_p0_to_p2, question.network.offline_bits_per_second);
  return text + Line("stock for an hour",
                     fmt::format("{:.2f} GB", sizing.stock_bytes_of_hour / 1e9),
                     "on P2's disk, if dealt ahead");
}

}  // namespace mpcc
