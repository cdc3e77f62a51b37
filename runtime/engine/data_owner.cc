// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/data_owner.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/engine/bucket.h"

namespace mpcc {

absl::StatusOr<DataOwner> DataOwner::Create(std::shared_ptr<const LoadedPlan> plan,
                                            PartyState state, const std::string& directory) {
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(directory));
  MPCC_ASSIGN_OR_RETURN(
      UsedNumbers used,
      UsedNumbers::Open(fmt::format("{}/{}.used", directory, InstanceText(state.instance))));
  MPCC_ASSIGN_OR_RETURN(Prg k01, state.SetupKey01());
  WeightTable weights = WeightSharesOfDataOwner(*plan, k01);
  return DataOwner(std::make_unique<Executor>(std::move(plan), std::move(weights)),
                   std::move(state), std::move(used));
}

absl::StatusOr<Answer> DataOwner::Infer(Channel& p2, const NamedTensors& inputs) {
  MPCC_ASSIGN_OR_RETURN(const BucketedInputs bucketed, FitToBucket(executor_->plan(), inputs));
  MPCC_RETURN_IF_ERROR(executor_->CheckInputs(bucketed.program, bucketed.inputs));
  const auto start = std::chrono::steady_clock::now();
  MPCC_RETURN_IF_ERROR(SendControl(
      p2, {.kind = ControlKind::kRun, .program = static_cast<uint32_t>(bucketed.program)}));
  MPCC_ASSIGN_OR_RETURN(const Control ready, ReceiveControl(p2, ControlKind::kReady));
  Answer answer;
  answer.waiting_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answer.program = bucketed.program;
  answer.number = ready.number;
  answer.material_bytes = ready.bytes;
  answer.deal_seconds = static_cast<double>(ready.micros) * 1e-6;
  if (absl::Status marked = used_.Mark(ready.number); !marked.ok())
    return absl::FailedPreconditionError(std::string(marked.message()));
  MPCC_ASSIGN_OR_RETURN(Prg k01, state_.InferenceKey01(ready.number));
  auto stats = executor_->RunDataOwner(bucketed.program, std::move(k01), p2, bucketed.inputs,
                                       &answer.outputs);
  if (!stats.ok()) return stats.status();
  answer.stats = *std::move(stats);
  return answer;
}

absl::Status DataOwner::Ping(Channel& p2) {
  MPCC_RETURN_IF_ERROR(SendControl(p2, {.kind = ControlKind::kPing}));
  return ReceiveControl(p2, ControlKind::kPing).status();
}

}  // namespace mpcc
