// SPDX-License-Identifier: Apache-2.0
#include "test/e2e/local_parties.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/engine/weights.h"

namespace mpcc {

absl::StatusOr<LocalParties> LocalParties::Create(const std::string& folder,
                                                  const PairSeeds& seeds) {
  Plans plans;
  for (int party = 0; party < 3; ++party) {
    MPCC_ASSIGN_OR_RETURN(plans[party],
                          LoadedPlan::Open(fmt::format("{}/party{}.plan", folder, party)));
  }
  LocalParties parties(std::move(plans), seeds);
  MPCC_RETURN_IF_ERROR(parties.SetUp());
  return parties;
}

std::array<uint8_t, kPlanSetIdBytes> LocalParties::plan_set_id() const {
  std::array<uint8_t, kPlanSetIdBytes> id;
  std::copy_n(plans_[0]->set_id().begin(), id.size(), id.begin());
  return id;
}

absl::Status LocalParties::SetUp() {
  MPCC_ASSIGN_OR_RETURN(Prg setup0, SetupPrg(seeds_.seed01, plan_set_id()));
  Prg setup1 = setup0.Clone();
  MemoryPieces pieces;
  MPCC_RETURN_IF_ERROR(engine::DealWeights(*plans_[0], setup0, pieces));
  const SecureBuffer corrections = pieces.Whole();
  MPCC_ASSIGN_OR_RETURN(prepared_[0], engine::PreparedPlan::ForModelOwner(plans_[0]));
  MPCC_ASSIGN_OR_RETURN(prepared_[1],
                        engine::PreparedPlan::ForDataOwner(plans_[1], std::move(setup1)));
  MPCC_ASSIGN_OR_RETURN(prepared_[2],
                        engine::PreparedPlan::ForAssistant(plans_[2], corrections.span()));
  return absl::OkStatus();
}

absl::StatusOr<Prg> LocalParties::Key(const std::array<uint8_t, kSeedBytes>& seed, int program,
                                      uint64_t number) const {
  return InferencePrg(seed, plan_set_id(), static_cast<uint32_t>(program), number);
}

absl::StatusOr<InferenceResult> LocalParties::Infer(int program, uint64_t number,
                                                    const NamedTensors& inputs) {
  MPCC_ASSIGN_OR_RETURN(Prg k01, Key(seeds_.seed01, program, number));
  MPCC_ASSIGN_OR_RETURN(Prg k02, Key(seeds_.seed02, program, number));
  InferenceResult result;
  MemoryPieces corrections;
  engine::DealRun dealer(prepared_[0], program);
  MPCC_ASSIGN_OR_RETURN(result.stats[0], dealer.Deal(k01.Clone(), k02.Clone(), corrections));

  engine::DataOwnerRun owner(prepared_[1], program);
  engine::AssistantRun assistant(prepared_[2], program);
  owner.SetObserver(observers_[1]);
  assistant.SetObserver(observers_[2]);
  MPCC_RETURN_IF_ERROR(owner.Begin(inputs));
  auto [end1, end2] = MakeMemoryChannelPair();
  absl::StatusOr<RunStats> stats2;
  std::thread thread(
      [&, end2 = std::move(end2)] { stats2 = assistant.Assist(k02.Clone(), *end2, corrections); });
  absl::StatusOr<RunStats> stats1 = owner.Finish(k01.Clone(), *end1);
  end1.reset();  // a party that failed must not leave the other waiting
  thread.join();
  result.outputs = owner.outputs();
  MPCC_ASSIGN_OR_RETURN(result.stats[1], std::move(stats1));
  MPCC_ASSIGN_OR_RETURN(result.stats[2], std::move(stats2));
  return result;
}

}  // namespace mpcc
