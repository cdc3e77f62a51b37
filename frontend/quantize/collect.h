// SPDX-License-Identifier: Apache-2.0
// What arrives at the sites of a model over calibration inputs.
#ifndef MPCC_FRONTEND_QUANTIZE_COLLECT_H_
#define MPCC_FRONTEND_QUANTIZE_COLLECT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "frontend/calibration.h"
#include "frontend/quantize/sites.h"
#include "mlir/IR/MLIRContext.h"
#include "onnx/onnx_pb.h"

namespace mpcc::quantize {

struct SiteValues {
  std::vector<float> sample;  // of the elements, whole rows of the last axis
  // Largest magnitude of each channel: [batch.., channel], without tokens.
  std::vector<float> peaks;
};

using Values = std::map<std::string, SiteValues>;  // by tensor

// Runs the model on all inputs. Nothing, but problems, if it cannot be imported or run.
std::optional<Values> Collect(mlir::MLIRContext& context, const onnx::ModelProto& model,
                              const Sites& sites, const Calibration& calibration,
                              Problems& problems);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_COLLECT_H_
