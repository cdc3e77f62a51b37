// SPDX-License-Identifier: Apache-2.0
// What the values of a network take over given inputs: their ends, and how much of them lies beyond
// the quantizers that read them.
#ifndef MPCC_IR_REFERENCE_NN_MEASURE_H_
#define MPCC_IR_REFERENCE_NN_MEASURE_H_

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/nn/nn.h"
#include "ir/reference/tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::nn {

// Elements of at least this magnitude stand for infinity in an additive mask, and bound nothing.
inline constexpr float kUnbounded = 1e30f;

// Ends of the elements below kUnbounded in magnitude; min > max where there were none.
struct Extent {
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();

  bool empty() const { return min > max; }
  float Magnitude() const { return empty() ? 0 : std::max(std::abs(min), std::abs(max)); }
  void Merge(const Extent& other);
};

// Elements (below kUnbounded) that a quantizer reads, and those that it clips.
struct Clipping {
  int64_t elements = 0, beyond = 0;

  double Share() const { return elements ? double(beyond) / double(elements) : 0; }
  void Merge(const Clipping& other);
};

struct Measurement {
  llvm::DenseMap<mlir::Value, Extent> extents;           // of f32 results of operations
  llvm::DenseMap<mlir::Operation*, Clipping> clippings;  // of nn.quantize
  // Of nn.softmax: the least that the largest score of a row was. The largest number of a row's
  // mask is nothing.
  llvm::DenseMap<mlir::Operation*, float> least_maxima;

  void Merge(const Measurement& other);
};

// What the quantizer clips of `values`, its input. Elements that `mask`, if any, takes below the
// lower end by itself do not count: they are of positions that are left out.
Clipping ClippingOf(QuantizeOp op, const Tensor::Floats& values,
                    const Tensor::Floats* mask = nullptr);

struct MeasureOptions {
  // Called after each input with how many are done, by one thread at a time.
  std::function<void(size_t done, size_t all)> progress;
  // How errors call input i; "input i" if it is not given.
  std::function<std::string(size_t)> name;
  bool clippings = true;  // else extents alone
};

// Runs the function on every list of arguments, as many at a time as the context has threads.
// INVALID_ARGUMENT, naming the input, where RunNn fails.
absl::StatusOr<Measurement> Measure(mlir::func::FuncOp function,
                                    llvm::ArrayRef<std::vector<Tensor>> inputs,
                                    const MeasureOptions& options = {});

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_MEASURE_H_
