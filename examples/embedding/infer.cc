// SPDX-License-Identifier: Apache-2.0
#include "infer.h"

#include <thread>

#include "mpcc/assistant.h"
#include "mpcc/memory_channel.h"
#include "mpcc/model_owner.h"

namespace {

// The data owner's part: all are ready when Serve returns.
absl::StatusOr<mpcc::Answer> Ask(mpcc::DataOwner owner, std::unique_ptr<mpcc::Channel> p0,
                                 std::unique_ptr<mpcc::Channel> p2,
                                 const mpcc::NamedTensors& inputs) {
  auto session = owner.Serve(std::move(p0), std::move(p2));
  if (!session.ok()) return session.status();
  auto answer = session->Infer(inputs);
  session->End().IgnoreError();  // the answer is here
  return answer;
}

}  // namespace

absl::StatusOr<mpcc::Answer> InferInOneProcess(const mpcc::PartyConfig (&parties)[3],
                                               const mpcc::NamedTensors& inputs) {
  auto model_owner = mpcc::ModelOwner::Create(parties[0]);
  if (!model_owner.ok()) return model_owner.status();
  auto data_owner = mpcc::DataOwner::Create(parties[1]);
  if (!data_owner.ok()) return data_owner.status();
  auto assistant = mpcc::Assistant::Create(parties[2]);
  if (!assistant.ok()) return assistant.status();

  auto [p1_at_p0, p0_at_p1] = mpcc::MakeMemoryChannelPair("P1", "P0");
  auto [p2_at_p0, p0_at_p2] = mpcc::MakeMemoryChannelPair("P2", "P0");
  auto [p2_at_p1, p1_at_p2] = mpcc::MakeMemoryChannelPair("P2", "P1");
  std::jthread p0([&, p1 = std::move(p1_at_p0), p2 = std::move(p2_at_p0)]() mutable {
    model_owner->Serve(std::move(p1), std::move(p2)).IgnoreError();
  });
  std::jthread p2([&, p0 = std::move(p0_at_p2), p1 = std::move(p1_at_p2)]() mutable {
    assistant->Serve(std::move(p0), std::move(p1)).IgnoreError();
  });
  return Ask(*std::move(data_owner), std::move(p0_at_p1), std::move(p2_at_p1), inputs);
}
