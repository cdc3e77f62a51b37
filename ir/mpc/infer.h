// SPDX-License-Identifier: Apache-2.0
// Result types that follow from operands and attributes; mpc.td names one for each operation that
// has no choice. They meet operands that no verifier has seen: of those that do not fit they make
// some type, which the verifier then never compares.
#ifndef MPCC_IR_MPC_INFER_H_
#define MPCC_IR_MPC_INFER_H_

#include "ir/mpc/types.h"
#include "mlir/IR/ValueRange.h"

namespace mpcc::mpc {

// The sum of two sharings, of the first one's shape: additive if either is.
ShareType SumType(mlir::Value lhs, mlir::Value rhs);
// x with `last` as its last extent.
ShareType WithLast(mlir::Value x, int64_t last);
ShareType PermutedType(mlir::Value x, llvm::ArrayRef<int64_t> perm);
ShareType ConcatenatedType(mlir::ValueRange inputs, int64_t axis);
ShareType JoinedType(mlir::Value low, mlir::Value wraps);
ShareType AdditiveType(ShareType type);
ShareType MatMulType(mlir::Value lhs, mlir::Value rhs, bool transpose_b);
// Additive, of the numpy broadcast of all shapes.
ShareType ProductType(mlir::ValueRange operands);
// Additive, of the index's shape and the entries' width.
ShareType TableType(mlir::Value index, mlir::Value table);
// Two planes of it.
ShareType PairType(mlir::Value index, mlir::Value table);
// Additive modulo 2, `count` planes of the input's shape.
ShareType BitsType(mlir::Value input, size_t count);
llvm::SmallVector<mlir::Type> ReplicatedTypes(mlir::ValueRange shares);
// The revealed real numbers.
mlir::Type RevealedType(mlir::Value share);

// Success if no type is null.
mlir::LogicalResult Append(mlir::Type type, llvm::SmallVectorImpl<mlir::Type>& types);
mlir::LogicalResult Append(llvm::ArrayRef<mlir::Type> more,
                           llvm::SmallVectorImpl<mlir::Type>& types);

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_INFER_H_
