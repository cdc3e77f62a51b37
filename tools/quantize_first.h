// SPDX-License-Identifier: Apache-2.0
// From a float model to plans in one step.
#ifndef MPCC_TOOLS_QUANTIZE_FIRST_H_
#define MPCC_TOOLS_QUANTIZE_FIRST_H_

#include <string>

#include "absl/status/status.h"
#include "tools/model_options.h"

namespace mpcc {

// Of the model that QuantizeFirst leaves beside the plans: the model owner's, as P0's plan is.
inline constexpr char kQuantizedModel[] = "quantized.onnx";

struct QuantizeFirstOptions {
  bool asked = false;     // --quantize
  std::string calibrate;  // a file of sample inputs
  std::string folder;     // for the plans; "" if there will be none
};

// If it is asked for, or a model's folder was named whose file is float and there are inputs,
// writes the model into the plans' folder with static 8-bit quantizers, as `mpcc quantize` does,
// and puts it in the model's place. INVALID_ARGUMENT where inputs or a folder are missing; ABORTED
// where the compiler said what is wrong.
absl::Status QuantizeFirst(ModelOptions& model, const QuantizeFirstOptions& options);

}  // namespace mpcc

#endif  // MPCC_TOOLS_QUANTIZE_FIRST_H_
