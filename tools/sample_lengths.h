// SPDX-License-Identifier: Apache-2.0
// For which lengths a model is imported to be run on samples.
#ifndef MPCC_TOOLS_SAMPLE_LENGTHS_H_
#define MPCC_TOOLS_SAMPLE_LENGTHS_H_

#include <optional>
#include <vector>

#include "frontend/samples.h"
#include "mlir/IR/MLIRContext.h"
#include "tools/model_options.h"

namespace mpcc {

// The lengths of --seq-len; without it that of a file whose shapes are static, else the samples'
// own, rounded up to multiples of 16. Nothing, after a message, if a shape cannot be read.
std::optional<std::vector<ImportOptions>> LengthsFor(mlir::MLIRContext& context,
                                                     const ModelOptions& options,
                                                     const std::vector<Sample>& samples);

}  // namespace mpcc

#endif  // MPCC_TOOLS_SAMPLE_LENGTHS_H_
