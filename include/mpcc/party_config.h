// SPDX-License-Identifier: Apache-2.0
// What a party in a program of one's own is made of.
#ifndef MPCC_PARTY_CONFIG_H_
#define MPCC_PARTY_CONFIG_H_

#include <cstdint>
#include <stop_token>
#include <string>

#include "mpcc/log_sink.h"
#include "mpcc/plan.h"
#include "mpcc/progress_sink.h"
#include "mpcc/trace_sink.h"

namespace mpcc {

struct PartyConfig {
  Plan plan;

  // Seeds, shares, numbers and material of this party: made with mode 0700 if it is not there,
  // refused if others may enter it or another party object, here or in another process, works with
  // it. Never copy it or bring an old one back: it knows which masks have been used.
  std::string state_directory;

  // Asked between the messages of a session: P0 has one every two seconds at least, P2 when P1 asks
  // or pings. A session that is stopped tells its peers and returns CANCELLED; so does a set-up,
  // before it makes anything. A greeting, or what else is under way, ends first.
  std::stop_token stop{};

  LogSink log{};            // empty: nobody wants to know
  TraceSink trace{};        // the same
  ProgressSink progress{};  // the same

  // P0: `Serve` deals material for so many inferences of one set-up, counted from the set-up,
  // whether they were asked for or not; 0 for as many as asked for.
  uint64_t max_inferences = 0;

  // P0: the others are told how long dealing took, for measurements on one machine. It tells of
  // P0's machine and what else runs there.
  bool tells_times = false;

  // P2: bytes of material that are held in memory, 2 MiB at least; 0 for what 256 MB leave beside
  // the values of its programs, 16 MiB at least. What an inference needs beyond that is read or
  // received while it runs.
  uint64_t material_window = 0;

  // P2, in `Serve`: material for the next inference comes while one runs, where there is room for
  // both. False: between two inferences, which on one machine leaves the processors to the parties
  // that run.
  bool deals_ahead = true;

  // Threads that compute a step together, this party's own among them; 0 for half of the machine's
  // processors. What is sent and what comes out are the same for any number.
  int threads = 1;
};

}  // namespace mpcc

#endif  // MPCC_PARTY_CONFIG_H_
