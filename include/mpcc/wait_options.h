// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_WAIT_OPTIONS_H_
#define MPCC_WAIT_OPTIONS_H_

#include <chrono>

namespace mpcc {

// How a channel waits for its peer.
struct WaitOptions {
  // Look for bytes without giving up the processor for this long, then sleep until the system
  // reports them. Spinning takes a wake-up (20 to 30 us) off every round. It costs a processor that
  // nobody else wants: where others do, a thread sleeps at once.
  std::chrono::microseconds spin{200};

  // A peer that moves no byte for this long is taken for dead.
  std::chrono::milliseconds peer_timeout{60'000};
};

}  // namespace mpcc

#endif  // MPCC_WAIT_OPTIONS_H_
