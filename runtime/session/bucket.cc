// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/bucket.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "runtime/base/input_role.h"
#include "runtime/base/status_macros.h"
#include "runtime/base/token_padding.h"
#include "runtime/net/peer_text.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/signature.h"

namespace mpcc::session {
namespace {

using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;

using Argument = PlanInput;

const Argument* FindIds(const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments)
    if (argument.role == InputRole::kIds) return &argument;
  return nullptr;
}

bool Names(const std::string& name, const Argument& argument) {
  return name == argument.name ||
         (argument.role != InputRole::kOther && RoleOfUsualName(name) == argument.role);
}

std::string Accepted(const std::vector<Argument>& arguments) {
  std::vector<std::string> names;
  for (const Argument& argument : arguments) {
    const std::string usual(InfoOf(argument.role).usual);
    names.push_back(usual.empty() || usual == argument.name
                        ? fmt::format("\"{}\"", argument.name)
                        : fmt::format("\"{}\" (or \"{}\")", argument.name, usual));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

constexpr size_t kMostOfName = 64;  // of one that somebody gave

absl::Status CheckNames(const std::vector<Argument>& arguments, const NamedTensors& inputs) {
  for (const auto& [given, tensor] : inputs)
    if (std::none_of(arguments.begin(), arguments.end(),
                     [&name = given](const Argument& argument) { return Names(name, argument); }))
      return absl::InvalidArgumentError(
          fmt::format("input \"{}\" is not one of the plan's: it takes {}",
                      SafeText(CutText(given, kMostOfName)), Accepted(arguments)));
  return absl::OkStatus();
}

// By its own name, else by a usual one; null if it was not given.
const Tensor* FindInput(const Argument& argument, const NamedTensors& inputs) {
  if (auto own = inputs.find(argument.name); own != inputs.end()) return &own->second;
  for (const auto& [name, tensor] : inputs)
    if (Names(name, argument)) return &tensor;
  return nullptr;
}

absl::StatusOr<int> ProgramFor(const plan::Plan& plan, size_t tokens) {
  std::vector<uint32_t> buckets;
  bool exact = false;
  for (int i = 0; i < plan.programs_size(); ++i) {
    const plan::Program& program = plan.programs(i);
    buckets.push_back(program.sequence_length());
    exact |= program.exact_length();
    if (program.exact_length() ? buckets.back() == tokens : buckets.back() >= tokens) return i;
  }
  if (exact)
    return absl::InvalidArgumentError(fmt::format(
        "{} tokens cannot be padded: results of this model depend on padding, so inputs "
        "have exactly {} tokens: compile with --seq-len={}",
        tokens, fmt::join(buckets, " or "), tokens));
  return absl::InvalidArgumentError(
      fmt::format("{} tokens do not fit: the plan has buckets of {} tokens: shorten the input or "
                  "compile with a longer "
                  "--seq-len",
                  tokens, fmt::join(buckets, ", ")));
}

// What stands for an input that was not given.
absl::StatusOr<Ints> Default(const Argument& argument, size_t count, size_t whole) {
  if (argument.role == InputRole::kOther || argument.role == InputRole::kIds)
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is missing", argument.name));
  Ints values(argument.role == InputRole::kPositions ? whole : count,
              argument.role == InputRole::kMask ? 1 : 0);
  if (argument.role == InputRole::kPositions) std::iota(values.begin(), values.end(), 0);
  return values;
}

absl::StatusOr<std::variant<Floats, Ints>> OfType(const Argument& argument, const Tensor& tensor) {
  if (argument.type == plan::F32) {
    if (const auto* floats = std::get_if<Floats>(&tensor.values)) return *floats;
    const Ints& ints = std::get<Ints>(tensor.values);
    return Floats(ints.begin(), ints.end());
  }
  if (const auto* ints = std::get_if<Ints>(&tensor.values)) return *ints;
  Ints values;
  for (float x : std::get<Floats>(tensor.values)) {
    if (!(std::abs(x) < 16777216) || x != std::trunc(x))
      return absl::InvalidArgumentError(
          fmt::format("input \"{}\" has {}, integers are needed", argument.name, x));
    values.push_back(static_cast<int64_t>(x));
  }
  return values;
}

// What picks a row of a table does not count from its end.
bool IsOfRows(InputRole role) {
  return role == InputRole::kIds || role == InputRole::kTypes || role == InputRole::kPositions;
}

// Masks that are no masks, rows that are none, and numbers that are none.
absl::Status CheckValues(const Argument& argument, const std::variant<Floats, Ints>& given) {
  return std::visit(
      [&](const auto& values) {
        for (const auto x : values) {
          if (argument.role == InputRole::kMask && x != 0 && x != 1)
            return absl::InvalidArgumentError(
                fmt::format("input \"{}\" has {}: 1 keeps a token, 0 drops it", argument.name, x));
          if (IsOfRows(argument.role) && x < 0)
            return absl::InvalidArgumentError(fmt::format(
                "input \"{}\" has {}: numbers from 0 on are possible", argument.name, x));
          if (!std::isfinite(static_cast<double>(x)))
            return absl::InvalidArgumentError(
                fmt::format("input \"{}\" has {}, which is no number", argument.name, x));
        }
        return absl::OkStatus();
      },
      given);
}

// Of inputs that are taken as they are.
absl::Status CheckRows(const std::vector<Argument>& arguments, const NamedTensors& inputs) {
  for (const Argument& argument : arguments)
    if (const Tensor* given = FindInput(argument, inputs); given && IsOfRows(argument.role))
      MPCC_RETURN_IF_ERROR(CheckValues(argument, given->values));
  return absl::OkStatus();
}

absl::StatusOr<Tensor> Padded(const Argument& argument, const NamedTensors& given, int64_t length,
                              int64_t tokens) {
  const bool other = argument.role == InputRole::kOther;
  const size_t count = CountOfTokens(argument.shape, length, other ? length : tokens);
  const size_t whole = CountOfTokens(argument.shape, length, length);
  Tensor tensor;
  if (const Tensor* found = FindInput(argument, given)) {
    tensor = *found;
  } else {
    MPCC_ASSIGN_OR_RETURN(tensor.values, Default(argument, count, whole));
  }
  MPCC_ASSIGN_OR_RETURN(tensor.values, OfType(argument, tensor));
  MPCC_RETURN_IF_ERROR(CheckValues(argument, tensor.values));
  tensor.shape.assign(argument.shape.begin(), argument.shape.end());
  absl::Status problem = absl::OkStatus();
  std::visit(
      [&](auto& values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if (values.size() != count && values.size() != whole)
          problem = absl::InvalidArgumentError(
              fmt::format("input \"{}\" has {} values for {} tokens, {} are needed", argument.name,
                          values.size(), tokens, count));
        else if (values.size() == count && !other)
          values = PadTokens(values, argument.shape, length, tokens,
                             argument.role == InputRole::kPositions && !values.empty()
                                 ? values.back()
                                 : static_cast<T>(argument.pad));
      },
      tensor.values);
  MPCC_RETURN_IF_ERROR(problem);
  return tensor;
}

}  // namespace

absl::StatusOr<BucketedInputs> FitToBucket(const plan::Plan& plan, const NamedTensors& inputs) {
  const std::vector<Argument> first = InputsOf(plan.programs(0));
  const Argument* ids = FindIds(first);
  if (!ids || plan.programs(0).sequence_length() == 0) {
    MPCC_RETURN_IF_ERROR(CheckRows(first, inputs));
    return BucketedInputs{0, inputs};
  }
  MPCC_RETURN_IF_ERROR(CheckNames(first, inputs));
  const Tensor* given = FindInput(*ids, inputs);
  if (!given || !std::holds_alternative<Ints>(given->values))
    return absl::InvalidArgumentError(fmt::format(
        "input \"{}\" is missing or has other numbers than integers: give token ids", ids->name));
  const auto tokens = static_cast<int64_t>(std::get<Ints>(given->values).size());
  if (tokens == 0)
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is empty", ids->name));
  MPCC_ASSIGN_OR_RETURN(const int program, ProgramFor(plan, tokens));
  BucketedInputs bucketed{program, {}};
  const int64_t length = plan.programs(program).sequence_length();
  for (const Argument& argument : InputsOf(plan.programs(program))) {
    MPCC_ASSIGN_OR_RETURN(bucketed.inputs[argument.name], Padded(argument, inputs, length, tokens));
  }
  return bucketed;
}

}  // namespace mpcc::session
