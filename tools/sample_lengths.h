// SPDX-License-Identifier: Apache-2.0
// For which lengths a model is imported to be run on samples.
#ifndef MPCC_TOOLS_SAMPLE_LENGTHS_H_
#define MPCC_TOOLS_SAMPLE_LENGTHS_H_

#include <vector>

#include "frontend/samples.h"
#include "mlir/IR/MLIRContext.h"
#include "tools/model_options.h"

namespace mpcc {

// `buckets`, if they name lengths or the file is of static shapes; else the samples' own lengths,
// rounded up to multiples of 16 unless results depend on padding.
std::vector<ImportOptions> LengthsFor(mlir::MLIRContext& context, const std::string& path,
                                      const std::vector<ImportOptions>& buckets,
                                      const std::vector<Sample>& samples);

}  // namespace mpcc

#endif  // MPCC_TOOLS_SAMPLE_LENGTHS_H_
