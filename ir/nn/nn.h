// SPDX-License-Identifier: Apache-2.0
// The nn dialect: what a network computes, on static shapes (nn.td).
#ifndef MPCC_IR_NN_NN_H_
#define MPCC_IR_NN_NN_H_

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/QuantOps.h"
#include "mlir/Dialect/Quant/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

// clang-format off: the generated parts need the headers above and this order.
#include "ir/nn/nn_dialect.h.inc"
#include "ir/nn/nn_enums.h.inc"
#define GET_OP_CLASSES
#include "ir/nn/nn_ops.h.inc"
// clang-format on

#endif  // MPCC_IR_NN_NN_H_
