// SPDX-License-Identifier: Apache-2.0
// Operands of products, from their types and the operations around them: nothing here looks at a
// number that is private.
#ifndef MPCC_PASSES_LOWER_SITES_H_
#define MPCC_PASSES_LOWER_SITES_H_

#include "ir/nn/nn.h"
#include "passes/lower/interpolation.h"
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

// Whether a private run rounds and clips as this quantizer does where its result is read as a real.
bool RoundsReals(const LoweringPolicy& policy, nn::QuantizeOp op);

// The ring in which a sum of `width` bits is computed: that of a product among its terms, else with
// bits that keep what is rounded apart from what is read.
int RingOfTerms(const LoweringPolicy& policy, mlir::Value first, mlir::Value second, int width);

// The quantizer whose steps a real is, behind reshapes and dequantizers, where a private run rounds
// it.
nn::QuantizeOp StepsBehind(const LoweringPolicy& policy, mlir::Value real);

// The bits of the index of a function's table: those of its operand's steps, which it holds all, or
// `otherwise`.
int IndexBitsOf(const LoweringPolicy& policy, mlir::Operation* function, int otherwise);

// The ring in which a quantizer's steps, times a private integer, are a real that is read in
// `width` bits: in one unit it must tell that integer apart from the real factor.
int RingOfSteps(const LoweringPolicy& policy, nn::QuantizeOp op, int width, bool exact);

// A row that is whole steps of a quantizer, of which sums, squares and products are integers.
struct StepRow {
  nn::QuantizeOp quantizer;  // null where the row is no such
  int width = 0;             // holds a step, and what lifts it
  int magnitude = 0;         // of n times an element less the mean: below 2^magnitude
  int ring = 0;              // holds the variance in steps of what reads it, and bits below
  int fold = 0;  // bits below a step that an element times a row's number is computed to
};
StepRow StepRowOf(const LoweringPolicy& policy, mlir::Value row);

// The row whose variance a real is, but for numbers that are added; null if it is none.
mlir::Value RowOfVariance(mlir::Value real);

// The bits in which a quantizer reads a row's variance, a row times a number of its variance, or,
// of few bits, a normalized row. 0 for every other real.
int RowIndexBits(const LoweringPolicy& policy, const Source& source);

// Of a place that reads a function: what its types say, and of a public function how many lines
// give it.
SiteFacts FunctionFacts(const LoweringPolicy& policy, const Source& source,
                        Interpolations& interpolations);

// Bits of a quantized type, or those of a value that the model leaves real.
struct OperandBits {
  int bits = 0;
  int magnitude = 0;  // |q - zero point| <= 2^magnitude
  bool is_unsigned = false;
};
OperandBits BitsOf(const LoweringPolicy& policy, mlir::Value operand);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_SITES_H_
