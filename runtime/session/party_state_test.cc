// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/base/status_matchers.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/test_directory.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

class State : public ::testing::TestWithParam<int> {
 protected:
  State() {
    state_.self = static_cast<PartyId>(GetParam());
    std::copy_n(plan_->set_id().begin(), 32, state_.instance.plan_set_id.begin());
    state_.instance.instance.fill(9);
    state_.plan_hash = plan_->hash();
    state_.seed01 = SecureBuffer(kSeedBytes);
    state_.seed02 = SecureBuffer(kSeedBytes);
    state_.seed01.data()[0] = 1;
    state_.seed02.data()[31] = 2;
    if (GetParam() == 2) state_.weights = SecureBuffer(40);
    for (size_t i = 0; i < state_.weights.size(); ++i)
      state_.weights.data()[i] = static_cast<uint8_t>(i);
  }

  std::string path() const {
    return directory_.path() + "/state/party" + std::to_string(GetParam()) + ".state";
  }
  std::string Read() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Write(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
  }
  absl::Status Save() const { return SaveState(directory_.path() + "/state", state_); }
  absl::StatusOr<PartyState> Load() const {
    return LoadState(directory_.path() + "/state", *plan_);
  }

  TestPlans plans_ = engine::EveryOpcodeProgram();
  std::shared_ptr<const LoadedPlan> plan_ = *plans_.Load(GetParam());
  TestDirectory directory_;
  PartyState state_;
};

bool Same(const SecureBuffer& a, const SecureBuffer& b) {
  return std::ranges::equal(a.span(), b.span());
}

TEST_P(State, IsLoadedAsItWasSaved) {
  MPCC_ASSERT_OK(Save());
  const auto loaded = Load();
  MPCC_ASSERT_OK(loaded.status());
  EXPECT_EQ(loaded->self, state_.self);
  EXPECT_EQ(loaded->instance, state_.instance);
  EXPECT_EQ(loaded->plan_hash, state_.plan_hash);
  EXPECT_TRUE(Same(loaded->seed01, state_.seed01));
  EXPECT_TRUE(Same(loaded->seed02, state_.seed02));
  EXPECT_TRUE(std::ranges::equal(loaded->weight_corrections(), state_.weight_corrections()));
}

TEST_P(State, IsClosedToOthers) {
  MPCC_ASSERT_OK(Save());
  using std::filesystem::perms;
  const auto open = perms::group_all | perms::others_all;
  EXPECT_EQ(std::filesystem::status(path()).permissions() & open, perms::none);
  EXPECT_EQ(std::filesystem::status(directory_.path() + "/state").permissions() & open,
            perms::none);
}

TEST_P(State, WithOneBitChangedInAnyFieldIsDamaged) {
  MPCC_ASSERT_OK(Save());
  const std::string good = Read();
  ASSERT_EQ(good.size(), 256 + state_.weights.size());
  for (size_t i = 0; i < good.size(); i += 3) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    Write(bad);
    EXPECT_THAT(Load().status(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("set up again")))
        << "byte " << i;
  }
}

TEST_P(State, OfAnotherLengthIsDamaged) {
  MPCC_ASSERT_OK(Save());
  const std::string good = Read();
  for (size_t length : {size_t{0}, size_t{8}, size_t{255}, good.size() - 1}) {
    Write(good.substr(0, length));
    EXPECT_EQ(Load().status().code(), absl::StatusCode::kDataLoss) << length << " bytes";
  }
  Write(good + '\0');
  EXPECT_EQ(Load().status().code(), absl::StatusCode::kDataLoss);
}

TEST_P(State, OfAnotherPlanIsRefused) {
  state_.plan_hash[0] ^= 1;
  MPCC_ASSERT_OK(Save());
  EXPECT_THAT(Load().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("`setup --renew`")));
}

TEST_P(State, ThatIsNotThereIsNotFound) {
  EXPECT_EQ(Load().status().code(), absl::StatusCode::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Party, State, ::testing::Values(0, 1, 2));

}  // namespace
}  // namespace mpcc::session
