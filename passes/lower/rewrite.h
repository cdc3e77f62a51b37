// SPDX-License-Identifier: Apache-2.0
// Demands to mpc operations: one function for each form.
#ifndef MPCC_PASSES_LOWER_REWRITE_H_
#define MPCC_PASSES_LOWER_REWRITE_H_

#include <map>
#include <tuple>

#include "llvm/ADT/DenseMap.h"
#include "passes/lower/demands.h"
#include "passes/lower/emitter.h"

namespace mpcc {

// What a demand is made as: one share, but of a normalized row two.
using Values = llvm::SmallVector<mlir::Value, 2>;

struct Rewriter {
  const LoweringPolicy& policy;
  Emitter& emit;
  llvm::DenseMap<const Demand*, Values> made{};
  // P1's shares of masks, by mask, width and fraction.
  std::map<std::tuple<void*, int, int64_t>, mlir::Value> masks{};

  // The share behind an operand of a demand.
  mlir::Value In(const Demand& demand, size_t operand = 0) const {
    return made.at(demand.operands[operand].demand).front();
  }
  // x / 2^s in the top `width` bits, s being the bits below: to the nearest, half up. The paper's
  // rounds at random.
  mlir::Value Top(mlir::Value x, int width) const;
  // x and what the demand wants to be added to it, in the ring of x.
  mlir::Value Offset(mlir::Value x, const Demand& demand) const;
};

// f(x) for unsigned x in the whole ring of `x`, read exactly through overlapping windows. f is
// public: it must not depend on a private number.
mlir::Value Windows(Rewriter& rewriter, mlir::Value x, WindowWidths widths, int width,
                    const TableFunction& f);

Values RewriteLinear(const Demand& demand, Rewriter& rewriter);
Values RewriteMatMul(const Demand& demand, Rewriter& rewriter);
Values RewriteMasked(const Demand& demand, Rewriter& rewriter);
Values RewritePlusConstant(const Demand& demand, Rewriter& rewriter);
Values RewriteSum(const Demand& demand, Rewriter& rewriter);
Values RewriteNormalized(const Demand& demand, Rewriter& rewriter);
Values RewriteLayerNorm(const Demand& demand, Rewriter& rewriter);
Values RewriteStepRow(const Demand& demand, Rewriter& rewriter);
Values RewriteVariance(const Demand& demand, Rewriter& rewriter);
Values RewriteStandardize(const Demand& demand, Rewriter& rewriter);
Values RewriteMean(const Demand& demand, Rewriter& rewriter);
Values RewriteUnitVector(const Demand& demand, Rewriter& rewriter);
Values RewriteFunction(const Demand& demand, Rewriter& rewriter);
Values RewriteRequantized(const Demand& demand, Rewriter& rewriter);
Values RewriteTabulated(const Demand& demand, Rewriter& rewriter);
Values RewriteLines(const Demand& demand, Rewriter& rewriter);
Values RewriteSaturated(const Demand& demand, Rewriter& rewriter);
Values RewriteSoftmax(const Demand& demand, Rewriter& rewriter);
Values RewriteSoftmaxByPaper(const Demand& demand, Rewriter& rewriter);

// Makes all demands at the end of their function, reveals its results and marks what is numbered.
void Rewrite(const Demands& demands, const LoweringPolicy& policy, mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_REWRITE_H_
