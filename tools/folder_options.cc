// SPDX-License-Identifier: Apache-2.0
#include "tools/folder_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "frontend/file_facts.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

// The vector of a text, where optimum exports all modules into the file.
constexpr char kSentence[] = "sentence_embedding";
// The vectors of tokens that sentence-transformers pools, by the names that exporters give them.
constexpr const char* kTokens[] = {"last_hidden_state", "token_embeddings"};

void Warn(const ModelFolder& folder, const std::string& what) {
  fmt::print(stderr, "warning: {}: {}\n", folder.path, what);
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of the results that are asked for, those with a vector for each token.
std::vector<std::string> TokenResults(const FileFacts& facts,
                                      const std::vector<std::string>& asked) {
  std::vector<std::string> names;
  for (const OutputFacts& output : facts.outputs)
    if (output.rank.value_or(3) == 3 && output.name != kSentence &&
        (asked.empty() || Has(asked, output.name)))
      names.push_back(output.name);
  return names;
}

// The one that is pooled; all where that is for the user to say.
std::vector<std::string> Pooled(const std::vector<std::string>& tokens) {
  for (const char* name : kTokens)
    if (Has(tokens, name)) return {name};
  return tokens;
}

// "max pooling", "Dense" and so on: what modules.json has and mpcc does not add.
std::vector<std::string> NotAdded(const ModelFolder& folder) {
  std::vector<std::string> names;
  if (!folder.pooling.empty() && !IsPooling(folder.pooling))
    names.push_back(folder.pooling + " pooling");
  names.insert(names.end(), folder.others.begin(), folder.others.end());
  return names;
}

// What modules.json says and the options do not.
absl::Status TakeModules(ModelOptions& options, const ModelFolder& folder) {
  if (const auto left_out = NotAdded(folder); !left_out.empty()) {
    const std::string found = fmt::format("modules.json has {}", fmt::join(left_out, ", "));
    if (options.pool.empty())
      return absl::InvalidArgumentError(fmt::format(
          "{}: {}, which the ONNX file does not have; accepted: mean, mean_sqrt_len_tokens and cls "
          "pooling, Normalize, or a file with a result {}; remedy: export the whole model "
          "(optimum-cli export onnx "
          "--library sentence_transformers), or say with --pool what the plans reveal",
          folder.path, found, kSentence));
    Warn(folder,
         fmt::format("{}, which is left out, since --pool={} is asked for", found, options.pool));
  } else if (!options.pool.empty() && !folder.pooling.empty() && options.pool != folder.pooling) {
    Warn(folder, fmt::format("modules.json has {} pooling, and --pool={} counts", folder.pooling,
                             options.pool));
  }
  if (options.pool.empty()) options.pool = folder.pooling;
  if (options.normalize && *options.normalize != folder.normalizes)
    Warn(folder, fmt::format("modules.json has {}, and --{}normalize counts",
                             folder.normalizes ? "Normalize" : "no Normalize",
                             *options.normalize ? "" : "no-"));
  if (!options.normalize && options.pool != kNoPooling) options.normalize = folder.normalizes;
  options.told.push_back(fmt::format("pooling of tokens: {}{}", options.pool,
                                     options.normalize.value_or(false) ? ", length 1" : ""));
  return absl::OkStatus();
}

// What of the file is revealed, if modules follow the network.
absl::Status TakeResults(ModelOptions& options, const ModelFolder& folder) {
  const auto facts = FactsOf(options.path);
  if (!facts || !folder.has_modules()) return absl::OkStatus();  // the import says what is wrong
  const auto is_sentence = [](const OutputFacts& output) { return output.name == kSentence; };
  const bool whole = std::any_of(facts->outputs.begin(), facts->outputs.end(), is_sentence);
  if (whole && options.results.empty() && options.pool.empty()) options.results = {kSentence};
  const std::vector<std::string> tokens = TokenResults(*facts, options.results);
  if (tokens.empty()) {
    options.told.push_back(fmt::format("what modules.json has is taken to be in the file{}",
                                       whole ? fmt::format(": {}", kSentence) : ""));
    return absl::OkStatus();
  }
  if (options.results.empty()) options.results = Pooled(tokens);
  return TakeModules(options, folder);
}

void WarnOfLengths(const ModelOptions& options, const ModelFolder& folder) {
  if (!folder.longest || options.seq_lens.empty()) return;
  const int64_t most = *std::max_element(options.seq_lens.begin(), options.seq_lens.end());
  if (most > *folder.longest)
    Warn(folder, fmt::format("sentence_bert_config.json cuts texts at {} tokens, and --seq-len={} "
                             "takes longer ones, whose vectors sentence-transformers would not "
                             "give",
                             *folder.longest, most));
}

}  // namespace

absl::Status TakeFolder(ModelOptions& options) {
  if (!IsFolder(options.path)) {
    if (options.file.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        fmt::format("{} is no folder; accepted: --file with a model's folder; remedy: name the "
                    "file alone",
                    options.path));
  }
  MPCC_ASSIGN_OR_RETURN(ModelFolder folder, ReadModelFolder(options.path));
  MPCC_ASSIGN_OR_RETURN(options.path, ChooseModel(folder, options.file));
  options.told.push_back(fmt::format("model: {}", options.path));
  if (options.pools) MPCC_RETURN_IF_ERROR(TakeResults(options, folder));
  WarnOfLengths(options, folder);
  options.folder = std::move(folder);
  return absl::OkStatus();
}

}  // namespace mpcc
