// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_policy.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <variant>

#include "passes/policy/policy_keys.h"
#include "passes/policy/softmax_widths.h"
#include "passes/policy/widths.h"
#include "tools/policy_options.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

struct Options {
  PolicyOptions policy;
  std::vector<int> bits = {2, 3, 4, 5, 6, 7, 8};
  std::vector<int> rows = {128};
  bool json = false;
};

Json KeysToJson(const LoweringPolicy& policy) {
  Json keys;
  LoweringPolicy copy = policy;
  for (const PolicyKey& key : PolicyKeys()) {
    const auto field = key.field(copy);
    if (auto* const* value = std::get_if<int*>(&field))
      keys[key.name] = **value;
    else if (auto* const* number = std::get_if<double*>(&field))
      keys[key.name] = **number;
    else
      keys[key.name] = key.ValueOf(policy);
  }
  return keys;
}

// The least and the largest of each number.
Json BoundsToJson() {
  Json bounds;
  for (const PolicyKey& key : PolicyKeys())
    if (key.least < key.most) bounds[key.name] = {key.least, key.most};
  return bounds;
}

// How a quantized operand is read; steps are those of its quantizer.
Json OperandToJson(const LoweringPolicy& policy, int bits) {
  const int index = ValueIndexBits(policy, bits);
  return {{"bits", bits},
          {"index_bits", index},
          {"index_reach", std::ldexp(1.0, index - 1)},
          {"function_index_bits", FunctionIndexBits(policy, bits)}};
}

Json WindowsToJson(const WindowWidths& w) {
  return {{"levels", w.levels}, {"index_bits", w.index}, {"gap", w.gap}};
}

// Scores in nats, their margin included.
Json SoftmaxToJson(const LoweringPolicy& policy, int bits, int row) {
  const SoftmaxWidths w = WidthsForSoftmax(policy, bits, row);
  const double octave = std::log(2.0);
  return {{"bits", bits},
          {"row", row},
          {"index_bits", w.index},
          {"index_step", std::ldexp(octave, -w.steps_log2)},
          {"largest_score", LargestScore(w) * octave},
          {"safe_score", SafeScore(w) * octave},
          {"levels", w.levels},
          {"level", w.level_octaves * octave},
          {"sum_ring", w.sum_ring},
          {"windows", WindowsToJson(w.windows)}};
}

Json ToJson(const Options& options) {
  const LoweringPolicy& policy = options.policy.policy();
  Json operands = Json::array(), softmax = Json::array();
  for (int bits : options.bits) {
    operands.push_back(OperandToJson(policy, bits));
    for (int row : options.rows) softmax.push_back(SoftmaxToJson(policy, bits, row));
  }
  return {{"policy", KeysToJson(policy)},
          {"bounds", BoundsToJson()},
          {"operands", operands},
          {"softmax", softmax}};
}

std::string Changed(const LoweringPolicy& policy) {
  std::string text;
  for (const std::string& difference : Differences(policy)) text += difference + "\n";
  return text;
}

void Print(const Options& options) {
  const LoweringPolicy& policy = options.policy.policy();
  if (options.json)
    fmt::print("{}\n", ToJson(options).dump());
  else
    fmt::print("{}{}", PolicyTable(), Changed(policy).empty() ? "" : "\n" + Changed(policy));
}

}  // namespace

void AddPolicyCommand(CLI::App& app, int&) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "policy", "list what the lowering decides by, or what holds for some bits and rows");
  options->policy.AddTo(command);
  command.add_flag("--json", options->json, "the values, and widths that follow from them");
  command.add_option("--bits", options->bits, "bits of activations, separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1, 16));
  command.add_option("--rows", options->rows, "lengths of softmax rows, separated by commas")
      ->delimiter(',')
      ->check(CLI::Range(1, 4096));
  command.callback([options] { Print(*options); });
}

}  // namespace mpcc
