// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/bucket.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/base/status_macros.h"
#include "runtime/plan/layout.h"

namespace mpcc {
namespace {

using Ints = std::vector<int64_t>;

absl::StatusOr<int> ProgramFor(const plan::Plan& plan, size_t tokens) {
  std::vector<uint32_t> buckets;
  for (int i = 0; i < plan.programs_size(); ++i) {
    buckets.push_back(plan.programs(i).sequence_length());
    if (buckets.back() >= tokens) return i;
  }
  return absl::InvalidArgumentError(
      fmt::format("{} tokens do not fit: the plan has buckets of {} tokens: shorten the input or "
                  "compile with a longer "
                  "--seq-len",
                  tokens, fmt::join(buckets, ", ")));
}

// What stands for an input that was not given.
Ints Default(const std::string& name, size_t tokens) {
  return Ints(tokens, name == "attention_mask" ? 1 : 0);
}

absl::StatusOr<Tensor> Padded(const std::string& name, const NamedTensors& given, size_t tokens,
                              const plan::Wire& wire) {
  const auto found = given.find(name);
  if (found != given.end() && !std::holds_alternative<Ints>(found->second.values))
    return found->second;
  const bool optional = name == "attention_mask" || name == "token_type_ids";
  if (found == given.end() && !optional)
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is missing", name));
  Ints values = found == given.end() ? Default(name, tokens) : std::get<Ints>(found->second.values);
  if (values.size() != tokens)
    return absl::InvalidArgumentError(
        fmt::format("input \"{}\" has {} values for {} tokens", name, values.size(), tokens));
  values.resize(ElementCount(wire), 0);
  return Tensor{{wire.shape().begin(), wire.shape().end()}, std::move(values)};
}

}  // namespace

absl::StatusOr<BucketedInputs> FitToBucket(const plan::Plan& plan, const NamedTensors& inputs) {
  if (plan.programs_size() == 1 && plan.programs(0).sequence_length() == 0)
    return BucketedInputs{0, inputs};
  const auto ids = inputs.find("input_ids");
  if (ids == inputs.end() || !std::holds_alternative<Ints>(ids->second.values))
    return absl::InvalidArgumentError("input \"input_ids\" is missing or not a list of integers");
  const size_t tokens = std::get<Ints>(ids->second.values).size();
  if (tokens == 0) return absl::InvalidArgumentError("input \"input_ids\" is empty");
  MPCC_ASSIGN_OR_RETURN(const int program, ProgramFor(plan, tokens));
  BucketedInputs bucketed{program, {}};
  for (const plan::Step& step : plan.programs(program).steps()) {
    if (step.opcode() != plan::LOCAL_ARGUMENT) continue;
    MPCC_ASSIGN_OR_RETURN(
        bucketed.inputs[step.name()],
        Padded(step.name(), inputs, tokens, plan.programs(program).wires(step.outputs(0))));
  }
  return bucketed;
}

}  // namespace mpcc
