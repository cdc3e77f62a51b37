// SPDX-License-Identifier: Apache-2.0
// Ranges from the inputs that a user gives.
#ifndef MPCC_TOOLS_CALIBRATION_H_
#define MPCC_TOOLS_CALIBRATION_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/samples.h"
#include "ir/reference/nn_measure.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/policy/policy.h"

namespace mpcc {

// Measures each function on its samples, with progress on stderr. One entry a function; nothing,
// after a message, where a sample cannot be run.
std::optional<std::vector<nn::Measurement>> MeasureSamples(
    llvm::ArrayRef<mlir::func::FuncOp> functions, const std::vector<FittedSamples>& samples,
    const std::string& path);

// Nodes by their names that WarnOfClipping does not tell, and those that a private run leaves out.
struct ClippingNodes {
  std::set<std::string> saturated, left_out;
};

// One warning for all quantizers that the private part reads, of more than `table_bits` bits, that
// clip at least kClippedShare of what they read, and one for those that it leaves out. Without
// `nodes` it is not said what a private run does.
inline constexpr double kClippedShare = 5e-3;
void WarnOfClipping(llvm::ArrayRef<mlir::func::FuncOp> functions,
                    llvm::ArrayRef<nn::Measurement> found, int table_bits,
                    const std::optional<ClippingNodes>& nodes = std::nullopt);

// Where to find a model for lengths that a module does not have.
struct OtherLengths {
  std::string path;       // of the ONNX file
  ImportOptions options;  // of any length
};

// Gives every real value of a canonical module the range that it takes on the samples of a file, or
// the file's own where that is larger; buckets of one model share theirs. A model of exact length
// is run at the samples' own lengths, for which it is imported from `others`. Warns of quantizers
// that clip, also of those that `imported`, the module before it was canonical, has and `module`
// does not, of roundings that are left out, and of answers that hang on roundings. False, after
// messages, if the samples cannot be read or run.
bool CalibrateModule(mlir::ModuleOp module, mlir::ModuleOp imported, const std::string& path,
                     const LoweringPolicy& policy, const std::optional<OtherLengths>& others);

// Without inputs: warns, from a few random ones, of roundings that a private run leaves out.
void ProbeModule(mlir::ModuleOp module, mlir::ModuleOp imported, const LoweringPolicy& policy);

}  // namespace mpcc

#endif  // MPCC_TOOLS_CALIBRATION_H_
