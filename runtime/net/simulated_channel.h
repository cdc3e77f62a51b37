// SPDX-License-Identifier: Apache-2.0
// A channel that takes as long as a slower link would, for parties on one machine. It carries when
// a message arrives at the other end, which waits until then: both ends have one clock.
#ifndef MPCC_RUNTIME_NET_SIMULATED_CHANNEL_H_
#define MPCC_RUNTIME_NET_SIMULATED_CHANNEL_H_

#include <memory>

#include "mpcc/channel.h"
#include "mpcc/network.h"

namespace mpcc {

// A message of b bytes leaves when those before it have left, in 8 b / bits_per_second, and is
// there half a round trip later, as a whole. What the inner channel takes passes meanwhile. A
// sender gets ahead of its link by what is on its way in a round trip, as with buffers of that
// size. Both ends need one. TLS, headers and acknowledgements take no time of the link; the eight
// bytes that say when a message arrives are not counted.
std::unique_ptr<Channel> MakeSimulatedChannel(std::unique_ptr<Channel> inner, SimulatedLink link);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_SIMULATED_CHANNEL_H_
