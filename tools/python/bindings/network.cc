// SPDX-License-Identifier: Apache-2.0
#include "mpcc/network.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/chrono.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "mpcc/memory_channel.h"
#include "runtime/net/keygen.h"
#include "tools/python/bindings/module.h"

namespace mpcc::python {
namespace {

// Parties as Python has them: numbers.
PartyId PartyOf(int party) { return static_cast<PartyId>(party); }

std::array<int, 3> ListeningOrder(const NetworkOptions& options) {
  std::array<int, 3> order{};
  std::ranges::transform(options.listening_order, order.begin(), PartyIndex);
  return order;
}

void SetListeningOrder(NetworkOptions& options, const std::array<int, 3>& order) {
  std::ranges::transform(order, options.listening_order.begin(), PartyOf);
}

void AddOptions(nb::module_& module) {
  nb::class_<NetworkOptions>(module, "Network")
      .def(nb::init<>())
      .def_rw("addresses", &NetworkOptions::addresses)
      .def_rw("listen", &NetworkOptions::listen)
      .def_prop_rw("listening_order", ListeningOrder, SetListeningOrder)
      .def_rw("ca_certificate", &NetworkOptions::ca_certificate)
      .def_rw("certificate", &NetworkOptions::certificate)
      .def_rw("private_key", &NetworkOptions::private_key)
      .def_rw("insecure", &NetworkOptions::insecure)
      .def_rw("timeout", &NetworkOptions::timeout)
      .def_prop_rw(
          "peer_timeout", [](const NetworkOptions& options) { return options.wait.peer_timeout; },
          [](NetworkOptions& options, std::chrono::milliseconds silence) {
            options.wait.peer_timeout = silence;
          })
      .def_rw("reconnect", &NetworkOptions::reconnect)
      .def("attend", Attend<NetworkOptions>, nb::arg("stop"), nb::arg("log"), nb::arg("progress"));
}

nb::list Connect(int self, const std::vector<int>& peers, const NetworkOptions& options) {
  std::vector<PartyId> parties(peers.size());
  std::ranges::transform(peers, parties.begin(), PartyOf);
  Channels channels =
      ValueOf(Unlocked([&] { return ConnectParties(PartyOf(self), parties, options); }));
  nb::list links;
  for (int peer : peers)
    links.append(nb::cast(new Link(std::move(channels[peer])), nb::rv_policy::take_ownership));
  return links;
}

// Neither end dies unnoticed in one process, so that whoever is silent has nothing to ask.
nb::tuple MemoryLinks(const std::string& first, const std::string& second) {
  const WaitOptions wait{.peer_timeout = std::chrono::milliseconds::max()};
  auto [one, other] = MakeMemoryChannelPair(first, second, wait);
  return nb::make_tuple(nb::cast(new Link(std::move(one)), nb::rv_policy::take_ownership),
                        nb::cast(new Link(std::move(other)), nb::rv_policy::take_ownership));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Channel>> Link::Take() {
  if (channel_) return std::move(channel_);
  return absl::InvalidArgumentError("this channel was used: a call owns its channels");
}

void AddNetwork(nb::module_& module) {
  nb::class_<Stop>(module, "Stop")
      .def(nb::init<>())
      .def("request", [](Stop& stop) { stop.source.request_stop(); })
      .def_prop_ro("requested", [](const Stop& stop) { return stop.source.stop_requested(); });
  [[maybe_unused]] const nb::class_<Link> link(module, "Link",
                                               "A channel to a peer, for one call.");
  AddOptions(module);
  module.def("connect", Connect, nb::arg("party"), nb::arg("peers"), nb::arg("network"));
  module.def("memory_links", MemoryLinks, nb::arg("first"), nb::arg("second"));
  module.def(
      "generate_keys",
      [](const std::string& directory) { return ValueOf(GenerateKeys({.directory = directory})); },
      nb::arg("directory"));
}

}  // namespace mpcc::python
