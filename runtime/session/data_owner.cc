// SPDX-License-Identifier: Apache-2.0
#include "mpcc/data_owner.h"

#include "runtime/base/status_macros.h"
#include "runtime/session/ask_session.h"
#include "runtime/session/party.h"
#include "runtime/session/setup.h"

namespace mpcc {

struct InferenceSession::Impl {
  session::AskSession session;
  std::unique_ptr<Channel> p2;
  std::stop_token stop;
  DirectoryLock::Ptr lock;
};

InferenceSession::InferenceSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InferenceSession::InferenceSession(InferenceSession&&) noexcept = default;
InferenceSession& InferenceSession::operator=(InferenceSession&&) noexcept = default;
InferenceSession::~InferenceSession() = default;

absl::StatusOr<Answer> InferenceSession::Infer(const NamedTensors& inputs) {
  MPCC_RETURN_IF_ERROR(session::GiveUpIfStopped(impl_->stop, *impl_->p2));
  return impl_->session.Infer(*impl_->p2, inputs);
}

absl::Status InferenceSession::Ping() {
  MPCC_RETURN_IF_ERROR(session::GiveUpIfStopped(impl_->stop, *impl_->p2));
  return impl_->session.Ping(*impl_->p2);
}

absl::Status InferenceSession::End() {
  return session::SendControl(*impl_->p2, {.kind = session::ControlKind::kEnd});
}

struct DataOwner::Impl {
  session::Party self;
  // Of the last session's instance: plan with weight shares.
  InstanceId instance;
  engine::PreparedPlan::Ptr plan;

  // Greets both and sets up.
  absl::StatusOr<session::PartyState> SetUp(const char* purpose, Channel* p0, Channel* p2) {
    return session::GreetAndSetUp(self, purpose, p0, p2, PartyId::kP2);
  }

  absl::StatusOr<InferenceSession> Session(session::PartyState state, std::unique_ptr<Channel> p2) {
    MPCC_ASSIGN_OR_RETURN(auto used, self.Numbers(state.instance));
    if (!plan || !(instance == state.instance)) {
      plan = nullptr;  // until it is of this instance
      MPCC_ASSIGN_OR_RETURN(Prg k01, state.SetupKey01());
      MPCC_ASSIGN_OR_RETURN(plan,
                            engine::PreparedPlan::ForDataOwner(self.shared_plan(), std::move(k01)));
      instance = state.instance;
    }
    session::AskSession session({plan, self.workers()}, std::move(state), std::move(used));
    session.TraceTo(self.trace());
    session.TellTo(self.progress());
    return InferenceSession(std::make_unique<InferenceSession::Impl>(
        InferenceSession::Impl{std::move(session), std::move(p2), self.stop(), self.lock()}));
  }
};

DataOwner::DataOwner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DataOwner::DataOwner(DataOwner&&) noexcept = default;
DataOwner& DataOwner::operator=(DataOwner&&) noexcept = default;
DataOwner::~DataOwner() = default;

absl::StatusOr<DataOwner> DataOwner::Create(PartyConfig config) {
  MPCC_ASSIGN_OR_RETURN(auto self, session::Party::Create(PartyId::kP1, std::move(config)));
  return DataOwner(std::make_unique<Impl>(Impl{std::move(self), {}, nullptr}));
}

absl::Status DataOwner::CheckSetUp() const { return session::CheckSetUp(impl_->self); }

absl::Status DataOwner::SetUp(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p2) {
  const Working work(impl_->self.progress(), {.what = session::kSetUpWork, .unit = {}});
  return impl_->SetUp("setup", p0.get(), p2.get()).status();
}

absl::StatusOr<InferenceSession> DataOwner::Start(std::unique_ptr<Channel> p2) {
  MPCC_ASSIGN_OR_RETURN(auto state, session::Meet(impl_->self, p2.get(), PartyId::kP2, "run"));
  return impl_->Session(std::move(state), std::move(p2));
}

absl::StatusOr<InferenceSession> DataOwner::Serve(std::unique_ptr<Channel> p0,
                                                  std::unique_ptr<Channel> p2) {
  const Working work(impl_->self.progress(), {.what = session::kSetUpWork, .unit = {}});
  MPCC_ASSIGN_OR_RETURN(auto state, impl_->SetUp("serve", p0.get(), p2.get()));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state), std::move(p2)));
  // Everybody is ready when P2 answers.
  MPCC_RETURN_IF_ERROR(session.Ping());
  return session;
}

}  // namespace mpcc
