// SPDX-License-Identifier: Apache-2.0
// Operators on integers brought into the one form that the importer reads: real operators between
// DequantizeLinear and QuantizeLinear.
#ifndef MPCC_FRONTEND_REWRITE_REWRITE_H_
#define MPCC_FRONTEND_REWRITE_REWRITE_H_

#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// A quantizer whose scale and zero point are still to be chosen: it hands its input on. Domain
// "mpcc", one input, one output. DynamicQuantizeLinear becomes one; frontend/quantize gives it its
// numbers.
inline constexpr char kMpccDomain[] = "mpcc";
inline constexpr char kFreeQuantizer[] = "FreeQuantizer";

// QLinear operators by their definition: the real operator between DequantizeLinear of its operands
// and QuantizeLinear of its result.
void RewriteQOperators(onnx::ModelProto& model, Problems& problems);

// MatMulInteger, MatMulIntegerToFloat and DynamicQuantizeMatMul as MatMul of dequantized operands,
// the scales that follow as Mul taken into the weight, whose integers stay; DynamicQuantizeLinear
// as a free quantizer.
void RewriteIntegerProducts(onnx::ModelProto& model, Problems& problems);

// Gather of an integer table that DequantizeLinear follows, as Gather of the dequantized table.
void RewriteIntegerLookups(onnx::ModelProto& model);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_REWRITE_REWRITE_H_
