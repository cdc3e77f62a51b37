// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_calibrate.h"

#include <fmt/format.h>

#include <memory>
#include <set>

#include "frontend/onnx_writer.h"
#include "ir/nn/nn.h"
#include "ir/nn/visibility.h"
#include "mlir/IR/Diagnostics.h"
#include "passes/policy/policy.h"
#include "runtime/base/output_file.h"
#include "tools/calibration.h"
#include "tools/load_model.h"
#include "tools/model_options.h"
#include "tools/progress_line.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/sample_lengths.h"
#include "tools/sample_values.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

// The file imported for each length, with its tensors.
struct Imported {
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  std::vector<FuncOp> functions;
  std::vector<ImportedTensors> tensors;
};

bool Import(mlir::MLIRContext& context, const std::string& path,
            const std::vector<ImportOptions>& lengths, Imported& imported) {
  for (const ImportOptions& length : lengths) {
    Problems problems;
    ImportedTensors tensors;
    auto module = ImportOnnxFile(context, path, length, problems, &tensors);
    EmitProblems(context, problems);
    if (!module) return false;
    imported.functions.push_back(*module->getOps<FuncOp>().begin());
    imported.modules.push_back(std::move(module));
    imported.tensors.push_back(std::move(tensors));
  }
  return true;
}

// What P1 computes in the clear has no range, except what the private part reads of it; a
// dequantized or moved value has that of what it comes from.
bool NeedsEntry(mlir::Value value, const nn::VisibilityAnalysis& visibility) {
  mlir::Operation* op = value.getDefiningOp();
  if (!op || llvm::isa<nn::DequantizeOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(op))
    return false;
  return visibility.EntersSecrets(value);
}

std::map<std::string, double> RangesOf(const Imported& imported,
                                       const std::vector<nn::Measurement>& found) {
  std::map<std::string, double> ranges;
  for (size_t f = 0; f < found.size(); ++f) {
    const nn::VisibilityAnalysis visibility(imported.functions[f]);
    for (const auto& [name, value] : imported.tensors[f]) {
      auto extent = found[f].extents.find(value);
      if (extent == found[f].extents.end() || extent->second.empty()) continue;
      if (!NeedsEntry(value, visibility)) continue;
      double& range = ranges[name];
      range = std::max<double>(range, extent->second.Magnitude());
    }
  }
  return ranges;
}

bool CalibrateStatic(const CalibrateOptions& options) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, options.model.verbose);
  Problems problems;
  const std::vector<Sample> samples = ReadSamples(options.inputs, problems);
  const auto buckets = options.model.Buckets();
  if (!problems.empty() || !buckets) return EmitProblems(context, problems), false;
  const auto lengths = LengthsFor(context, options.model.path, *buckets, samples);
  Imported imported;
  if (!Import(context, options.model.path, lengths, imported)) return false;
  MarkExactLength(context, options.model.path, imported.functions, lengths);
  const auto fitted = FitCheckedSamples(imported.functions, samples, options.inputs, problems);
  if (!problems.empty()) return EmitProblems(context, problems), false;
  const auto found = MeasureSamples(imported.functions, fitted, options.inputs);
  if (!found) return false;
  WarnOfClipping(imported.functions, *found, LoweringPolicy().table_bits);
  const auto ranges = RangesOf(imported, *found);
  const bool written = WriteRanges(options.model.path, ranges, options.output, problems);
  EmitProblems(context, problems);
  ProgressLine::StepAside();
  if (written)
    fmt::print("{}: ranges of {} tensors, from {} samples\n", options.output, ranges.size(),
               samples.size());
  return written;
}

// The file with static scales, and then its ranges.
bool CalibrateDynamic(const CalibrateOptions& options) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, options.model.verbose);
  const auto report =
      WriteStatic(context, options.model, options.inputs, options.output, kFrozenBits);
  if (!report) return false;
  ProgressLine::StepAside();
  fmt::print("{}: {} dynamic quantizers frozen\n", options.output, report->dynamic);
  CalibrateOptions ranges = options;
  ranges.model.path = options.output;
  return CalibrateStatic(ranges);
}

}  // namespace

void CalibrateOptions::AddTo(CLI::App& command) {
  model.AddTo(command);
  command
      .add_option("--inputs", inputs,
                  "sample inputs, one JSON object or list of token ids a line (tools/tokenize)")
      ->required();
  command.add_option("-o,--output", output, "the ONNX file to write")->required();
}

std::optional<CalibrateOptions> CalibrateOptions::WithFile() const {
  const auto file = OutputFileOf(output);
  if (!file.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(file.status().message()));
    return std::nullopt;
  }
  CalibrateOptions options = *this;
  options.output = *file;
  return options;
}

bool Calibrate(const CalibrateOptions& given) {
  const auto options = given.WithFile();
  if (!options) return false;
  return IsDynamic(options->model.path) ? CalibrateDynamic(*options) : CalibrateStatic(*options);
}

void AddCalibrateCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CalibrateOptions>();
  CLI::App& command = *app.add_subcommand(
      "calibrate", "write into a model the ranges that its tensors take on inputs");
  options->AddTo(command);
  command.callback([options, &exit_code] {
    const ProgressLine line("calibrating");
    if (!Calibrate(*options)) exit_code = 1;
  });
}

}  // namespace mpcc
