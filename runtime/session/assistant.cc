// SPDX-License-Identifier: Apache-2.0
#include "mpcc/assistant.h"

#include <fmt/format.h>

#include <optional>

#include "runtime/base/status_macros.h"
#include "runtime/engine/weights.h"
#include "runtime/session/assist_session.h"
#include "runtime/session/party.h"
#include "runtime/session/setup.h"
#include "runtime/session/stock.h"

namespace mpcc {

struct Assistant::Impl {
  session::Party self;
  // Of the last session's instance: plan with weight shares, material and spent numbers.
  InstanceId instance;
  engine::PreparedPlan::Ptr plan;
  std::shared_ptr<MaterialStore> store;

  // Greets both and sets up.
  absl::StatusOr<session::PartyState> SetUp(const char* purpose, Channel* p0, Channel* p1) {
    return session::GreetAndSetUp(self, purpose, p0, p1, PartyId::kP1);
  }

  absl::StatusOr<session::AssistSession> Session(session::PartyState state) {
    if (!store || !(instance == state.instance)) {
      store = nullptr;  // until plan and store are of this instance
      if (state.weight_corrections().size() != engine::SetupBytes(self.plan().plan()))
        return absl::DataLossError("the stored weight shares do not fit the plan: set up again");
      MPCC_ASSIGN_OR_RETURN(
          plan, engine::PreparedPlan::ForAssistant(self.shared_plan(), state.weight_corrections()));
      MPCC_ASSIGN_OR_RETURN(auto used, self.Numbers(state.instance));
      MPCC_ASSIGN_OR_RETURN(MaterialStore opened,
                            MaterialStore::Open(self.directory(), state.instance, used));
      store = std::make_shared<MaterialStore>(std::move(opened));
      instance = state.instance;
    }
    state.weights = SecureBuffer();  // the plan has them
    state.weights_offset = 0;
    session::AssistSession session({plan, self.workers()}, std::move(state), store,
                                   self.material_window());
    session.TraceTo(self.trace());
    session.TellTo(self.progress());
    return session;
  }
};

Assistant::Assistant(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Assistant::Assistant(Assistant&&) noexcept = default;
Assistant& Assistant::operator=(Assistant&&) noexcept = default;
Assistant::~Assistant() = default;

absl::StatusOr<Assistant> Assistant::Create(PartyConfig config) {
  MPCC_ASSIGN_OR_RETURN(auto self, session::Party::Create(PartyId::kP2, std::move(config)));
  return Assistant(std::make_unique<Impl>(Impl{std::move(self), {}, nullptr, nullptr}));
}

absl::StatusOr<std::vector<StockInfo>> Assistant::Stock(const Plan& plan,
                                                        const std::string& state_directory) {
  if (plan.party() != PartyId::kP2)
    return absl::InvalidArgumentError("only P2 has material in stock");
  MPCC_ASSIGN_OR_RETURN(const auto state, session::LoadState(state_directory, *plan.loaded()));
  MPCC_ASSIGN_OR_RETURN(
      const SpentNumbers spent,
      UsedNumbers::Read(session::NumbersPath(state_directory, PartyId::kP2, state.instance),
                        state.instance));
  return session::StockIn(state_directory, plan.loaded()->plan(), state.instance, spent);
}

absl::Status Assistant::CheckSetUp() const { return session::CheckSetUp(impl_->self); }

absl::Status Assistant::SetUp(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p1) {
  const Working work(impl_->self.progress(), {.what = session::kSetUpWork, .unit = {}});
  return impl_->SetUp("setup", p0.get(), p1.get()).status();
}

absl::StatusOr<int> Assistant::Store(std::unique_ptr<Channel> p0) {
  MPCC_ASSIGN_OR_RETURN(auto state, session::Meet(impl_->self, p0.get(), PartyId::kP0, "deal"));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  MPCC_ASSIGN_OR_RETURN(const int stored, session.StoreDealt(*p0, impl_->self.stop()));
  impl_->self.Log(LogLevel::kInfo, fmt::format("material of {} inferences stored", stored));
  return stored;
}

absl::Status Assistant::Assist(std::unique_ptr<Channel> p1) {
  MPCC_ASSIGN_OR_RETURN(auto state, session::Meet(impl_->self, p1.get(), PartyId::kP1, "run"));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  return session.ServeFromStore(*p1, impl_->self.stop());
}

absl::Status Assistant::Serve(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p1) {
  std::optional<Working> work(std::in_place, impl_->self.progress(),
                              Progress{.what = session::kSetUpWork, .unit = {}});
  MPCC_ASSIGN_OR_RETURN(auto state, impl_->SetUp("serve", p0.get(), p1.get()));
  MPCC_ASSIGN_OR_RETURN(auto session, impl_->Session(std::move(state)));
  work.reset();
  session::MaterialFeed feed(impl_->self.plan().plan(), std::move(p0),
                             impl_->self.material_window(), impl_->self.deals_ahead());
  absl::Status status = session.Serve(*p1, feed, impl_->self.stop());
  feed.GiveUp(status);
  return status;
}

}  // namespace mpcc
