// SPDX-License-Identifier: Apache-2.0
// Reading and making the integers of mpc.constant, whatever attribute holds them.
#ifndef MPCC_IR_MPC_CONSTANTS_H_
#define MPCC_IR_MPC_CONSTANTS_H_

#include <cstdint>
#include <optional>

#include "ir/mpc/mpc.h"
#include "mlir/IR/Builders.h"

namespace mpcc::mpc {

// The elements in row-major order, reduced modulo 2^width of the result: dense attributes and dense
// resources with elements of 8, 16, 32 or 64 bits (signed or not). Nothing for any other attribute.
std::optional<llvm::SmallVector<uint64_t>> ReadConstant(ConstantOp op);

// The same for the constant that defines `value`; nothing if no constant does.
std::optional<llvm::SmallVector<uint64_t>> ReadConstant(mlir::Value value);

// The same elements, in attributes of one type: dense ones are unique in their context, resources
// are compared by content, since two imports of one model hold each weight twice.
bool SameElements(mlir::ElementsAttr a, mlir::ElementsAttr b);

// A private constant of `type` at the builder's insertion point. The elements are stored in the
// narrowest of i8, i16, i32 and i64 that holds the ring. REQUIRES: one element per element of
// `type`.
ConstantOp MakeConstant(mlir::OpBuilder& builder, mlir::Location loc, ShareType type,
                        llvm::ArrayRef<uint64_t> elements);

// The integer that `element` of Z_2^width stands for: [-2^(width-1), 2^(width-1)).
int64_t SignedElement(uint64_t element, unsigned width);
uint64_t ReduceElement(uint64_t element, unsigned width);

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_CONSTANTS_H_
