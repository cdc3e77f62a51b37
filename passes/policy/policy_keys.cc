// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/policy_keys.h"

#include <charconv>
#include <cmath>

#include "fmt/format.h"

namespace mpcc {
namespace {

using Field = PolicyKey::Field;
using Policy = LoweringPolicy;

constexpr struct {
  LoweringKind kind;
  const char* name;
} kKinds[] = {{LoweringKind::kDefault, "default"}, {LoweringKind::kPaper, "paper"}};

constexpr bool kShown = true, kHidden = false;

// The field that a chain of members leads to.
template <auto... members>
Field At(Policy& policy) {
  return &(policy.*....*members);
}

const PolicyKey kKeys[] = {
    {"lowering", kShown, 0, 0, "the compiler's own constructions, or those of the source design",
     At<&Policy::kind>},
    {"net-rtt", kShown, 0, 100, "seconds of a round trip between P1 and P2, for choices by cost",
     At<&Policy::network, &NetworkProfile::round_trip_seconds>},
    {"net-bw", kShown, 1e3, 1e15, "bits a second between P1 and P2, each way",
     At<&Policy::network, &NetworkProfile::online_bits_per_second>},
    {"net-dealt-bw", kShown, 1e3, 1e15, "bits a second that P0 deals and P2 receives and reads",
     At<&Policy::network, &NetworkProfile::offline_bits_per_second>},
    // Operands of products.
    {"table-bits", kShown, 0, 8, "activations of at most so many bits have zero point 0",
     At<&Policy::table_bits>},
    {"extra-index-bits", kShown, 0, 6,
     "index bits of a function before such an activation, beyond its own and one of headroom",
     At<&Policy::extra_index_bits>},
    {"headroom-bits", kShown, 1, 6,
     "bits above a quantizer's own in which what it reads saturates, one more of a LayerNorm "
     "before "
     "at most 'table-bits'; beyond them it wraps",
     At<&Policy::headroom_bits>},
    {"fold-bits", kShown, 3, 12,
     "bits of an accumulator below an index, beyond those that rounded constants add up to",
     At<&Policy::fold_bits>},
    {"narrow-fold-bits", kShown, 3, 12,
     "the same of a product by weights, below an index of at most 'table-bits' + 'headroom-bits'",
     At<&Policy::narrow_fold_bits>},
    {"rounded-bits", kShown, 0, 16,
     "quantizers of at most so many bits round where their result is read as a real; others are "
     "left "
     "out there",
     At<&Policy::rounded_bits>},
    {"function-width", kShown, 8, 20,
     "bits between the paper's table of a function and the one that requantizes it, before the two "
     "are fused",
     At<&Policy::function_width>},
    {"function-lines", kShown, 0, 1,
     "functions before a quantizer may be computed by lines; with 0 all have tables",
     At<&Policy::function_lines>},
    {"function-reach", kShown, 3, 12,
     "log2 of how far the operand of a function reaches that is computed by lines",
     At<&Policy::function_reach>},
    {"function-precision", kShown, 3, 10,
     "such a function and its operand are 2^-this of a quantizer's usual step near",
     At<&Policy::function_precision>},
    {"real-bits", kShown, 6, 14, "bits of activations that the model leaves unquantized",
     At<&Policy::real_bits>},
    {"read-by-bits", kShown, 0, 1,
     "bits of a function may be found modulo 2, in a round of their own, before they enter the "
     "ring",
     At<&Policy::reads, &ReadPolicy::by_bits>},
    {"read-by-digits", kShown, 0, 1,
     "what saturates may be read by digits, and a staircase's top digit by halves; with 0 each by "
     "one vector",
     At<&Policy::reads, &ReadPolicy::by_digits>},
    {"leading-joined", kShown, 1, 4,
     "digits of a borrow that the last polynomial of a function of leading bits joins, at most",
     At<&Policy::reads, &ReadPolicy::leading_joined>},
    // Row normalizations.
    {"norm-narrow-bits", kShown, 0, 16,
     "what is normalized for quantizers of more bits, or for none, has the wide widths below",
     At<&Policy::norm_narrow_bits>},
    {"norm-width", kShown, 14, 20, "bits in which a row of a LayerNorm is opened",
     At<&Policy::norm_width>},
    {"wide-norm-width", kShown, 14, 20, "the same, wide", At<&Policy::wide_norm_width>},
    {"norm-ring", kShown, 24, 64, "ring of the normalized row", At<&Policy::norm_ring>},
    {"wide-norm-ring", kShown, 24, 64, "the same, wide", At<&Policy::wide_norm_ring>},
    {"rsqrt-floor", kShown, 2, 12, "the smallest 1/sqrt has so many bits",
     At<&Policy::rsqrt_floor>},
    {"wide-rsqrt-floor", kShown, 2, 12, "the same, wide", At<&Policy::wide_rsqrt_floor>},
    {"row-width", kShown, 14, 20,
     "bits in which rows are opened for an L2 norm or a mean, and that products before any row "
     "keep",
     At<&Policy::row_width>},
    {"norm-window-levels", kShown, 1, 8, "windows that read 1/sqrt of a variance",
     At<&Policy::norm_windows, &WindowWidths::levels>},
    {"norm-window-index", kShown, 6, 12, "index bits of each",
     At<&Policy::norm_windows, &WindowWidths::index>},
    {"norm-window-gap", kShown, 1, 5, "octaves from one to the next",
     At<&Policy::norm_windows, &WindowWidths::gap>},
    {"wide-norm-window-levels", kShown, 1, 8, "windows of a wide row",
     At<&Policy::wide_norm_windows, &WindowWidths::levels>},
    {"wide-norm-window-index", kShown, 6, 12, "the same, index bits",
     At<&Policy::wide_norm_windows, &WindowWidths::index>},
    {"wide-norm-window-gap", kShown, 1, 5, "the same, octaves",
     At<&Policy::wide_norm_windows, &WindowWidths::gap>},
    {"output-norm-window-levels", kShown, 1, 8, "windows that read 1/sqrt of a result's square",
     At<&Policy::output_norm_windows, &WindowWidths::levels>},
    {"output-norm-window-index", kShown, 6, 12, "index bits of each",
     At<&Policy::output_norm_windows, &WindowWidths::index>},
    {"output-norm-window-gap", kShown, 1, 5, "octaves from one to the next",
     At<&Policy::output_norm_windows, &WindowWidths::gap>},
    {"pool-fraction", kShown, 8, 20, "fraction bits of P1's pooling weights",
     At<&Policy::pool_fraction>},
    {"exact-pool-width", kShown, 16, 32,
     "bits in which rows are opened whose mean is asked for in one unit",
     At<&Policy::exact_pool_width>},
    // Softmax.
    {"softmax-longest-row", kShown, 1, 2048, "longest row that is taken",
     At<&Policy::softmax, &SoftmaxPolicy::longest_row>},
    {"softmax-bound", kShown, 0, 1000,
     "what scores stay below, declared public (--public-bound softmax=..): they saturate beyond "
     "it; "
     "0 for none",
     At<&Policy::softmax, &SoftmaxPolicy::bound>},
    {"softmax-narrow-bits", kShown, 0, 16,
     "activations of at most so many bits have the narrow widths below",
     At<&Policy::softmax, &SoftmaxPolicy::narrow_bits>},
    {"softmax-digit-octaves-log2", kShown, 2, 3, "log2 of the octaves of a score's low digit",
     At<&Policy::softmax, &SoftmaxPolicy::digit_octaves_log2>},
    {"softmax-lowest-maximum", kShown, 0, 32,
     "the levels see a row whose largest score lies so many octaves below zero",
     At<&Policy::softmax, &SoftmaxPolicy::lowest_maximum>},
    {"softmax-table-row", kShown, 0, 512,
     "the levels of rows up to this are read by dealt tables, which save a round",
     At<&Policy::softmax, &SoftmaxPolicy::table_row>},
    {"softmax-steps-log2", kShown, 5, 8, "log2 of a score's steps per octave",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::steps_log2>},
    {"softmax-narrow-steps-log2", kShown, 5, 8, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::steps_log2>},
    {"softmax-high-bits", kShown, 5, 10, "bits of its high digit",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::high_bits>},
    {"softmax-narrow-high-bits", kShown, 5, 10, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::high_bits>},
    {"softmax-levels", kShown, 1, 24, "levels of a row's largest score",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::levels>},
    {"softmax-narrow-levels", kShown, 1, 24, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::levels>},
    {"softmax-level-digits", kShown, 1, 3, "low digits that a level covers",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::level_digits>},
    {"softmax-narrow-level-digits", kShown, 1, 3, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::level_digits>},
    {"softmax-fraction", kShown, 4, 10,
     "octaves, beside log2 of the row, that terms of its sum are kept below a level",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::fraction>},
    {"softmax-narrow-fraction", kShown, 4, 10, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::fraction>},
    {"softmax-mantissa", kShown, 5, 10, "bits of such a term after its first one",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::mantissa>},
    {"softmax-narrow-mantissa", kShown, 5, 10, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::mantissa>},
    {"softmax-window-index", kShown, 6, 12,
     "bits of the windows that read the logarithm of the sum",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::window_index>},
    {"softmax-narrow-window-index", kShown, 6, 12, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::window_index>},
    {"softmax-window-gap", kShown, 1, 5, "octaves from one such window to the next",
     At<&Policy::softmax, &SoftmaxPolicy::wide, &SoftmaxResolution::window_gap>},
    {"softmax-narrow-window-gap", kShown, 1, 5, "the same, narrow",
     At<&Policy::softmax, &SoftmaxPolicy::narrow, &SoftmaxResolution::window_gap>},
    // Inputs and results.
    {"input-fraction", kShown, 8, 20, "fraction bits of reals that P1 shares",
     At<&Policy::input_fraction>},
    {"input-ring", kShown, 40, 64, "ring in which private scales are applied to them",
     At<&Policy::input_ring>},
    {"real-ring", kShown, 32, 64,
     "ring of results, and of products of operands that the model leaves in float",
     At<&Policy::real_ring>},
    {"logit-fraction", kShown, 8, 28, "fraction bits of results", At<&Policy::logit_fraction>},
    {"mean-fraction", kShown, 8, 28, "fraction bits of results that are means over tokens",
     At<&Policy::mean_fraction>},
    {"output-fraction", kShown, 8, 18, "fraction bits of a result of length one",
     At<&Policy::output_fraction>},
    // Ranges.
    {"range-margin", kHidden, 1, 8,
     "ranges are widened by this factor before they are fitted into a ring",
     At<&Policy::range_margin>},
    {"function-headroom", kHidden, 1, 8,
     "the index of a function's table reaches so many times further",
     At<&Policy::function_headroom>},
    {"guess-margin", kHidden, 1, 8, "the margin of ranges that were measured on random inputs",
     At<&Policy::guess_margin>},
    {"row-spread", kHidden, 1, 64,
     "so many times wider than its range a row of row-width bits may become for what no input "
     "exceeds",
     At<&Policy::row_spread>},
    {"operand-spread", kHidden, 1, 64, "the same of an operand that no quantizer reads",
     At<&Policy::operand_spread>},
    {"scores-below-guess", kHidden, 0, 64,
     "octaves that a wide margin leaves for rows of scores whose largest is far below zero",
     At<&Policy::scores_below_guess>},
};

std::string Text(const int* value) { return fmt::format("{}", *value); }
std::string Text(const double* value) { return fmt::format("{}", *value); }
std::string Text(const LoweringKind* value) { return kKinds[static_cast<int>(*value)].name; }

template <typename Number>
bool Read(std::string_view text, const PolicyKey& key, Number* value) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if (!(number >= key.least && number <= key.most)) return false;
  *value = number;
  return true;
}

bool Read(std::string_view text, const PolicyKey&, LoweringKind* value) {
  for (const auto& [kind, name] : kKinds)
    if (text == name) return *value = kind, true;
  return false;
}

absl::Status Refused(const std::string& found, const std::string& accepted,
                     const std::string& remedy) {
  return absl::InvalidArgumentError(
      fmt::format("{}; accepted: {}; remedy: {}", found, accepted, remedy));
}

}  // namespace

std::span<const PolicyKey> PolicyKeys() { return kKeys; }

std::string PolicyKey::Accepted() const {
  LoweringPolicy any;
  if (std::holds_alternative<LoweringKind*>(field(any))) return "default or paper";
  return fmt::format("{:g} to {:g}", least, most);
}

std::string PolicyKey::ValueOf(const LoweringPolicy& policy) const {
  LoweringPolicy copy = policy;
  return std::visit([](auto* value) { return Text(value); }, field(copy));
}

absl::Status SetPolicyKey(LoweringPolicy& policy, std::string_view name, std::string_view value) {
  for (const PolicyKey& key : kKeys) {
    if (name != key.name) continue;
    if (std::visit([&](auto* field) { return Read(value, key, field); }, key.field(policy)))
      return absl::OkStatus();
    return Refused(fmt::format("policy {}={}", name, value), key.Accepted(),
                   fmt::format("leave it out for {}", key.ValueOf(LoweringPolicy())));
  }
  return Refused(fmt::format("policy key '{}'", name), "the keys that 'mpcc policy' lists",
                 "write key=value, separated by commas");
}

absl::Status SetPolicyKey(LoweringPolicy& policy, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return SetPolicyKey(policy, assignment, "");
  return SetPolicyKey(policy, assignment.substr(0, equals), assignment.substr(equals + 1));
}

std::vector<std::string> Differences(const LoweringPolicy& policy) {
  std::vector<std::string> found;
  for (const PolicyKey& key : kKeys)
    if (const std::string value = key.ValueOf(policy); value != key.ValueOf(LoweringPolicy()))
      found.push_back(fmt::format("{}={}", key.name, value));
  return found;
}

std::string PolicyTable() {
  std::string table =
      "| key | default | accepted | plans show it | what it is |\n|---|---|---|---|---|\n";
  for (const PolicyKey& key : kKeys)
    table += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, key.ValueOf(LoweringPolicy()),
                         key.Accepted(), key.shown ? "yes" : "no", key.meaning);
  return table;
}

}  // namespace mpcc
