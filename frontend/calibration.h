// SPDX-License-Identifier: Apache-2.0
// Inputs on which a model is measured before it has static shapes and scales.
#ifndef MPCC_FRONTEND_CALIBRATION_H_
#define MPCC_FRONTEND_CALIBRATION_H_

#include <functional>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "ir/reference/tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

using Arguments = std::vector<nn::Tensor>;

struct Calibration {
  // Shapes to import for, one function each.
  std::vector<ImportOptions> lengths;
  // The arguments of all inputs that belong to lengths[i], imported as `function`.
  std::function<std::vector<Arguments>(mlir::func::FuncOp function, size_t i, Problems& problems)>
      arguments;
  size_t count = 0;  // inputs altogether
  // Called now and then with how many runs are done; may be empty.
  std::function<void(size_t done)> progress;
};

// The samples of a file, each at its own length; padded to the model's length where that is static.
// `base` gives the shapes that stay. Without samples, and with problems, if the file has none.
Calibration CalibrateOn(const std::string& path, const onnx::ModelProto& model,
                        const ImportOptions& base, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CALIBRATION_H_
