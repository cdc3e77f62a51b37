// SPDX-License-Identifier: Apache-2.0
#include "tools/compile_summary.h"

#include <fmt/format.h>

#include "runtime/base/status_macros.h"
#include "runtime/plan/memory.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/prediction.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

double Megabytes(uint64_t bytes) { return 1e-6 * static_cast<double>(bytes); }

}  // namespace

std::string CostColumnTitles() {
  return fmt::format("{:>6} {:>9} {:>11} {:>10} {:>10}", "rounds", "MB P1->P2", "MB material",
                     "ms online", "ms offline");
}

std::string CostColumns(const Cost& cost, const NetworkProfile& network) {
  const PredictedTime time = NetworkTime(CostToProto(cost), network);
  return fmt::format("{:>6} {:>9.2f} {:>11.1f} {:>10.1f} {:>10.1f}", cost.rounds,
                     Megabytes(cost.bytes_p1_to_p2), Megabytes(cost.material_bytes),
                     1e3 * time.exchange_seconds, 1e3 * time.offline_seconds);
}

absl::StatusOr<std::string> CompileSummary(const std::string& folder,
                                           const NetworkProfile& network) {
  MPCC_ASSIGN_OR_RETURN(const auto loaded, LoadedPlan::Open(folder + "/party2.plan"));
  const plan::Plan& plan = loaded->plan();
  std::string text = fmt::format("{:<40}{}\n", "an inference", CostColumnTitles());
  for (const plan::Program& program : plan.programs()) {
    const std::string name = program.sequence_length()
                                 ? fmt::format("{} tokens", program.sequence_length())
                                 : "any input";
    text += fmt::format("  {:<38}{}\n", name, CostColumns(CostFromProto(program.cost()), network));
  }
  return text + fmt::format(
                    "milliseconds are those of the network, compute comes on top ('mpcc inspect "
                    "--net --machine'); P2 takes {:.0f} MB at most beside its "
                    "plan and weights\n",
                    Megabytes(PredictMemory(plan).total()));
}

}  // namespace mpcc
