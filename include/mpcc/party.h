// SPDX-License-Identifier: Apache-2.0
// The three parties of every computation.
#ifndef MPCC_PARTY_H_
#define MPCC_PARTY_H_

#include <array>
#include <cstdint>

namespace mpcc {

enum class PartyId : uint8_t {
  kP0 = 0,  // model owner: deals, takes no part online
  kP1 = 1,  // data owner: gives the input, gets the answer
  kP2 = 2,  // assistant
};

inline constexpr std::array<PartyId, 3> kAllParties{PartyId::kP0, PartyId::kP1, PartyId::kP2};

constexpr int PartyIndex(PartyId party) { return static_cast<int>(party); }

// "P0", "P1" or "P2".
constexpr const char* PartyName(PartyId party) {
  constexpr const char* kNames[] = {"P0", "P1", "P2"};
  return kNames[PartyIndex(party)];
}

}  // namespace mpcc

#endif  // MPCC_PARTY_H_
