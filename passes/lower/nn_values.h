// SPDX-License-Identifier: Apache-2.0
// Questions about nn values: constants, functions, structure.
#ifndef MPCC_PASSES_LOWER_NN_VALUES_H_
#define MPCC_PASSES_LOWER_NN_VALUES_H_

#include <optional>
#include <vector>

#include "ir/nn/nn.h"
#include "passes/lower/tables.h"

namespace mpcc {

// The real values of a constant, row-major, and the step of which all are integer multiples when
// one scale serves the whole tensor.
struct RealConstant {
  std::vector<double> values;
  std::vector<int64_t> shape;
  std::optional<double> step;
};
mlir::FailureOr<RealConstant> ReadConstant(mlir::Value value);

// round(values / unit)
std::vector<int64_t> InUnits(const std::vector<double>& values, double unit);

// True for reshape, transpose and slice: ops that only move elements.
bool IsStructural(mlir::Operation* op);

// The largest sequence of structural ops above `value`, outermost last, and what they start from.
struct Chain {
  mlir::Value base;
  std::vector<mlir::Operation*> ops;
};
Chain StructuralChain(mlir::Value value);
// True for the ops whose result is a function of one real, element by element.
bool IsFunction(mlir::Operation* op);
// The float meaning of such an op; a failure has been reported.
mlir::FailureOr<RealFunction> FunctionOf(mlir::Operation* op);

llvm::ArrayRef<int64_t> ExtentsOf(mlir::Value value);

// Multiplies each element by the factor of its column, if there are any.
void ScaleColumns(std::vector<double>& values, const std::vector<double>& columns);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_NN_VALUES_H_
