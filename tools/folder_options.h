// SPDX-License-Identifier: Apache-2.0
// A model's folder where an ONNX file may stand.
#ifndef MPCC_TOOLS_FOLDER_OPTIONS_H_
#define MPCC_TOOLS_FOLDER_OPTIONS_H_

#include "absl/status/status.h"
#include "tools/model_options.h"

namespace mpcc {

// If the path is a folder, puts the ONNX file that is meant in its place, and what modules.json
// has behind the network into the options that are not given: results, pooling and length. What is
// given counts; where it contradicts the folder, a warning says so. `told` gets what was found.
// INVALID_ARGUMENT where no file can be chosen, or a module that mpcc does not add is asked for.
absl::Status TakeFolder(ModelOptions& options);

}  // namespace mpcc

#endif  // MPCC_TOOLS_FOLDER_OPTIONS_H_
