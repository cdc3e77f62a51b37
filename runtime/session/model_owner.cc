// SPDX-License-Identifier: Apache-2.0
#include "mpcc/model_owner.h"

#include "runtime/base/status_macros.h"
#include "runtime/session/deal_session.h"
#include "runtime/session/party.h"
#include "runtime/session/setup.h"

namespace mpcc {

struct ModelOwner::Impl {
  session::Party self;
  engine::PreparedPlan::Ptr plan;  // P0's weights are of no instance
  InstanceId instance;             // of the last session
  std::shared_ptr<UsedNumbers> dealt;

  // Greets both and sets up.
  absl::StatusOr<session::PartyState> SetUp(const char* purpose, Channel& p1, Channel& p2,
                                            SetUpMode mode) {
    MPCC_RETURN_IF_ERROR(self.Greet(p1, PartyId::kP1, purpose));
    MPCC_RETURN_IF_ERROR(self.Greet(p2, PartyId::kP2, purpose));
    return session::SetUpModelOwner(self, mode, p1, p2);
  }

  absl::StatusOr<session::DealSession> Session(session::PartyState state) {
    if (!plan) {
      MPCC_ASSIGN_OR_RETURN(plan, engine::PreparedPlan::ForModelOwner(self.shared_plan()));
    }
    if (!dealt || !(instance == state.instance)) {
      MPCC_ASSIGN_OR_RETURN(dealt, self.Numbers(state.instance, "dealt"));
      instance = state.instance;
    }
    return session::DealSession(plan, std::move(state), dealt);
  }
};

ModelOwner::ModelOwner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ModelOwner::ModelOwner(ModelOwner&&) noexcept = default;
ModelOwner& ModelOwner::operator=(ModelOwner&&) noexcept = default;
ModelOwner::~ModelOwner() = default;

absl::StatusOr<ModelOwner> ModelOwner::Create(PartyConfig config) {
  MPCC_ASSIGN_OR_RETURN(auto self, session::Party::Create(PartyId::kP0, std::move(config)));
  return ModelOwner(std::make_unique<Impl>(Impl{std::move(self), nullptr, {}, nullptr}));
}

absl::Status ModelOwner::CheckSetUp() const { return impl_->self.ExistingState().status(); }

absl::Status ModelOwner::SetUp(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                               SetUpMode mode) {
  return impl_->SetUp("setup", *p1, *p2, mode).status();
}

absl::Status ModelOwner::Deal(std::unique_ptr<Channel> p2, int program, int count) {
  MPCC_ASSIGN_OR_RETURN(auto state, impl_->self.ExistingState());
  MPCC_RETURN_IF_ERROR(impl_->self.Greet(*p2, PartyId::kP2, "deal", state));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  return session.DealToStore(*p2, program, count, impl_->self.stop());
}

absl::Status ModelOwner::Serve(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                               SetUpMode mode) {
  MPCC_ASSIGN_OR_RETURN(auto state, impl_->SetUp("serve", *p1, *p2, mode));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  return session.Serve(*p2, impl_->self.stop());
}

}  // namespace mpcc
