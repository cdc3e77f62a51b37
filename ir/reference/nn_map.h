// SPDX-License-Identifier: Apache-2.0
// The function that an nn.map applies to every element.
#ifndef MPCC_IR_REFERENCE_NN_MAP_H_
#define MPCC_IR_REFERENCE_NN_MAP_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/nn/nn.h"

namespace mpcc::nn {

// What a body of elementwise ops computes from one number. Reals are rounded to f32 after each op,
// booleans are 0 or 1, quantized values their storage integers. Independent of the IR once made;
// calls are not thread-safe.
class ScalarFunction {
 public:
  // INVALID_ARGUMENT if a constant has no elements, or an op no meaning on one number.
  static absl::StatusOr<ScalarFunction> Of(MapOp op);

  double operator()(double x) const;

 private:
  using Step = std::function<double(const std::vector<double>&)>;

  absl::Status Add(mlir::Operation& op, const llvm::DenseMap<mlir::Value, size_t>& numbers);

  std::vector<Step> steps_;  // step i computes number i + 1; number 0 is the argument
  size_t result_ = 0;
  mutable std::vector<double> numbers_;
};

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_MAP_H_
