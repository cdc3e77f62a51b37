// SPDX-License-Identifier: Apache-2.0
// What a run did: measured at the channel and by the clock, not taken from the plan.
#ifndef MPCC_RUN_STATS_H_
#define MPCC_RUN_STATS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mpcc/cost.h"

namespace mpcc {

struct RunStats {
  Cost total;  // rounds, messages, payload bytes by direction; material bytes consumed or dealt
  std::vector<Cost> layers;     // by ProgramInfo.layers
  double seconds = 0;           // of all steps
  double exchange_seconds = 0;  // of that: messages on their way, waiting for the peer included
  double material_seconds = 0;  // of that: until pieces of material were there, or were taken
  uint64_t held_bytes = 0;      // of wires, scratch memory and material, at most at once
  std::map<std::string, double> seconds_by_opcode;  // without those of messages
  std::vector<double> seconds_by_layer;
  std::vector<double> exchange_seconds_by_layer;  // of those: as exchange_seconds
};

}  // namespace mpcc

#endif  // MPCC_RUN_STATS_H_
