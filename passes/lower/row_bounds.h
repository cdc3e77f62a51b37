// SPDX-License-Identifier: Apache-2.0
// What the values of a network cannot exceed on any input: bounds that follow from parameters, from
// the algebra of normalizations and softmax, and from quantizers that clip.
#ifndef MPCC_PASSES_LOWER_ROW_BOUNDS_H_
#define MPCC_PASSES_LOWER_ROW_BOUNDS_H_

#include <optional>
#include <unordered_map>

#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/analysis/truth.h"
#include "passes/lower/row_set.h"

namespace mpcc {

// The sets of real and quantized values of a function, each found when it is first asked for, with
// those that it follows from. A quantizer moves a value as far as a private run may. Its ends bound
// it, unless these are guessed themselves (nn.guessed_scales on the function). Costs a few
// operations for each parameter, scores of attention far more.
class RowBounds {
 public:
  // Quantizers of at most `table_bits` bits clip in a private run; wider ones do not, and of values
  // behind them no more is assumed than that the file does not clip them either.
  RowBounds(mlir::func::FuncOp function, int table_bits);

  // Null where nothing is known.
  const RowSet* Of(mlir::Value value) const;
  // How far a private run's rounding takes a value: a step where a table rounds, else half of one
  // and an index step. Nothing is further from zero than twice the value.
  double RoundingOf(nn::QuantizeOp op) const;
  // Whether a private run may clip here.
  bool Clips(nn::QuantizeOp op) const;
  // The largest magnitude, with room for what the representation of a private run adds.
  std::optional<double> MagnitudeOf(mlir::Value value) const;
  // Of how many values a set was looked for.
  size_t count() const { return sets_.size(); }

 private:
  void FindWith(mlir::Operation* op) const;
  std::optional<RowSet> Find(mlir::Operation* op) const;

  bool ends_known_;
  int table_bits_;
  TruthAnalysis truths_;
  // Results of operations; none where nothing is known. Entries stay where they are.
  mutable std::unordered_map<mlir::Operation*, std::optional<RowSet>> sets_;
};

// The largest magnitude of products of rows of two linear layers of balls (queries and keys), by
// the spectrum of their weights; nothing where the operands are something else.
std::optional<double> BoundOfScores(nn::MatMulOp op, const RowBounds& known);

// The set of a linear layer, without its bias, of sums of values by probabilities (the context of
// attention), each head by the spectrum of its own weights; nothing where the input is no such sum.
std::optional<RowSet> SetBehindAttention(nn::LinearOp op, const RowBounds& known);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_ROW_BOUNDS_H_
