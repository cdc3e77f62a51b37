// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/network.h"

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

struct Named {
  std::string_view name, text;
};
constexpr Named kNamed[] = {{"local", "rtt=60us,bw=10gbit"},
                            {"lan", "rtt=0.2ms,bw=10gbit"},
                            {"wan", "rtt=40ms,bw=100mbit"}};

// A positive number and its unit.
template <size_t n>
std::optional<double> Read(std::string_view text, const Unit (&units)[n]) {
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

bool SetOne(NetworkProfile& network, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view key = text.substr(0, equals);
  if (equals == std::string_view::npos || (key != "rtt" && key != "bw")) return false;
  const std::string_view value = text.substr(equals + 1);
  const auto read = key == "rtt" ? Read(value, kTimes) : Read(value, kRates);
  if (read) (key == "rtt" ? network.round_trip_seconds : network.online_bits_per_second) = *read;
  return read.has_value();
}

}  // namespace

absl::Status SetNetwork(NetworkProfile& network, std::string_view text) {
  std::string_view resolved = text;
  for (const Named& named : kNamed)
    if (text == named.name) resolved = named.text;
  NetworkProfile read = network;
  for (std::string_view part : Split(resolved))
    if (!SetOne(read, part))
      return absl::InvalidArgumentError(
          fmt::format("network '{}'; accepted: rtt=<n>us|ms|s and bw=<n>kbit|mbit|gbit, or {}; "
                      "remedy: write for "
                      "example --net rtt=4ms,bw=400mbit",
                      part, NamedNetworks()));
  network = read;
  return absl::OkStatus();
}

std::string NamedNetworks() {
  std::string names;
  for (const Named& named : kNamed)
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", named.name, named.text);
  return names;
}

}  // namespace mpcc
