// SPDX-License-Identifier: Apache-2.0
// A channel inside one process: for tests and for three parties as three threads.
#ifndef MPCC_MEMORY_CHANNEL_H_
#define MPCC_MEMORY_CHANNEL_H_

#include <memory>
#include <string>
#include <utility>

#include "mpcc/channel.h"
#include "mpcc/export.h"
#include "mpcc/wait_options.h"

namespace mpcc {

// Two connected ends, each for a thread of its own. `first_peer` is the name that the first end
// has for its peer. Send never waits: messages that nobody has received yet are queued without
// bound. Destroying an end closes the connection; what it sent before can still be received.
MPCC_EXPORT std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>> MakeMemoryChannelPair(
    std::string first_peer = "party P2 (memory)", std::string second_peer = "party P1 (memory)",
    const WaitOptions& wait = {});

}  // namespace mpcc

#endif  // MPCC_MEMORY_CHANNEL_H_
