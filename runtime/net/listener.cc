// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/listener.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>
// Boost 1.74 needs <utility> first.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// How often to knock at a door that is still closed.
constexpr std::chrono::milliseconds kRetry{20};

// Runs what was started on `io` until it calls back, or cancels it with `cancel` at the deadline or
// when stopped.
template <typename Cancel>
bool RunUntil(boost::asio::io_context& io, Deadline deadline, const std::stop_token& stop,
              Cancel cancel) {
  io.restart();
  {
    const std::stop_callback on_stop(stop, [&] { boost::asio::post(io, cancel); });
    io.run_until(deadline);
  }
  const bool called_back = io.stopped();
  if (!called_back) cancel();
  io.restart();
  io.run();  // what was cancelled, and a cancel that came late
  return called_back;
}

absl::StatusOr<tcp::resolver::results_type> Resolve(boost::asio::io_context& io,
                                                    const Endpoint& endpoint, bool passive) {
  error_code error;
  tcp::resolver resolver(io);
  const auto flags = tcp::resolver::numeric_service |
                     (passive ? tcp::resolver::passive : tcp::resolver::numeric_service);
  auto results = resolver.resolve(endpoint.host, std::to_string(endpoint.port), flags, error);
  if (error) {
    return absl::UnavailableError(
        fmt::format("cannot resolve the host '{}': {}", endpoint.host, error.message()));
  }
  return results;
}

// A client that asks for a free local port may be given the very port it calls and meet itself.
bool MetItself(const tcp::socket& socket) {
  error_code a, b;
  return socket.local_endpoint(a) == socket.remote_endpoint(b) && !a && !b;
}

absl::Status Stopped() { return absl::CancelledError("it was stopped"); }

absl::StatusOr<UniqueFd> Release(tcp::socket& socket) {
  error_code error;
  const int fd = socket.release(error);
  if (error) return absl::InternalError("cannot take over a socket: " + error.message());
  return UniqueFd(fd);
}

// A host that has no name yet may get one, as a port may get a listener.
absl::StatusOr<UniqueFd> ConnectOnce(boost::asio::io_context& io, const Endpoint& endpoint,
                                     Deadline deadline, const std::stop_token& stop) {
  MPCC_ASSIGN_OR_RETURN(const auto results, Resolve(io, endpoint, /*passive=*/false));
  error_code result;
  tcp::socket socket(io);
  boost::asio::async_connect(socket, results,
                             [&](error_code error, const tcp::endpoint&) { result = error; });
  RunUntil(io, deadline, stop, [&] { socket.close(); });
  if (!result && !MetItself(socket)) return Release(socket);
  return absl::UnavailableError(
      fmt::format("cannot connect to {}: {}", EndpointText(endpoint), result.message()));
}

}  // namespace

struct Listener::State {
  boost::asio::io_context io;
  tcp::acceptor acceptor{io};
  Endpoint endpoint;
};

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;
const Endpoint& Listener::endpoint() const { return state_->endpoint; }

absl::StatusOr<Listener> Listener::Bind(const Endpoint& endpoint) try {
  auto state = std::make_unique<State>();
  MPCC_ASSIGN_OR_RETURN(const auto results, Resolve(state->io, endpoint, /*passive=*/true));
  const tcp::endpoint address = results.begin()->endpoint();
  state->acceptor.open(address.protocol());
  state->acceptor.set_option(tcp::acceptor::reuse_address(true));
  state->acceptor.bind(address);
  state->acceptor.listen();
  state->endpoint = {endpoint.host, state->acceptor.local_endpoint().port()};
  return Listener(std::move(state));
} catch (const boost::system::system_error& error) {
  return absl::UnavailableError(
      fmt::format("cannot listen at {}: {}", EndpointText(endpoint), error.code().message()));
}

absl::StatusOr<UniqueFd> Listener::Accept(Deadline deadline, const std::stop_token& stop) {
  error_code result;
  tcp::socket socket(state_->io);
  state_->acceptor.async_accept(socket, [&](error_code error) { result = error; });
  const bool in_time = RunUntil(state_->io, deadline, stop, [&] { state_->acceptor.cancel(); });
  if (stop.stop_requested()) return Stopped();
  if (!in_time && result) {
    return absl::DeadlineExceededError(
        fmt::format("nobody connected to {} in time", EndpointText(state_->endpoint)));
  }
  if (result) {
    return absl::UnavailableError(
        fmt::format("cannot accept at {}: {}", EndpointText(state_->endpoint), result.message()));
  }
  return Release(socket);
}

absl::StatusOr<UniqueFd> ConnectTcp(const Endpoint& endpoint, Deadline deadline,
                                    const std::stop_token& stop) {
  boost::asio::io_context io;
  while (true) {
    absl::StatusOr<UniqueFd> connected = ConnectOnce(io, endpoint, deadline, stop);
    if (connected.ok()) return connected;
    if (stop.stop_requested()) return Stopped();
    if (std::chrono::steady_clock::now() + kRetry >= deadline) return connected;
    std::this_thread::sleep_for(kRetry);
  }
}

}  // namespace mpcc
