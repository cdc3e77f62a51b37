// SPDX-License-Identifier: Apache-2.0
// A channel that carries messages over another one and adds something of its own. Here is what all
// of them pass on.
#ifndef MPCC_RUNTIME_NET_WRAPPING_CHANNEL_H_
#define MPCC_RUNTIME_NET_WRAPPING_CHANNEL_H_

#include <memory>
#include <utility>

#include "mpcc/channel.h"

namespace mpcc {

class WrappingChannel : public Channel {
 public:
  // REQUIRES: inner != nullptr.
  explicit WrappingChannel(std::unique_ptr<Channel> inner)
      : Channel(inner->peer()), inner_(std::move(inner)) {}

 protected:
  Channel& inner() { return *inner_; }
  // Closes it, before a Transfer that fails: nothing else is asked of a channel that failed.
  void CloseInner() { inner_ = nullptr; }

 private:
  absl::Status SendKeepAlive() final { return inner_->KeepAlive(); }

  std::unique_ptr<Channel> inner_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_WRAPPING_CHANNEL_H_
