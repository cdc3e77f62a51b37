// SPDX-License-Identifier: Apache-2.0
#include "mpcc/model_owner.h"

#include <optional>

#include "runtime/base/status_macros.h"
#include "runtime/session/deal_session.h"
#include "runtime/session/party.h"
#include "runtime/session/setup.h"

namespace mpcc {

struct ModelOwner::Impl {
  session::Party self;
  engine::PreparedPlan::Ptr plan;  // P0's weights are of no instance

  // Greets both and sets up.
  absl::StatusOr<session::PartyState> SetUp(const char* purpose, Channel* p1, Channel* p2,
                                            SetUpMode mode) {
    session::Holdings held = session::HoldingsOf(self);
    const Standing ours = session::StandingTo(PartyId::kP2, self, held);
    MPCC_ASSIGN_OR_RETURN(const Standing at_p1, self.Greet(p1, PartyId::kP1, purpose, ours));
    MPCC_ASSIGN_OR_RETURN(const Standing at_p2, self.Greet(p2, PartyId::kP2, purpose, ours));
    return session::SetUpModelOwner(self, mode, std::move(held), {*p1, at_p1}, {*p2, at_p2});
  }

  // Its Serve deals no number above `most`.
  absl::StatusOr<session::DealSession> Session(session::PartyState state,
                                               uint64_t most = session::kNoLimit) {
    if (!plan) {
      MPCC_ASSIGN_OR_RETURN(plan, engine::PreparedPlan::ForModelOwner(self.shared_plan()));
    }
    MPCC_ASSIGN_OR_RETURN(auto dealt, self.Numbers(state.instance));
    session::DealSession session({plan, self.workers()}, std::move(state), std::move(dealt), most,
                                 self.tells_times());
    session.TraceTo(self.trace());
    session.TellTo(self.progress());
    return session;
  }
};

ModelOwner::ModelOwner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ModelOwner::ModelOwner(ModelOwner&&) noexcept = default;
ModelOwner& ModelOwner::operator=(ModelOwner&&) noexcept = default;
ModelOwner::~ModelOwner() = default;

absl::StatusOr<ModelOwner> ModelOwner::Create(PartyConfig config) {
  MPCC_ASSIGN_OR_RETURN(auto self, session::Party::Create(PartyId::kP0, std::move(config)));
  return ModelOwner(std::make_unique<Impl>(Impl{std::move(self), nullptr}));
}

absl::Status ModelOwner::CheckSetUp() const { return session::CheckSetUp(impl_->self); }

absl::Status ModelOwner::SetUp(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                               SetUpMode mode) {
  const Working work(impl_->self.progress(), {.what = session::kSetUpWork, .unit = {}});
  return impl_->SetUp("setup", p1.get(), p2.get(), mode).status();
}

absl::Status ModelOwner::Deal(std::unique_ptr<Channel> p2, int program, int count) {
  MPCC_ASSIGN_OR_RETURN(auto state, session::Meet(impl_->self, p2.get(), PartyId::kP2, "deal"));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  return session.DealToStore(*p2, program, count, impl_->self.stop());
}

absl::Status ModelOwner::Serve(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                               SetUpMode mode, const std::function<void()>& ready) {
  std::optional<Working> work(std::in_place, impl_->self.progress(),
                              Progress{.what = session::kSetUpWork, .unit = {}});
  MPCC_ASSIGN_OR_RETURN(auto state, impl_->SetUp("serve", p1.get(), p2.get(), mode));
  if (ready) ready();
  MPCC_ASSIGN_OR_RETURN(auto session,
                        impl_->Session(std::move(state), impl_->self.max_inferences()));
  work.reset();
  return session.Serve(*p2, impl_->self.stop());
}

}  // namespace mpcc
