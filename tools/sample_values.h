// SPDX-License-Identifier: Apache-2.0
// Samples with the values that a private run takes.
#ifndef MPCC_TOOLS_SAMPLE_VALUES_H_
#define MPCC_TOOLS_SAMPLE_VALUES_H_

#include <optional>
#include <string>
#include <vector>

#include "frontend/calibration.h"
#include "frontend/samples.h"

namespace mpcc {

// The first value that an input of this role does not have: ids, types and positions below zero,
// which would count from the end of a table, and masks that are neither 0 nor 1.
std::optional<double> StrangeValue(const std::vector<double>& values, const std::string& role);

// FitSamples, where each such value is a problem of its line, too.
std::vector<FittedSamples> FitCheckedSamples(llvm::ArrayRef<mlir::func::FuncOp> buckets,
                                             const std::vector<Sample>& samples,
                                             const std::string& path, Problems& problems);

// CalibrateOn, where each such value is a problem of the file, too.
Calibration CalibrateOnChecked(const std::string& path, const onnx::ModelProto& model,
                               const ImportOptions& base, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_TOOLS_SAMPLE_VALUES_H_
