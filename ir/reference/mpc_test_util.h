// SPDX-License-Identifier: Apache-2.0
// For tests of the mpc interpreter: programs from text, random tensors, runs that must succeed.
#ifndef MPCC_IR_REFERENCE_MPC_TEST_UTIL_H_
#define MPCC_IR_REFERENCE_MPC_TEST_UTIL_H_

#include <random>
#include <string>
#include <vector>

#include "ir/reference/mpc_interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace mpcc::reference {

// A parsed and verified module; its diagnostics fail the test.
class Program {
 public:
  explicit Program(const std::string& text);

  mlir::func::FuncOp Function(llvm::StringRef name = "main");

  // Outputs of @main; a failure fails the test and gives none.
  Outputs Run(const std::vector<LocalTensor>& inputs, const RunOptions& options);
  // The first result as ring elements. Random mode.
  Ring RunRandom(const std::vector<LocalTensor>& inputs, uint64_t seed);
  // The same as signed representatives. Ideal mode.
  std::vector<int64_t> RunIdeal(const std::vector<LocalTensor>& inputs);

 private:
  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
};

using Random = std::mt19937_64;

// Any integers of the ring.
Ring RandomRing(Random& random, size_t count, int width);
std::vector<int64_t> RandomIntegers(Random& random, size_t count, int64_t low, int64_t high);
Shape RandomShape(Random& random, size_t rank, int64_t most = 4);

LocalTensor TensorOf(Shape shape, const Ring& elements);
LocalTensor TensorOf(Shape shape, const std::vector<int64_t>& elements);

// "2x3", "!mpc.add<2x3, 8>" and "mpc.constant dense<[..]> : .. : !mpc.private<..>".
std::string Text(ShapeRef shape);
std::string ShareText(const char* kind, ShapeRef shape, int width);
std::string ConstantText(ShapeRef shape, int width, const Ring& elements);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_TEST_UTIL_H_
