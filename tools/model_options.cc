// SPDX-License-Identifier: Apache-2.0
#include "tools/model_options.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "tools/folder_options.h"

namespace mpcc {
namespace {

const std::map<std::string, Pooling> kPoolings = {{"mean", Pooling::kMean},
                                                  {"mean_sqrt_len_tokens", Pooling::kRoot},
                                                  {"cls", Pooling::kFirst},
                                                  {kNoPooling, Pooling::kNone}};

constexpr int kLongest = 1 << 16;  // tokens, beyond those of any encoder; messages name it

}  // namespace

bool IsPooling(const std::string& name) { return kPoolings.count(name) > 0; }

void ModelOptions::AddTo(CLI::App& command) {
  command
      .add_option("model", path,
                  "ONNX file (.onnx, or .onnxtxt in ONNX's text form), or a model's folder as "
                  "sentence-transformers and transformers keep it")
      ->required();
  command.add_option("--file", file, "the ONNX file of the folder, if it has several");
  command.parse_complete_callback([this] {
    const absl::Status taken = TakeFolder(*this);
    if (taken.ok()) return;
    fmt::print(stderr, "error: {}\n", std::string(taken.message()));
    throw CLI::RuntimeError(1);
  });
  // One argument each, so that the model may follow.
  command.add_option("--shape", shapes, "shape of an input, for example input_ids=1x128")
      ->allow_extra_args(false);
  command
      .add_option("--seq-len", seq_lens, "sequence lengths, one bucket each, for example 16,64,128")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, kLongest));
  command.add_flag("--verbose", verbose,
                   "tell everything of which otherwise each kind or what is suspect is told");
  command.add_option("--pad-id", pad_id,
                     "token id that pads (the one that the graph compares ids with, else 0)");
  command
      .add_option("--result", results,
                  "an output of the file that is revealed, once for each; all if not given")
      ->allow_extra_args(false);
}

void ModelOptions::AddPoolingTo(CLI::App& command) {
  pools = true;
  command
      .add_option(
          "--pool", pool,
          "pool the vectors of tokens in private: their mean over the mask, their sum by the "
          "root of how many they are, the first one (cls), or reveal all (none)")
      ->check(CLI::IsMember(kPoolings));
  CLI::Option* yes = command.add_flag_callback(
      "--normalize", [this] { normalize = true; },
      "bring each vector that is revealed to length 1");
  command
      .add_flag_callback(
          "--no-normalize", [this] { normalize = false; },
          "leave vectors as they are where the model's folder says --normalize")
      ->excludes(yes);
}

void ModelOptions::AddDigitsTo(CLI::App& command) {
  command
      .add_option(
          "--digits", digits,
          fmt::format("decimal digits after the point to which results are revealed, or all "
                      "bits of their ring: 3, all, NAME=2 for one result ({})",
                      kUsualDigits))
      ->delimiter(',')
      ->allow_extra_args(false);
}

std::optional<std::vector<ImportOptions>> ModelOptions::Buckets() const {
  ImportOptions base;
  base.pad_id = pad_id;
  base.results = results;
  if (!pool.empty()) base.pooling = kPoolings.at(pool);
  base.normalize = normalize.value_or(false);
  const auto parsed = ParseDigits(digits);
  if (!parsed.ok()) {
    fmt::print(stderr, "error: --digits is {}\n", std::string(parsed.status().message()));
    return std::nullopt;
  }
  base.digits = *parsed;
  for (const std::string& text : shapes) {
    auto shape = ParseShape(text);
    if (!shape) {
      fmt::print(stderr,
                 "error: --shape is '{}'; accepted: an input's name and its extents, such as "
                 "input_ids=1x128; remedy: correct --shape\n",
                 text);
      return std::nullopt;
    }
    base.shapes.insert(*shape);
  }
  if (seq_lens.empty()) return std::vector{base};
  std::vector<ImportOptions> buckets;
  std::set<int64_t> known;  // a length that is given twice is one bucket
  for (int64_t length : seq_lens) {
    if (!known.insert(length).second) continue;
    buckets.push_back(base);
    buckets.back().seq_len = length;
  }
  return buckets;
}

}  // namespace mpcc
