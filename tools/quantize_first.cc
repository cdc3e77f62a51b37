// SPDX-License-Identifier: Apache-2.0
#include "tools/quantize_first.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "frontend/file_facts.h"
#include "frontend/frontend.h"
#include "tools/mpcc_quantize.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

bool IsFloat(const std::string& path) {
  const auto facts = FactsOf(path);
  return facts && !facts->quantized;
}

// Other files of the folder, which may be quantized.
std::string OtherModels(const ModelOptions& model) {
  std::vector<std::string> others;
  for (const std::string& file : model.folder->models)
    if (fs::path(model.folder->path) / file != fs::path(model.path)) others.push_back(file);
  return others.empty() ? "" : fmt::format(", or name another file: --file={}", others.front());
}

absl::Status WhatIsMissing(const ModelOptions& model, const QuantizeFirstOptions& options) {
  if (options.calibrate.empty())
    return absl::InvalidArgumentError(fmt::format(
        "{}: a model to quantize, and no inputs; accepted: inputs like those that will be asked; "
        "remedy: give some with --calibrate{}",
        model.path, model.folder ? OtherModels(model) : ""));
  if (options.folder.empty())
    return absl::InvalidArgumentError(
        fmt::format("{}: a model to quantize, and no folder for plans, where the result is left; "
                    "remedy: name one with --output, or quantize it first: mpcc quantize MODEL "
                    "--inputs ids.jsonl -o OUT",
                    model.path));
  return absl::OkStatus();
}

// Whether lengths and results that are asked for fit, before what takes long; with messages.
bool Fits(const ModelOptions& model) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, model.verbose);
  Problems problems;
  const auto buckets = model.Buckets();
  if (buckets) ImportOnnxFile(context, model.path, buckets->front(), problems);
  EmitProblems(context, problems);
  return buckets && problems.empty();
}

// The whole network: what is pooled and revealed of it is for the plans.
CalibrateOptions WithoutResults(const ModelOptions& model, const QuantizeFirstOptions& options) {
  CalibrateOptions quantize{model, options.calibrate, {}};
  quantize.model.results.clear();
  quantize.model.pool.clear();
  quantize.model.normalize.reset();
  quantize.model.digits.clear();
  quantize.output = (fs::path(options.folder) / kQuantizedModel).string();
  return quantize;
}

}  // namespace

absl::Status QuantizeFirst(ModelOptions& model, const QuantizeFirstOptions& options) {
  const bool is_float = IsFloat(model.path);
  if (!options.asked && (!model.folder || !is_float)) return absl::OkStatus();
  if (const absl::Status missing = WhatIsMissing(model, options); !missing.ok()) return missing;
  if (is_float && !Fits(model)) return absl::AbortedError("");  // dynamic ones fit afterwards
  const CalibrateOptions quantize = WithoutResults(model, options);
  std::error_code failed;
  fs::create_directories(options.folder, failed);
  if (!Quantize(quantize)) return absl::AbortedError("");
  fs::permissions(quantize.output, fs::perms::owner_read | fs::perms::owner_write, failed);
  model.told.push_back(fmt::format("quantized to 8 bits: {}", quantize.output));
  model.path = quantize.output;
  return absl::OkStatus();
}

}  // namespace mpcc
