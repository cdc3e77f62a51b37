// SPDX-License-Identifier: Apache-2.0
// What a party keeps of a set-up: numbers that are spent (used_numbers.h), and one file of mode
// 0600 in its state directory, little-endian, a header of 256 bytes:
// - 0: "MPCCSTAT"
// - 8: u32 version
// - 12: u32 party
// - 16: plan-set id, 32 bytes
// - 48: instance id, 16 bytes
// - 64: seed of K01, 32 bytes
// - 96: seed of K02, 32 bytes
// - 128: u64 bytes of weight corrections
// - 136: SHA-256 of the header with this field zero and of the corrections
// - 168: LoadedPlan::hash() of the party's plan
// - 200: 56 zero bytes
//
// P2's weight corrections follow.
#ifndef MPCC_RUNTIME_SESSION_PARTY_STATE_H_
#define MPCC_RUNTIME_SESSION_PARTY_STATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/crypto/prg.h"
#include "runtime/crypto/session_keys.h"
#include "runtime/material/material_store.h"
#include "runtime/plan/plan_file.h"

namespace mpcc::session {

struct PartyState {
  PartyId self = PartyId::kP0;
  InstanceId instance;
  Sha256Digest plan_hash{};  // of this party's plan at set-up
  SecureBuffer seed01;       // P0, P1; zeros at P2
  SecureBuffer seed02;       // P0, P2; zeros at P1
  SecureBuffer weights;      // P2: corrections of the weight shares, at weights_offset
  uint64_t weights_offset = 0;

  std::span<const uint8_t> weight_corrections() const {
    return weights.span().subspan(weights_offset);
  }

  absl::StatusOr<Prg> SetupKey01() const;
  absl::StatusOr<Prg> InferenceKey01(int program, uint64_t number) const;
  absl::StatusOr<Prg> InferenceKey02(int program, uint64_t number) const;
};

// A party works with its current state. A new one stands beside it until all parties have theirs.
enum class StateFile { kCurrent, kNext };  // party<i>.state, party<i>.next

// Writes the file in DIR, durably, in the place of the one that was there.
absl::Status SaveState(const std::string& directory, const PartyState& state,
                       StateFile file = StateFile::kCurrent);

// The state of the party that PLAN belongs to. NOT_FOUND when there is none; FAILED_PRECONDITION
// when it was set up with another plan, be it of the same architecture with other weights: seeds,
// weight shares and material would silently give wrong answers; DATA_LOSS.
absl::StatusOr<PartyState> LoadState(const std::string& directory, const LoadedPlan& plan,
                                     StateFile file = StateFile::kCurrent);

// The next state becomes the current one, durably; records of numbers of other instances than
// `instance`, that of the new one, go.
absl::Status TakeOverNext(const std::string& directory, PartyId self, const InstanceId& instance);

// The next state goes, if there is one: the set-up that it is of never ended.
void DropNext(const std::string& directory, PartyId self);

// Where the numbers that a party has dealt or used are recorded.
std::string NumbersPath(const std::string& directory, PartyId self, const InstanceId& instance);

// Records of numbers of other instances go. REQUIRES: no next state.
void RemoveOtherNumbers(const std::string& directory, PartyId self, const InstanceId& instance);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PARTY_STATE_H_
