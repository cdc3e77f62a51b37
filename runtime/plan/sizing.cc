// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/sizing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace mpcc {
namespace {

constexpr double kHour = 3600;

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr Unit kUnits[] = {{"/s", 1}, {"/min", 60}, {"/h", kHour}};

}  // namespace

absl::StatusOr<double> ParseRate(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(end, text.data() + text.size());
  for (const Unit& unit : kUnits)
    if (error == std::errc() && rest == unit.name && number > 0 && number <= 1e9)
      return number / unit.seconds;
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is no rate of inferences: a positive number and /s, /min or /h, such as 30/min", text));
}

Sizing SizeFor(const InferenceNeeds& needs, double inferences_per_second) {
  const auto per_second = [&](auto amount) {
    return static_cast<double>(amount) * inferences_per_second;
  };
  Sizing sizing;
  sizing.services = std::max<uint64_t>(
      1, static_cast<uint64_t>(std::ceil(per_second(needs.time.online_seconds()))));
  sizing.cores = per_second(needs.party == 0 ? needs.deal_seconds : needs.time.compute_seconds);
  sizing.memory_bytes = sizing.services * needs.service_bytes;
  sizing.bits_p1_to_p2 = 8 * per_second(needs.cost.bytes_p1_to_p2());
  sizing.bits_p2_to_p1 = 8 * per_second(needs.cost.bytes_p2_to_p1());
  sizing.bits_p0_to_p2 = 8 * per_second(needs.cost.material_bytes());
  sizing.stock_bytes_of_hour = kHour * per_second(needs.cost.material_bytes());
  return sizing;
}

}  // namespace mpcc
