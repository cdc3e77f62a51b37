// SPDX-License-Identifier: Apache-2.0
#include "mpcc/network.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "mpcc/memory_channel.h"
#include "runtime/net/keygen.h"
#include "tools/python/bindings/module.h"

namespace mpcc::python {
namespace {

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(1e3 * seconds));
}

void Construct(NetworkOptions* self, const std::vector<std::string>& addresses,
               const std::string& ca, const std::string& certificate, const std::string& key,
               bool insecure, const std::string& listen, const std::vector<int>& order,
               double timeout, double peer_timeout, double reconnect, const Stop& stop,
               const nb::object& log) {
  std::vector<int> sorted = order;
  std::ranges::sort(sorted);
  if (addresses.size() != 3 || sorted != std::vector{0, 1, 2})
    Check(absl::InvalidArgumentError("peers and listening order are of three parties, 0, 1 and 2"));
  NetworkOptions options;
  std::ranges::copy(addresses, options.addresses.begin());
  std::ranges::transform(order, options.listening_order.begin(),
                         [](int party) { return static_cast<PartyId>(party); });
  options.listen = listen;
  options.ca_certificate = ca;
  options.certificate = certificate;
  options.private_key = key;
  options.insecure = insecure;
  options.timeout = Milliseconds(timeout);
  options.wait.peer_timeout = Milliseconds(peer_timeout);
  options.reconnect = Milliseconds(reconnect);
  options.stop = stop.source.get_token();
  options.log = SinkOf(log);
  new (self) NetworkOptions(std::move(options));
}

nb::list Connect(int self, const std::vector<int>& peers, const NetworkOptions& options) {
  std::vector<PartyId> parties;
  for (int peer : peers) parties.push_back(static_cast<PartyId>(peer));
  Channels channels = ValueOf(
      Unlocked([&] { return ConnectParties(static_cast<PartyId>(self), parties, options); }));
  nb::list links;
  for (int peer : peers)
    links.append(nb::cast(new Link(std::move(channels[peer])), nb::rv_policy::take_ownership));
  return links;
}

nb::tuple MemoryLinks(const std::string& first, const std::string& second) {
  auto [one, other] = MakeMemoryChannelPair(first, second);
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
  nb::class_<Link>(module, "Link", "A channel to a peer, for one call.");
  nb::class_<NetworkOptions>(module, "Network")
      .def("__init__", Construct, nb::arg("addresses"), nb::kw_only(), nb::arg("ca"),
           nb::arg("certificate"), nb::arg("key"), nb::arg("insecure"), nb::arg("listen"),
           nb::arg("listening_order"), nb::arg("timeout"), nb::arg("peer_timeout"),
           nb::arg("reconnect"), nb::arg("stop"), nb::arg("log").none());
  module.def("connect", Connect, nb::arg("party"), nb::arg("peers"), nb::arg("network"));
  module.def("memory_links", MemoryLinks, nb::arg("first"), nb::arg("second"));
  module.def(
      "generate_keys",
      [](const std::string& directory) { return ValueOf(GenerateKeys({.directory = directory})); },
      nb::arg("directory"));
}

}  // namespace mpcc::python
