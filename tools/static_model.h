// SPDX-License-Identifier: Apache-2.0
// Models whose quantizers get their scales here: dynamically quantized ones, and float ones.
#ifndef MPCC_TOOLS_STATIC_MODEL_H_
#define MPCC_TOOLS_STATIC_MODEL_H_

#include <string>
#include <vector>

#include "frontend/quantize/quantize.h"
#include "mlir/IR/MLIRContext.h"
#include "tools/model_options.h"

namespace mpcc {

// Where activations of the file are quantized dynamically, gives them scales from the samples of a
// file, or, with a warning, from random inputs if `samples` is empty; and lets every bucket import
// the result. Says on stderr what was done. False, after errors of the context, if it cannot.
bool FreezeDynamic(mlir::MLIRContext& context, const std::string& path, const std::string& samples,
                   std::vector<ImportOptions>& buckets);

// Whether the file can be read and has dynamic quantizers.
bool IsDynamic(const std::string& path);

// Reads a float or dynamically quantized model and writes it quantized statically, activations to
// `bits`, with scales from samples. Nothing, after errors of the context, if it cannot.
std::optional<QuantizeReport> WriteStatic(mlir::MLIRContext& context, const ModelOptions& options,
                                          const std::string& samples, const std::string& output,
                                          int bits);

}  // namespace mpcc

#endif  // MPCC_TOOLS_STATIC_MODEL_H_
