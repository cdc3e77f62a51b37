// SPDX-License-Identifier: Apache-2.0
// Operands of products, from their types and the operations around them: nothing here looks at a
// number that is private.
#ifndef MPCC_PASSES_LOWER_SITES_H_
#define MPCC_PASSES_LOWER_SITES_H_

#include "ir/nn/nn.h"
#include "passes/policy/constructions.h"

namespace mpcc {

// An elementwise product or quotient with one factor per column, or one for all.
struct ColumnScale {
  mlir::Value real, factors;
  bool divides = false;
};
// Nothing where `value` is no such product.
std::optional<ColumnScale> MatchColumnScale(mlir::Value value);

// Where a quantized operand comes from.
struct Source {
  mlir::Value quantized;  // in front of reshapes and dequantizers; real if nothing quantizes it
  mlir::Value real;       // what its quantizer reads, in front of reshapes
  mlir::Value inner;      // `real` without a column scale
  mlir::Value below;      // `real` without a ReLU that its quantizer does itself
};
Source SourceOf(mlir::Value operand);

// What the ReLU reads behind which `real` is, if the quantizer's own lower end does the same.
mlir::Value BelowSaturation(mlir::Value real, bool starts_at_zero);

// The ring in which a sum of `width` bits is computed: that of a product among its terms, else with
// bits that keep what is rounded apart from what is read.
int RingOfTerms(mlir::Value first, mlir::Value second, int width);

// Of a place that reads a function: what its types say, and of a public function how many lines
// give it.
SiteFacts FunctionFacts(const LoweringPolicy& policy, const Source& source);

// Bits of a quantized type, or those of a value that the model leaves real.
struct OperandBits {
  int bits = 0;
  int magnitude = 0;  // |q - zero point| <= 2^magnitude
  bool is_unsigned = false;
};
OperandBits BitsOf(const LoweringPolicy& policy, mlir::Value operand);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_SITES_H_
