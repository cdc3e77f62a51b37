// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/session_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/status_matchers.h"
#include "runtime/crypto/hkdf.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {
namespace {

using Secret = std::array<uint8_t, 32>;
using Bytes = std::vector<uint8_t>;

constexpr Secret kSeed{1, 2, 3};
constexpr Secret kPlan{4, 5, 6};

std::string FirstBytes(absl::StatusOr<Prg> prg) {
  Bytes out(16);
  if (!prg.ok()) return {};
  prg->Fill(0, 0, out);
  return HexString(out);
}

std::string PrgOfInfo(const std::string& info) {
  std::array<uint8_t, 16> key;
  MPCC_EXPECT_OK(HkdfSha256(kSeed, kPlan, Bytes(info.begin(), info.end()), key));
  return FirstBytes(Prg(key));
}

TEST(SessionKeys, FollowTheirWrittenDefinition) {
  EXPECT_EQ(FirstBytes(SetupPrg(kSeed, kPlan)), PrgOfInfo("mpcc setup"));
  const std::string program("\0\0\0\x03", 4), number("\0\0\0\0\0\0\x01\x02", 8);
  EXPECT_EQ(FirstBytes(InferencePrg(kSeed, kPlan, 3, 0x102)),
            PrgOfInfo("mpcc inference" + program + number));
}

TEST(SessionKeys, EverySeedPlanProgramAndNumberHasItsOwnStream) {
  const std::set<std::string> streams{
      FirstBytes(SetupPrg(kSeed, kPlan)),           FirstBytes(SetupPrg(kPlan, kPlan)),
      FirstBytes(SetupPrg(kSeed, kSeed)),           FirstBytes(InferencePrg(kSeed, kPlan, 0, 0)),
      FirstBytes(InferencePrg(kSeed, kPlan, 0, 1)), FirstBytes(InferencePrg(kPlan, kPlan, 0, 0)),
      FirstBytes(InferencePrg(kSeed, kSeed, 0, 0)), FirstBytes(InferencePrg(kSeed, kPlan, 1, 0)),
      FirstBytes(InferencePrg(kSeed, kPlan, 1, 1)),
  };
  EXPECT_EQ(streams.size(), 9u);
}

TEST(SessionKeys, RolesWithOneNumberNameDifferentStreams) {
  std::set<uint64_t> ids;
  for (StreamRole role : {StreamRole::kDealt, StreamRole::kOpeningMask, StreamRole::kInputMask})
    for (uint32_t number : {0u, 1u, ~0u}) ids.insert(Stream{role, number}.id());
  EXPECT_EQ(ids.size(), 9u);
}

}  // namespace
}  // namespace mpcc
