// SPDX-License-Identifier: Apache-2.0
// The mpc dialect's C++ face: ShareType and the operation classes generated from mpc.td, and what
// the protocol makes of them.
#ifndef MPCC_IR_MPC_MPC_H_
#define MPCC_IR_MPC_MPC_H_

#include "ir/mpc/attributes.h"
#include "ir/mpc/protocol.h"
#include "ir/mpc/types.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#define GET_OP_CLASSES
#include "ir/mpc/mpc_ops.h.inc"

#endif  // MPCC_IR_MPC_MPC_H_
