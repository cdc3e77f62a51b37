// SPDX-License-Identifier: Apache-2.0
#include "frontend/result_digits.h"

#include <charconv>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/node_context.h"
#include "ir/nn/digits.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"

namespace mpcc {
namespace {

constexpr std::string_view kAll = "all";

// False if the text is neither a number of digits nor all of them.
bool Read(std::string_view text, Digits& digits) {
  digits = std::nullopt;
  if (text == kAll) return true;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  digits = number;
  return number >= 0 && number <= nn::kMostDigits;
}

}  // namespace

absl::StatusOr<ResultDigits> ParseDigits(const std::vector<std::string>& texts) {
  ResultDigits result{.usual = kUsualDigits};
  std::set<std::string> names;
  std::vector<std::string> faults;
  for (const std::string& text : texts) {
    const size_t equals = text.rfind('=');
    const bool named = equals != std::string::npos;
    const std::string name = named ? text.substr(0, equals) : "";
    Digits digits;
    if ((named && name.empty()) || !Read(named ? text.substr(equals + 1) : text, digits))
      faults.push_back(fmt::format("'{}'", text));
    else if (!names.insert(name).second)
      faults.push_back(fmt::format("'{}' beside another one", text));
    (named ? result.named[name] : result.usual) = digits;
  }
  if (faults.empty()) return result;
  return absl::InvalidArgumentError(
      fmt::format("{}; accepted: 0 to {} digits after the point, or all, once for all results and "
                  "once for each name (3, logits=2); remedy: correct --digits",
                  fmt::join(faults, ", "), nn::kMostDigits));
}

void SetDigits(mlir::func::FuncOp function, const ResultDigits& digits, Problems& problems) {
  const nn::VisibilityAnalysis visibility(function);
  mlir::Operation* terminator = function.getBody().front().getTerminator();
  std::vector<std::string> revealed;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    const mlir::Value result = terminator->getOperand(i);
    auto name = function.getResultAttrOfType<mlir::StringAttr>(i, nn::kNameAttr);
    if (!name || visibility.IsVisible(result) || !ElementOf(result).isF32()) continue;
    revealed.push_back(name.str());
    const auto own = digits.named.find(name.str());
    if (const Digits wanted = own == digits.named.end() ? digits.usual : own->second)
      nn::SetDigits(function, i, *wanted);
  }
  for (const auto& [name, unused] : digits.named)
    if (!llvm::is_contained(revealed, name))
      problems.push_back({name, "output", "--digits of what is no result that is revealed",
                          fmt::format("{}", fmt::join(revealed, ", ")), "correct --digits"});
}

}  // namespace mpcc
