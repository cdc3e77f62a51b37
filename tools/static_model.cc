// SPDX-License-Identifier: Apache-2.0
#include "tools/static_model.h"

#include <fmt/format.h>

#include "frontend/onnx_reader.h"
#include "frontend/onnx_writer.h"
#include "passes/lower/random_inputs.h"
#include "tools/progress_line.h"
#include "tools/reporter.h"
#include "tools/sample_values.h"

namespace mpcc {
namespace {

constexpr unsigned kRandomInputs = 16, kSeed = 1;  // for each length

Calibration CalibrateOnRandom(const std::vector<ImportOptions>& lengths) {
  Calibration calibration;
  calibration.lengths = lengths;
  calibration.count = kRandomInputs * lengths.size();
  calibration.arguments = [](mlir::func::FuncOp function, size_t, Problems&) {
    std::vector<Arguments> arguments;
    for (unsigned i = 0; i < kRandomInputs; ++i)
      arguments.push_back(RandomInputs(function, i, kSeed));
    return arguments;
  };
  return calibration;
}

// Fixed shapes alone: the lengths are those of the samples.
ImportOptions WithoutLength(ImportOptions options) {
  options.seq_len.reset();
  return options;
}

std::optional<QuantizeReport> Quantize(mlir::MLIRContext& context, const Calibration& calibration,
                                       onnx::ModelProto& model, int bits, Problems& problems) {
  std::optional<QuantizeReport> report;
  if (problems.empty()) report = QuantizeModel(context, calibration, model, bits, problems);
  EmitProblems(context, problems);
  return report;
}

}  // namespace

bool IsDynamic(const std::string& path) {
  Problems problems;
  const auto model = ReadOnnx(path, problems);
  return model && HasFreeQuantizers(*model);
}

bool FreezeDynamic(mlir::MLIRContext& context, const std::string& path, const std::string& samples,
                   std::vector<ImportOptions>& buckets) {
  Problems problems;
  auto model = ReadOnnx(path, problems);
  if (!model || !HasFreeQuantizers(*model)) return true;  // the import says what is wrong
  Calibration calibration =
      samples.empty()
          ? CalibrateOnRandom(buckets)
          : CalibrateOnChecked(samples, *model, WithoutLength(buckets.front()), problems);
  ProgressLine line("freezing quantizers");
  calibration.progress = [&](size_t done) { line.Update(done, calibration.count); };
  const auto report = Quantize(context, calibration, *model, kFrozenBits, problems);
  if (!report) return false;
  // Where values may wrap for it, the lowering warns.
  ProgressLine::StepAside();
  fmt::print(stderr, "{} dynamic quantizers frozen by calibration on {} {}inputs{}\n",
             report->dynamic, calibration.count, samples.empty() ? "random " : "",
             samples.empty() ? ": those that will be asked fit better (--calibrate, or mpcc "
                               "calibrate)"
                             : "");
  auto read = std::make_shared<const onnx::ModelProto>(*std::move(model));
  for (ImportOptions& bucket : buckets) {
    bucket.read = read;
    bucket.guessed_scales = samples.empty();
  }
  return true;
}

std::optional<QuantizeReport> WriteStatic(mlir::MLIRContext& context, const ModelOptions& options,
                                          const std::string& samples, const std::string& output,
                                          int bits) {
  Problems problems;
  const auto buckets = options.Buckets();
  if (!buckets) return std::nullopt;
  auto model = ReadOnnx(options.path, problems);
  if (!model) return EmitProblems(context, problems), std::nullopt;
  Calibration calibration =
      CalibrateOnChecked(samples, *model, WithoutLength(buckets->front()), problems);
  ProgressLine line("quantizing");
  calibration.progress = [&](size_t done) { line.Update(done, calibration.count); };
  const auto report = Quantize(context, calibration, *model, bits, problems);
  if (!report) return std::nullopt;
  const bool written = WriteOnnx(*model, "", output, problems);
  EmitProblems(context, problems);
  return written ? report : std::nullopt;
}

}  // namespace mpcc
