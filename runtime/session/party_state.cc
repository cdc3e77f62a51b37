// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/party_state.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

#include "runtime/base/bytes.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/material/durable_file.h"

namespace mpcc::session {
namespace {

constexpr char kMagic[8] = {'M', 'P', 'C', 'C', 'S', 'T', 'A', 'T'};
constexpr uint32_t kVersion = 2;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t party;
  uint8_t plan_set_id[32];
  uint8_t instance[16];
  uint8_t seed01[kSeedBytes];
  uint8_t seed02[kSeedBytes];
  uint64_t weight_bytes;
  uint8_t sha[32];
  uint8_t plan_hash[32];
  uint8_t zeros[56];
};
static_assert(sizeof(Header) == 256);

std::string PathOf(const std::string& directory, PartyId self, StateFile file) {
  return fmt::format("{}/party{}.{}", directory, PartyIndex(self),
                     file == StateFile::kCurrent ? "state" : "next");
}

const char* NumbersEnding(PartyId self) { return self == PartyId::kP0 ? ".dealt" : ".used"; }

Sha256Digest DigestOf(Header header, std::span<const uint8_t> weights) {
  std::memset(header.sha, 0, sizeof(header.sha));
  Sha256 sha;
  sha.Update(BytesOf(header));
  sha.Update(weights);
  CleanseMemory(MutableBytesOf(header));
  return sha.Finish();
}

std::span<const uint8_t, kSeedBytes> SeedOf(const SecureBuffer& seed) {
  return std::span<const uint8_t, kSeedBytes>(seed.data(), kSeedBytes);
}

}  // namespace

absl::StatusOr<Prg> PartyState::SetupKey01() const {
  return SetupPrg(SeedOf(seed01), instance.plan_set_id);
}
absl::StatusOr<Prg> PartyState::InferenceKey01(int program, uint64_t number) const {
  return InferencePrg(SeedOf(seed01), instance.plan_set_id, static_cast<uint32_t>(program), number);
}
absl::StatusOr<Prg> PartyState::InferenceKey02(int program, uint64_t number) const {
  return InferencePrg(SeedOf(seed02), instance.plan_set_id, static_cast<uint32_t>(program), number);
}

absl::Status SaveState(const std::string& directory, const PartyState& state, StateFile file) {
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(directory));
  SecureBuffer buffer = SecureBuffer::Locked(sizeof(Header));
  Header& header = *reinterpret_cast<Header*>(buffer.data());
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.version = kVersion;
  header.party = static_cast<uint32_t>(PartyIndex(state.self));
  std::memcpy(header.plan_set_id, state.instance.plan_set_id.data(), sizeof(header.plan_set_id));
  std::memcpy(header.instance, state.instance.instance.data(), sizeof(header.instance));
  std::memcpy(header.plan_hash, state.plan_hash.data(), sizeof(header.plan_hash));
  if (!state.seed01.empty()) std::memcpy(header.seed01, state.seed01.data(), kSeedBytes);
  if (!state.seed02.empty()) std::memcpy(header.seed02, state.seed02.data(), kSeedBytes);
  header.weight_bytes = state.weight_corrections().size();
  const Sha256Digest digest = DigestOf(header, state.weight_corrections());
  std::memcpy(header.sha, digest.data(), digest.size());
  const std::span<const uint8_t> pieces[] = {buffer.span(), state.weight_corrections()};
  return WriteDurably(PathOf(directory, state.self, file), pieces);
}

absl::StatusOr<PartyState> LoadState(const std::string& directory, const LoadedPlan& plan,
                                     StateFile which) {
  const PartyId self = static_cast<PartyId>(plan.plan().party());
  const std::string path = PathOf(directory, self, which);
  MPCC_ASSIGN_OR_RETURN(SecureBuffer file, ReadWhole(path));
  if (file.size() < sizeof(Header)) return absl::DataLossError(path + ": too short: set up again");
  const Header& header = *reinterpret_cast<const Header*>(file.data());
  const auto weights = std::span<const uint8_t>(file.span()).subspan(sizeof(Header));
  const Sha256Digest digest = DigestOf(header, weights);
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0 || header.version != kVersion ||
      header.weight_bytes != weights.size() ||
      std::memcmp(header.sha, digest.data(), digest.size()) != 0)
    return absl::DataLossError(path + ": damaged or of another version: set up again");
  if (header.party != static_cast<uint32_t>(PartyIndex(self)) ||
      std::memcmp(header.plan_set_id, plan.set_id().data(), plan.set_id().size()) != 0 ||
      std::memcmp(header.plan_hash, plan.hash().data(), plan.hash().size()) != 0)
    return absl::FailedPreconditionError(
        path +
        ": set up with another plan than this: use that plan, or set up again with "
        "`setup --renew` at P0 and `setup` at P1 and P2");
  PartyState state;
  state.self = self;
  std::memcpy(state.instance.plan_set_id.data(), header.plan_set_id, sizeof(header.plan_set_id));
  std::memcpy(state.instance.instance.data(), header.instance, sizeof(header.instance));
  state.plan_hash = plan.hash();
  state.seed01 = SecureBuffer::LockedCopyOf(header.seed01);
  state.seed02 = SecureBuffer::LockedCopyOf(header.seed02);
  CleanseMemory(file.span().first(sizeof(Header)));  // seeds are in locked memory alone
  state.weights = std::move(file);
  state.weights_offset = sizeof(Header);
  return state;
}

// After a crash the old state is current, and the new one still next to it, or the new one is
// current: its numbers' record was there before it. The old record goes after that.
absl::Status TakeOverNext(const std::string& directory, PartyId self, const InstanceId& instance) {
  const std::string path = PathOf(directory, self, StateFile::kCurrent);
  if (rename(PathOf(directory, self, StateFile::kNext).c_str(), path.c_str()) != 0)
    return FileError(path, "cannot take over the new set-up");
  MPCC_RETURN_IF_ERROR(SyncDirectoryOf(path));
  RemoveOtherNumbers(directory, self, instance);
  return absl::OkStatus();
}

void DropNext(const std::string& directory, PartyId self) {
  unlink(PathOf(directory, self, StateFile::kNext).c_str());
}

std::string NumbersPath(const std::string& directory, PartyId self, const InstanceId& instance) {
  return fmt::format("{}/{}{}", directory, InstanceText(instance), NumbersEnding(self));
}

void RemoveOtherNumbers(const std::string& directory, PartyId self, const InstanceId& instance) {
  const std::filesystem::path ours = NumbersPath(directory, self, instance);
  std::error_code ignored;  // one that stays is of a set-up that is gone
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
    if (entry.path().extension() == NumbersEnding(self) &&
        entry.path().filename() != ours.filename())
      std::filesystem::remove(entry.path(), ignored);
}

}  // namespace mpcc::session
