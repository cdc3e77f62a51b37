// SPDX-License-Identifier: Apache-2.0
// Numbers that no parameter may be.
#ifndef MPCC_FRONTEND_CHECK_CONSTANTS_H_
#define MPCC_FRONTEND_CHECK_CONSTANTS_H_

#include <string>

#include "frontend/problem.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Adds a problem of `name` if elements of a tensor that CheckTensor passes are NaN.
void CheckNaN(const onnx::TensorProto& tensor, const std::string& name, const std::string& op,
              Problems& problems);

// Adds a problem for each private float constant with elements that are NaN or infinite. Public
// ones may be infinite, unless they are factors, and so may what a select puts in place of other
// values: masks are written so. REQUIRES: MarkPublic has run.
void CheckParameters(mlir::func::FuncOp function, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CHECK_CONSTANTS_H_
