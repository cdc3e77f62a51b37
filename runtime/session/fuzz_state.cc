// SPDX-License-Identifier: Apache-2.0
// The state of a party: first a byte of which party, and whether its hash is made to fit, which a
// fuzzer would not get past, then the file. What can be read becomes a set-up that is taken over.
// Needs no corpus: it begins with good files.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/crypto/sha256.h"
#include "runtime/engine/test_program.h"
#include "runtime/material/fuzz_directory.h"
#include "runtime/session/party_state.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using Bytes = std::vector<uint8_t>;
using mpcc::session::DropNext;
using mpcc::session::LoadState;
using mpcc::session::NumbersPath;
using mpcc::session::PartyState;
using mpcc::session::SaveState;
using mpcc::session::StateFile;
using mpcc::session::TakeOverNext;

constexpr uint8_t kMended = 128;
constexpr size_t kHeader = 256, kSha = 136, kDigest = sizeof(mpcc::Sha256Digest);

const mpcc::FuzzDirectory& Directory() {
  static const mpcc::FuzzDirectory directory;
  return directory;
}

const mpcc::LoadedPlan& PlanOf(int party) {
  static mpcc::TestPlans plans = mpcc::engine::EveryOpcodeProgram();
  static const std::shared_ptr<const mpcc::LoadedPlan> loaded[] = {*plans.Load(0), *plans.Load(1),
                                                                   *plans.Load(2)};
  return *loaded[party];
}

std::string PathOf(int party) {
  return Directory().path() + "/party" + std::to_string(party) + ".state";
}

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

PartyState Good(int party) {
  PartyState state;
  state.self = mpcc::kAllParties[party];
  std::copy_n(PlanOf(party).set_id().begin(), state.instance.plan_set_id.size(),
              state.instance.plan_set_id.begin());
  state.instance.instance.fill(7);
  state.plan_hash = PlanOf(party).hash();
  state.seed01 = mpcc::SecureBuffer::LockedCopyOf(Bytes(mpcc::kSeedBytes, 1));
  state.seed02 = mpcc::SecureBuffer::LockedCopyOf(Bytes(mpcc::kSeedBytes, 2));
  if (party == 2) state.weights = mpcc::SecureBuffer::CopyOf(Bytes(40, 3));
  return state;
}

void Mend(Bytes& file) {
  if (file.size() < kHeader) return;
  std::fill_n(file.begin() + kSha, kDigest, 0);
  mpcc::Sha256 sha;
  sha.Update(file);
  std::ranges::copy(sha.Finish(), file.begin() + kSha);
}

bool Same(const PartyState& a, const PartyState& b) {
  return a.self == b.self && a.instance == b.instance && a.plan_hash == b.plan_hash &&
         std::ranges::equal(a.seed01.span(), b.seed01.span()) &&
         std::ranges::equal(a.seed02.span(), b.seed02.span()) &&
         std::ranges::equal(a.weight_corrections(), b.weight_corrections());
}

void RequireSaved(const PartyState& state, const mpcc::LoadedPlan& plan, StateFile which) {
  const auto again = LoadState(Directory().path(), plan, which);
  Require(again.ok() && Same(state, *again));
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Its own record of numbers outlives the set-up that replaces the old one, whose record goes.
void TakeOver(const PartyState& state, const mpcc::LoadedPlan& plan) {
  const std::string& folder = Directory().path();
  mpcc::InstanceId old = state.instance;
  old.instance[0] ^= 1;
  const std::string ours = NumbersPath(folder, state.self, state.instance);
  const std::string theirs = NumbersPath(folder, state.self, old);
  for (const std::string& numbers : {ours, theirs}) Directory().Write(numbers, {});

  Require(SaveState(folder, state, StateFile::kNext).ok());
  RequireSaved(state, plan, StateFile::kNext);
  Require(TakeOverNext(folder, state.self, state.instance).ok());
  RequireSaved(state, plan, StateFile::kCurrent);
  Require(Exists(ours) && !Exists(theirs));
  Require(!TakeOverNext(folder, state.self, state.instance).ok());  // there is none any more

  Require(SaveState(folder, state, StateFile::kNext).ok());
  DropNext(folder, state.self);
  Require(!LoadState(folder, plan, StateFile::kNext).ok());
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (size > 2) return LLVMFuzzerMutate(data, size, max_size);
  const int party = static_cast<int>(seed % 3);
  Require(SaveState(Directory().path(), Good(party)).ok());
  std::ifstream file(PathOf(party), std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  bytes.insert(bytes.begin(), static_cast<uint8_t>(kMended + party));
  if (bytes.size() > max_size) return size;
  std::ranges::copy(bytes, data);
  return bytes.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Bytes file(data + 1, data + size);
  const int party = data[0] % kMended % 3;
  if (data[0] & kMended) Mend(file);
  Directory().Write(PathOf(party), file);
  const auto state = LoadState(Directory().path(), PlanOf(party));
  if (!state.ok()) {
    Require(std::string(state.status().message()).find(PathOf(party)) != std::string::npos);
    return 0;
  }
  Require(state->SetupKey01().ok());
  Require(state->InferenceKey01(0, 1).ok() && state->InferenceKey02(0, 1).ok());
  TakeOver(*state, PlanOf(party));
  return 0;
}
