// SPDX-License-Identifier: Apache-2.0
// Static quantization of a model: weights of linear layers int8 per output channel, their inputs
// uint8 with a zero point, probabilities uint8, queries, keys and values int8. What is quantized in
// the file already stays; integers of weights stay exact.
#ifndef MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_
#define MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_

#include "frontend/calibration.h"
#include "mlir/IR/MLIRContext.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

struct QuantizeReport {
  int dynamic = 0;     // dynamic quantizers that got a scale
  int linears = 0;     // linear layers whose weights became integers
  int attentions = 0;  // products of two computed values that got quantizers
  int smoothed = 0;    // activations that are divided by a row
};

// Whether the model has quantizers without a scale.
bool HasFreeQuantizers(const onnx::ModelProto& model);

// Gives every product that is to be quantized its quantizers, with scales from the calibration, and
// drops range entries of tensors that are gone. `model` is one that PrepareModel made. False, with
// problems, if it cannot be run or nothing in it can be quantized.
bool QuantizeModel(mlir::MLIRContext& context, const Calibration& calibration,
                   onnx::ModelProto& model, QuantizeReport& report, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_
