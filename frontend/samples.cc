// SPDX-License-Identifier: Apache-2.0
#include "frontend/samples.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "runtime/base/input_json.h"
#include "runtime/base/token_padding.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<double>;
using mlir::func::FuncOp;

constexpr char kAccepted[] = "{\"input_ids\": [101, 102]}, or a bare list of ids";

Problem AtLine(const std::string& path, int64_t line, const std::string& found,
               const std::string& accepted, const std::string& remedy) {
  return {fmt::format("{}:{}", path, line), "sample", found, accepted, remedy};
}

// Appends the numbers of nested lists; false at anything else.
bool Flatten(const Json& json, Numbers& out) {
  if (json.is_array())
    return std::all_of(json.begin(), json.end(), [&](const Json& x) { return Flatten(x, out); });
  if (json.is_boolean()) {
    out.push_back(json.get<bool>() ? 1 : 0);
    return true;
  }
  if (!json.is_number()) return false;
  out.push_back(json.get<double>());
  return true;
}

int64_t LengthOf(const Sample& sample) {
  size_t longest = 0;
  for (const auto& [name, numbers] : sample.values) {
    if (nn::RoleOfName(name) == nn::kIdsRole) return static_cast<int64_t>(numbers.size());
    longest = std::max(longest, numbers.size());
  }
  return static_cast<int64_t>(longest);
}

// The sample of one line; what is wrong with it if it is none.
std::string ParseLine(const std::string& text, Sample& sample) {
  const auto parsed = ParseInputJson(text);
  if (!parsed.ok()) return std::string(parsed.status().message());
  const Json& json = *parsed;
  if (json.is_discarded()) return "a line that is not JSON";
  if (json.is_array()) {
    if (!Flatten(json, sample.values["input_ids"])) return "a list that does not hold numbers only";
  } else if (json.is_object()) {
    for (const auto& [name, list] : json.items())
      if (!list.is_array() || !Flatten(list, sample.values[name]))
        return fmt::format("'{}', which is not a list of numbers", name);
  } else {
    return "neither an object nor a list";
  }
  sample.length = LengthOf(sample);
  return sample.length == 0 ? "no token ids" : "";
}

mlir::RankedTensorType TypeOf(FuncOp function, unsigned index) {
  return llvm::cast<mlir::RankedTensorType>(function.getArgument(index).getType());
}

std::string NameOf(FuncOp function, unsigned index) {
  auto name = function.getArgAttrOfType<mlir::StringAttr>(index, nn::kNameAttr);
  return name ? name.str() : fmt::format("#{}", index);
}

// The list of a sample for an input: by its name, or by the usual name of its role.
const Numbers* FindNumbers(const Sample& sample, const std::string& name, const std::string& role) {
  if (auto own = sample.values.find(name); own != sample.values.end()) return &own->second;
  for (const auto& [other, numbers] : sample.values)
    if (!role.empty() && nn::RoleOfName(other) == role) return &numbers;
  return nullptr;
}

std::optional<Numbers> Default(const std::string& role, const std::vector<int64_t>& shape,
                               int64_t length, int64_t tokens) {
  if (role.empty() || role == nn::kIdsRole) return std::nullopt;
  Numbers numbers(CountOfTokens(shape, length, tokens), role == nn::kMaskRole ? 1 : 0);
  if (role == nn::kPositionsRole) {
    numbers.resize(CountOfTokens(shape, length, length));
    std::iota(numbers.begin(), numbers.end(), 0);
  }
  return numbers;
}

double Padding(FuncOp function, unsigned index, const std::string& role, const Numbers& numbers) {
  if (role == nn::kPositionsRole && !numbers.empty()) return numbers.back();
  return static_cast<double>(nn::PaddingOf(function, index));
}

// What does not fit about `numbers` for an input, or "".
std::string Misfit(const Numbers& numbers, int64_t needed, mlir::RankedTensorType type) {
  const auto count = static_cast<int64_t>(numbers.size()), size = type.getNumElements();
  if (count != needed && count != size)
    return fmt::format("{} values where {} are needed", count, needed);
  const bool whole = std::all_of(numbers.begin(), numbers.end(),
                                 [](double x) { return std::abs(x) < 9e15 && x == std::trunc(x); });
  return whole || type.getElementType().isF32() ? "" : "numbers that are not integers";
}

std::string Shorten(const std::vector<int64_t>& lines) {
  constexpr size_t kNamed = 8;
  const std::vector<int64_t> first(lines.begin(), lines.begin() + std::min(kNamed, lines.size()));
  return fmt::format("{}{}", fmt::join(first, ", "), lines.size() > kNamed ? ", ..." : "");
}

bool Holds(FuncOp bucket, const Sample& sample) {
  const int64_t length = mpcc::LengthOf(bucket);
  if (bucket->hasAttr(nn::kExactLengthAttr)) return length == sample.length;
  return length >= sample.length || length == 0;
}

// The smallest that holds the sample.
std::optional<size_t> BucketOf(llvm::ArrayRef<FuncOp> buckets, const Sample& sample) {
  std::optional<size_t> best;
  for (size_t b = 0; b < buckets.size(); ++b)
    if (Holds(buckets[b], sample) &&
        (!best || mpcc::LengthOf(buckets[b]) < mpcc::LengthOf(buckets[*best])))
      best = b;
  return best;
}

Problem WithoutBucket(llvm::ArrayRef<FuncOp> buckets, const std::vector<int64_t>& lines,
                      const std::string& path) {
  std::set<int64_t> lengths;
  bool exact = false;
  for (FuncOp bucket : buckets) {
    lengths.insert(mpcc::LengthOf(bucket));
    exact |= bucket->hasAttr(nn::kExactLengthAttr);
  }
  const std::string found =
      fmt::format("{} sample{} of {} (line {})", lines.size(), lines.size() == 1 ? "" : "s",
                  exact ? "other lengths" : "more tokens", Shorten(lines));
  if (exact)
    return {
        path, "samples", found,
        fmt::format("{} tokens: results of this model depend on padding", fmt::join(lengths, ", ")),
        "give samples of these lengths, or name theirs with --seq-len"};
  return {
      path, "samples", found,
      fmt::format("up to {} tokens, the largest bucket", lengths.empty() ? 0 : *lengths.rbegin()),
      "shorten them (tools/tokenize --max-length N --truncate), or add a length to --seq-len"};
}

}  // namespace

std::vector<Sample> ReadSamples(std::istream& lines, const std::string& path, Problems& problems) {
  std::vector<Sample> samples;
  std::string text;
  const size_t before = problems.size();
  for (int64_t line = 1; std::getline(lines, text); ++line) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    Sample sample;
    sample.line = line;
    if (const std::string wrong = ParseLine(text, sample); wrong.empty())
      samples.push_back(std::move(sample));
    else
      problems.push_back(AtLine(path, line, wrong, kAccepted, "correct this line"));
  }
  if (samples.empty() && problems.size() == before)
    problems.push_back(
        {path, "samples", "no samples", "one sample a line", "make the file with tools/tokenize"});
  return samples;
}

std::vector<Sample> ReadSamples(const std::string& path, Problems& problems) {
  std::ifstream file(path);
  if (file) return ReadSamples(file, path, problems);
  problems.push_back(
      {path, "samples", "a file that cannot be opened", "a readable file", "correct the path"});
  return {};
}

int64_t LengthOf(FuncOp function) {
  int64_t first = 0;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    const auto type = TypeOf(function, i);
    if (nn::RoleOf(function, i) == nn::kIdsRole) return type.getNumElements();
    if (first == 0 && !type.getElementType().isF32()) first = type.getNumElements();
  }
  return first;
}

std::optional<std::vector<nn::Tensor>> FitSample(FuncOp function, const Sample& sample,
                                                 const std::string& path, Problems& problems) {
  std::vector<nn::Tensor> inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    const std::string name = NameOf(function, i), role = nn::RoleOf(function, i);
    const auto type = TypeOf(function, i);
    const auto shape = type.getShape().vec();
    const int64_t length = role.empty() ? 0 : LengthOf(function);
    const int64_t needed = CountOfTokens(shape, length, sample.length);
    const Numbers* given = FindNumbers(sample, name, role);
    auto numbers = given ? *given : Default(role, shape, length, sample.length);
    const std::string misfit = numbers ? Misfit(*numbers, needed, type) : "a sample without it";
    if (!misfit.empty()) {
      problems.push_back(AtLine(path, sample.line, fmt::format("input '{}': {}", name, misfit),
                                "one value a token for ids, mask, types and positions, all "
                                "values for other inputs",
                                "correct this line"));
      continue;
    }
    if (static_cast<int64_t>(numbers->size()) == needed)
      numbers =
          PadTokens(*numbers, shape, length, sample.length, Padding(function, i, role, *numbers));
    nn::Tensor tensor{shape, nn::Tensor::Floats(numbers->begin(), numbers->end())};
    if (!type.getElementType().isF32())
      tensor.data = nn::Tensor::Ints(numbers->begin(), numbers->end());
    inputs.push_back(std::move(tensor));
  }
  if (inputs.size() != function.getNumArguments()) return std::nullopt;
  return inputs;
}

std::vector<FittedSamples> FitSamples(llvm::ArrayRef<FuncOp> buckets,
                                      const std::vector<Sample>& samples, const std::string& path,
                                      Problems& problems) {
  std::vector<FittedSamples> fitted(buckets.size());
  std::vector<int64_t> without;
  for (const Sample& sample : samples) {
    const auto best = BucketOf(buckets, sample);
    if (!best) {
      without.push_back(sample.line);
      continue;
    }
    auto inputs = FitSample(buckets[*best], sample, path, problems);
    if (!inputs) continue;
    fitted[*best].inputs.push_back(*std::move(inputs));
    fitted[*best].lines.push_back(sample.line);
    fitted[*best].lengths.push_back(sample.length);
  }
  if (!without.empty()) problems.push_back(WithoutBucket(buckets, without, path));
  return fitted;
}

}  // namespace mpcc
