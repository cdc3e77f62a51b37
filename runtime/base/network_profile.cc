// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/network_profile.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "fmt/format.h"

namespace mpcc {
namespace {

struct Unit {
  std::string_view name;
  double size;
};
constexpr Unit kTimes[] = {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
constexpr Unit kRates[] = {{"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}};

constexpr NamedNetwork kNamed[] = {{"local", "rtt=60us,bw=10gbit"},
                                   {"lan", "rtt=0.2ms,bw=10gbit"},
                                   {"wan", "rtt=40ms,bw=100mbit"}};

// A positive number and its unit.
std::optional<double> Read(std::string_view text, std::span<const Unit> units) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(end, text.data() + text.size());
  for (const Unit& unit : units)
    if (error == std::errc() && rest == unit.name && number > 0 && number <= 1e6)
      return number * unit.size;
  return std::nullopt;
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (size_t comma = 0; comma != std::string_view::npos;) {
    comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
  }
  return parts;
}

// Which field a key sets, in which units.
struct Key {
  std::string_view name;
  double NetworkProfile::*field;
  std::span<const Unit> units;
};
constexpr Key kBetween[] = {{"rtt", &NetworkProfile::round_trip_seconds, kTimes},
                            {"bw", &NetworkProfile::online_bits_per_second, kRates}};
constexpr Key kUp[] = {{"bw", &NetworkProfile::offline_bits_per_second, kRates}};

bool SetOne(NetworkProfile& network, std::string_view text, std::span<const Key> keys) {
  const size_t equals = std::min(text.find('='), text.size());
  for (const Key& key : keys) {
    if (key.name != text.substr(0, equals)) continue;
    const auto read = Read(text.substr(std::min(equals + 1, text.size())), key.units);
    if (read) network.*key.field = *read;
    return read.has_value();
  }
  return false;
}

// Empty, or the part that is none.
std::optional<std::string_view> SetAll(NetworkProfile& network, std::string_view text,
                                       std::span<const Key> keys) {
  NetworkProfile read = network;
  for (std::string_view part : Split(text))
    if (!SetOne(read, part, keys)) return part;
  network = read;
  return std::nullopt;
}

}  // namespace

absl::Status SetNetwork(NetworkProfile& network, std::string_view text) {
  std::string_view resolved = text;
  for (const NamedNetwork& named : kNamed)
    if (text == named.name) resolved = named.text;
  const auto wrong = SetAll(network, resolved, kBetween);
  if (!wrong) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("network '{}'; accepted: rtt=<n>us|ms|s and bw=<n>kbit|mbit|gbit, or {}; "
                  "remedy: write for example rtt=4ms,bw=400mbit",
                  *wrong, NamedNetworks()));
}

absl::Status SetUplink(NetworkProfile& network, std::string_view text) {
  const auto wrong = SetAll(network, text, kUp);
  if (!wrong) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("uplink '{}'; accepted: bw=<n>kbit|mbit|gbit; remedy: write for example "
                  "bw=100mbit",
                  *wrong));
}

std::span<const NamedNetwork> AllNamedNetworks() { return kNamed; }

std::string NamedNetworks() {
  std::string names;
  for (const NamedNetwork& named : kNamed)
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", named.name, named.text);
  return names;
}

}  // namespace mpcc
