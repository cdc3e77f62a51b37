// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_CALIBRATE_H_
#define MPCC_TOOLS_MPCC_CALIBRATE_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "tools/model_options.h"

namespace mpcc {

struct CalibrateOptions {
  ModelOptions model;
  std::string inputs;  // a file of samples
  std::string output;

  void AddTo(CLI::App& command);
  // With the file that `output` leads to; nothing, after a message, where it is none.
  std::optional<CalibrateOptions> WithFile() const;
};

// Writes the model with the ranges that its tensors take on the inputs; a dynamically quantized one
// with static scales too. False, after messages, if it cannot.
bool Calibrate(const CalibrateOptions& options);

// `mpcc calibrate model.onnx --inputs ids.jsonl -o OUT`: the file with the ranges that its tensors
// take on these inputs, in place of those that it has.
void AddCalibrateCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_CALIBRATE_H_
