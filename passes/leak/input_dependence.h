// SPDX-License-Identifier: Apache-2.0
// Which elements of a program's values depend on P1's input, element by element. A revealed element
// that does not is a function of the model alone: a weight, or an entry of a table.
#ifndef MPCC_PASSES_LEAK_INPUT_DEPENDENCE_H_
#define MPCC_PASSES_LEAK_INPUT_DEPENDENCE_H_

#include <cstdint>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Forward dataflow. Operations on shares, and those of P1 that move elements or work on each alone,
// are followed exactly; any other result of P1 depends as a whole if an operand does in part. What
// depends by its formula may still be constant by its numbers, except for a difference of equals
// and a product with zero: see revealed_tail.h.
class InputDependence {
 public:
  // REQUIRES: one block.
  explicit InputDependence(mlir::func::FuncOp function);

  // Every element of `value` depends on an argument.
  bool IsWhole(mlir::Value value) const;

  using Marks = std::vector<uint8_t>;  // one per element: 1 if it depends
  Marks Of(mlir::Value value) const;

 private:
  Marks ResultOf(mlir::Operation* op) const;
  bool Any(mlir::Value value) const;

  // Nearly all values depend wholly or not at all: those have no marks of their own.
  struct Dependence {
    bool whole = false;
    Marks mixed;
  };
  Dependence Compute(mlir::Operation* op) const;

  llvm::DenseMap<mlir::Value, Dependence> known_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_INPUT_DEPENDENCE_H_
