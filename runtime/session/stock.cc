// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/stock.h"

#include <fmt/format.h>

#include "runtime/base/pieces.h"

namespace mpcc::session {

std::vector<StockInfo> StockIn(const std::string& directory, const plan::Plan& plan,
                               const InstanceId& instance, const SpentNumbers& spent) {
  std::vector<StockInfo> stock;
  for (int i = 0; i < plan.programs_size(); ++i) {
    const plan::Program& program = plan.programs(i);
    const uint64_t count =
        StoredNumbers(directory, instance, static_cast<uint32_t>(i), spent).size();
    stock.push_back({program.sequence_length(), count, count * PieceCount(program.material_size()),
                     count * program.material_size()});
  }
  return stock;
}

std::string OutOfStock(int program, const std::vector<StockInfo>& stock) {
  const uint32_t length = stock[static_cast<size_t>(program)].sequence_length;
  if (length == 0) return "no material is left: run `deal` at P0 and P2";
  std::string others;
  for (const StockInfo& other : stock)
    if (other.inferences > 0)
      others += fmt::format("{}{} of {} tokens", others.empty() ? "" : ", ", other.inferences,
                            other.sequence_length);
  return fmt::format("no material is left for {} tokens{}: run `deal --seq-len={}` at P0 and P2",
                     length, others.empty() ? "" : " (in stock: " + others + ")", length);
}

}  // namespace mpcc::session
