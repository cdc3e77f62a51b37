// SPDX-License-Identifier: Apache-2.0
// Interpreter of the nn dialect: the float meaning of a network, as its ONNX file defines it.
#ifndef MPCC_IR_REFERENCE_NN_INTERPRETER_H_
#define MPCC_IR_REFERENCE_NN_INTERPRETER_H_

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/nn/nn.h"
#include "ir/reference/tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::nn {

// Sees each op of the function with its operands and its result, in order; constants are not shown.
using Observer =
    std::function<void(mlir::Operation*, llvm::ArrayRef<const Tensor*>, const Tensor&)>;

// The constants of functions, read once; for many runs, several at a time.
class ConstantCache {
 public:
  // Valid as long as the cache.
  absl::StatusOr<const Tensor*> Get(ConstantOp constant);

 private:
  std::mutex mutex_;
  llvm::DenseMap<mlir::Operation*, std::unique_ptr<Tensor>> tensors_;
};

// Runs a function whose body is nn ops. INVALID_ARGUMENT, naming argument or op, if the inputs do
// not have the shapes and element kinds of the arguments, an id is outside its table, or an op has
// no nn meaning.
// Without `constants` each constant is read where it is used and not kept.
absl::StatusOr<std::vector<Tensor>> RunNn(mlir::func::FuncOp function, std::vector<Tensor> inputs,
                                          const Observer& observer = nullptr,
                                          ConstantCache* constants = nullptr);

// The result of one nn op (not a constant) on given operands: constant folding.
absl::StatusOr<Tensor> EvaluateNn(mlir::Operation* op, llvm::ArrayRef<const Tensor*> operands);

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_INTERPRETER_H_
