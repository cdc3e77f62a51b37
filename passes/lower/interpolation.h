// SPDX-License-Identifier: Apache-2.0
// Public functions of one real by lines (docs/lowering.md, "Functions before a quantizer"). All
// here is in the plans of every party: it sees the function and the policy, and no number of a
// model.
#ifndef MPCC_PASSES_LOWER_INTERPOLATION_H_
#define MPCC_PASSES_LOWER_INTERPOLATION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mlir/IR/Operation.h"
#include "passes/lower/tables.h"

namespace mpcc {

// Lines, one for each cell of the operand; the first one and the last go on to where it ends. In
// cell t, -2^(cells - 1) <= t < 2^(cells - 1), with an operand x in steps of 2^-fraction,
// f(x) is about (slopes[t] x + intercepts[t]) / 2^(fraction + slope_bits).
struct Interpolation {
  int fraction = 0;
  int cell = 0;                             // log2 of the steps of a cell
  int cells = 0;                            // log2 of their number
  int slope_bits = 0;                       // of a slope after the point
  int values = 0;                           // log2 of what f(x) reaches near 0
  std::vector<int64_t> slopes, intercepts;  // by cell, modulo 2^cells
  double error = 0;                         // the largest, operands in whole steps

  // At an operand in steps.
  double At(int64_t x) const;
};

// As few lines as are close enough for a quantizer of `bits` bits; nothing where there are none,
// because the function has jumps or poles or grows faster than its operand.
std::optional<Interpolation> Interpolate(const RealFunction& f, int bits,
                                         const LoweringPolicy& policy);

// Those of operations. Layers have the same functions: each is worked out once.
class Interpolations {
 public:
  // The policy must outlive this.
  explicit Interpolations(const LoweringPolicy& policy) : policy_(policy) {}

  // That of an operation that computes a function of one real, where the function is public: its
  // kind, or a body without constants and quantizers.
  const std::optional<Interpolation>& Of(mlir::Operation* op, int bits);

 private:
  const LoweringPolicy& policy_;
  std::map<std::pair<std::string, int>, std::optional<Interpolation>> known_;  // by text and bits
};

// Bits in which the operand is read: a sign, a spare one for mpc.lift, and those of its reach.
int OperandBitsOf(const Interpolation& lines, const LoweringPolicy& policy);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_INTERPOLATION_H_
