// SPDX-License-Identifier: Apache-2.0
// What is decided about a value before an operation is created (demands.h), and read when it is
// (rewrite.h).
#ifndef MPCC_PASSES_LOWER_DEMAND_H_
#define MPCC_PASSES_LOWER_DEMAND_H_

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>
#include <vector>

#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"
#include "passes/lower/interpolation.h"
#include "passes/lower/tables.h"
#include "passes/policy/policy.h"
#include "passes/policy/softmax_widths.h"

namespace mpcc {

// What a consumer asks for: an additive share of `width` bits. With `exact` the unit must be met
// (to within 2^-8 of a rounding step); otherwise the producer may return a coarser one.
// `columns`, if any, multiplies each element by the factor of its last index, and `offset` is added
// to it after that; producers fold both into their own constants.
struct Want {
  int width;
  double unit;
  bool exact = false;
  const std::vector<double>* columns = nullptr;
  // A real number, as is the value; 0 is not the same as none, which is public.
  std::optional<double> offset = std::nullopt;
  // Whether the unit is that of a result, given whatever the range is: values may be small in it.
  bool given = false;

  // In a ring that is wider, of which the top bits are read.
  double UnitIn(int ring) const { return std::ldexp(unit, width - ring); }
  std::vector<double> Columns() const { return columns ? *columns : std::vector<double>(); }
  // The largest magnitude of a factor.
  double LargestColumn() const {
    double largest = columns ? 0.0 : 1.0;
    for (double factor : Columns()) largest = std::max(largest, std::abs(factor));
    return largest;
  }
};

// How a value is made of those that it reads.
enum class Form {
  kShared,  // P1's plaintext
  kScaled,  // a shared one in a private unit
  kMoved,   // reshape, transpose, slice
  kConcatenated,
  kLinear,
  kMatMul,
  kMasked,  // times P1's zeros and ones
  kPlusConstant,
  kSum,
  kNormalized,  // a row without its mean, and its 1/sqrt
  kLayerNorm,
  kStepRow,      // a row of whole steps, lifted
  kVariance,     // of such a row
  kStandardize,  // such a row without its mean, times a number of each row; or far off
  kMean,
  kFunction,
  kRequantized,  // an index, to a quantizer's integers, by a table (of the paper)
  kTabulated,    // an index, to those of a function of it, by tables of their bits
  kLines,        // a public function of it, by lines
  kSaturated,    // held between a quantizer's ends, in its steps
  kSoftmax,
  kSoftmaxByPaper,
  kUnitVector,
  kResult
};

struct Demand;

// Integers X that stand for the reals X * unit. Only P0 knows the unit.
struct Given {
  const Demand* demand = nullptr;
  double unit = 1;
};

struct NormDetails {
  WindowWidths windows;
  int bits;          // of v, the sum of squares that numerator / sqrt(v) is read of
  int precision;     // a row times that is 2^precision times the normalized one
  double numerator;  // public
  double epsilon;    // in the units of v
};

struct StepDetails {
  int index;                          // bits that are read
  int64_t least, most;                // ends of what is stored
  std::optional<int64_t> zero;        // what is stored for 0, where that is private
  std::vector<int64_t> factors = {};  // of the steps, in the ring: none, one, or one a column
};

struct LinesDetails {
  Interpolation lines;
  std::vector<int64_t> factors;  // of all columns, or one
};

struct SoftmaxDetails {
  SoftmaxWidths widths;
  double range;  // of the scores, in octaves
};

struct Demand {
  Form form;
  mlir::Location loc;  // of the operations that are created
  mlir::Value value;   // of nn
  std::vector<Given> operands = {};
  int ring = 0;                       // in which it is computed
  int width = 0;                      // the top bits that are read
  double unit = 1;                    // of the integers in the ring
  std::vector<double> columns = {};   // factors, to be folded into constants
  std::optional<double> offset = {};  // to be added, in the same way
  std::optional<Quantizer> quantizer = {};
  std::optional<int> subtrahend = {};  // the operand of a difference that is subtracted
  RealFunction function = {};
  std::variant<std::monostate, NormDetails, StepDetails, LinesDetails, SoftmaxDetails> details = {};
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_DEMAND_H_
