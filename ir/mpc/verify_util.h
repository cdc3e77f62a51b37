// SPDX-License-Identifier: Apache-2.0
// What the verifiers of the mpc dialect share. Each function reports at the operation what it found
// and what it accepts. `what` names the operand, result or attribute as mpc.td does.
#ifndef MPCC_IR_MPC_VERIFY_UTIL_H_
#define MPCC_IR_MPC_VERIFY_UTIL_H_

#include <optional>
#include <string>

#include "ir/mpc/mpc.h"

namespace mpcc::mpc {

// "16x768"
std::string ShapeText(llvm::ArrayRef<int64_t> shape);

mlir::LogicalResult ExpectShape(mlir::Operation* op, llvm::StringRef what,
                                llvm::ArrayRef<int64_t> found, llvm::ArrayRef<int64_t> wanted);
mlir::LogicalResult ExpectWidth(mlir::Operation* op, llvm::StringRef what, unsigned found,
                                unsigned wanted);
mlir::LogicalResult ExpectKind(mlir::Operation* op, llvm::StringRef what, ShareKind found,
                               ShareKind wanted);

// Numpy broadcast of `found` to `wanted`: extents are compared from the last one, 1 fits all.
mlir::LogicalResult ExpectBroadcast(mlir::Operation* op, llvm::StringRef what,
                                    llvm::ArrayRef<int64_t> found, llvm::ArrayRef<int64_t> wanted);

// Before hoist-to-offline there are no streams; afterwards `count` of them, each a u32.
mlir::LogicalResult ExpectStreams(mlir::Operation* op,
                                  std::optional<llvm::ArrayRef<int64_t>> streams, size_t count);

// The local tensor's element type is an integer, and its shape is `shape`.
mlir::LogicalResult ExpectIntegers(mlir::Operation* op, llvm::StringRef what, mlir::Value local,
                                   llvm::ArrayRef<int64_t> shape);

// The results have these types.
mlir::LogicalResult ExpectResults(mlir::Operation* op, llvm::ArrayRef<mlir::Type> types);

// The results have the types that follow from operands and attributes. REQUIRES: these fit.
template <typename Op>
mlir::LogicalResult ExpectInferredResults(Op op) {
  llvm::SmallVector<mlir::Type> types;
  if (failed(Op::inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(),
                                  op->getAttrDictionary(), op->getPropertiesStorage(), {}, types)))
    return op.emitOpError("has no result type that fits its operands");
  return ExpectResults(op, types);
}

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_VERIFY_UTIL_H_
