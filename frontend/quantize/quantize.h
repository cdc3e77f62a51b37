// SPDX-License-Identifier: Apache-2.0
// Static quantization of a model: weights of linear layers int8 per output channel, their inputs
// unsigned with a zero point, probabilities unsigned, queries, keys and values signed. What is
// quantized in the file already stays; integers of weights stay exact.
#ifndef MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_
#define MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_

#include <optional>

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

// Of activations: in a file that any reader of ONNX takes, and in place of dynamic quantizers.
// Those fit their step to each input, and attention is real beside them: two more bits make up for
// one step for all inputs. They are written as Quant of QONNX, since ONNX has no types for them.
inline constexpr int kFileBits = 8, kFrozenBits = 10;

// Gives every product that is to be quantized its quantizers, with scales from the calibration, and
// drops range entries of tensors that are gone. `model` is one that PrepareModel made. Nothing,
// with problems, if it cannot be run or nothing in it can be quantized.
std::optional<QuantizeReport> QuantizeModel(mlir::MLIRContext& context,
                                            const Calibration& calibration, onnx::ModelProto& model,
                                            int bits, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_QUANTIZE_QUANTIZE_H_
