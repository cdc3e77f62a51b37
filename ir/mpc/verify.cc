// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/mpc.h"

namespace mpcc::mpc {

mlir::LogicalResult ConstantOp::verify() { return mlir::success(); }
mlir::LogicalResult EncodeOp::verify() { return mlir::success(); }
mlir::LogicalResult InputOp::verify() { return mlir::success(); }
mlir::LogicalResult InputLocalOp::verify() { return mlir::success(); }
mlir::LogicalResult RevealOp::verify() { return mlir::success(); }
mlir::LogicalResult ReshareOp::verify() { return mlir::success(); }
mlir::LogicalResult OpenFreeOp::verify() { return mlir::success(); }
mlir::LogicalResult ExtractOp::verify() { return mlir::success(); }
mlir::LogicalResult LiftOp::verify() { return mlir::success(); }
mlir::LogicalResult WrapOp::verify() { return mlir::success(); }
mlir::LogicalResult JoinOp::verify() { return mlir::success(); }
mlir::LogicalResult AddOp::verify() { return mlir::success(); }
mlir::LogicalResult SubOp::verify() { return mlir::success(); }
mlir::LogicalResult AddPublicOp::verify() { return mlir::success(); }
mlir::LogicalResult MulPublicOp::verify() { return mlir::success(); }
mlir::LogicalResult RowSumOp::verify() { return mlir::success(); }
mlir::LogicalResult ReshapeOp::verify() { return mlir::success(); }
mlir::LogicalResult TransposeOp::verify() { return mlir::success(); }
mlir::LogicalResult SliceOp::verify() { return mlir::success(); }
mlir::LogicalResult ConcatOp::verify() { return mlir::success(); }
mlir::LogicalResult ResizeOp::verify() { return mlir::success(); }
mlir::LogicalResult LinearOp::verify() { return mlir::success(); }
mlir::LogicalResult MatMulOp::verify() { return mlir::success(); }
mlir::LogicalResult DotOp::verify() { return mlir::success(); }
mlir::LogicalResult ProductOp::verify() { return mlir::success(); }
mlir::LogicalResult LutOp::verify() { return mlir::success(); }
mlir::LogicalResult Lut2Op::verify() { return mlir::success(); }
mlir::LogicalResult ExpOp::verify() { return mlir::success(); }
mlir::LogicalResult RowMaxOp::verify() { return mlir::success(); }

}  // namespace mpcc::mpc
