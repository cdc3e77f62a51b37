// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_quantize.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "tools/progress_line.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/static_model.h"

namespace mpcc {

bool Quantize(const CalibrateOptions& given) {
  const auto file = given.WithFile();
  if (!file) return false;
  const CalibrateOptions& options = *file;
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Reporter reporter(context, options.model.verbose);
  const auto report =
      WriteStatic(context, options.model, options.inputs, options.output, kFileBits);
  if (!report) return false;
  ProgressLine::StepAside();
  fmt::print("{}: {} linear layers, {} products of attention, {} activations smoothed\n",
             options.output, report->linears, report->attentions, report->smoothed);
  if (report->dynamic > 0)
    fmt::print("{}: {} dynamic quantizers frozen\n", options.output, report->dynamic);
  reporter.Print();
  CalibrateOptions ranges = options;
  ranges.model.path = options.output;
  return Calibrate(ranges);
}

void AddQuantizeCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CalibrateOptions>();
  CLI::App& command = *app.add_subcommand(
      "quantize", "write a float or dynamically quantized model with static 8-bit quantizers");
  options->AddTo(command);
  command.callback([options, &exit_code] {
    const ProgressLine line("quantizing");
    if (!Quantize(*options)) {
      exit_code = 1;
    } else if (options->model.folder) {
      ProgressLine::StepAside();
      fmt::print(
          "next: mpcc compile {0} --file {1}, so that what follows the network in the folder "
          "counts\n",
          options->model.folder->path, options->output);
    }
  });
}

}  // namespace mpcc
