// SPDX-License-Identifier: Apache-2.0
// Which step an operation becomes: that of the opcode whose row in runtime/plan/opcodes.cc names
// it.
#ifndef MPCC_CODEGEN_STEP_TABLE_H_
#define MPCC_CODEGEN_STEP_TABLE_H_

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/TypeRange.h"
#include "mlir/Support/LogicalResult.h"
#include "runtime/plan/opcodes.h"

namespace mpcc {

// An operation as dealing and evaluating parties both see it: at P0 a deal has the target's name
// and attributes, and the types of masks for those of replicated shares.
struct StepSource {
  mlir::Operation* op = nullptr;
  std::string name;  // with the dialect
  mlir::DictionaryAttr attributes;
  llvm::SmallVector<mlir::Type> operands;
  mlir::Type result;  // of the first result; null without one

  static StepSource Of(mlir::Operation* op);
};

// Null for an operation that has no step at any party (constants, sealed values, return).
const OpcodeInfo* OpcodeOf(const StepSource& source);

// Sets ints and real as the opcode's row says. Failure, after a diagnostic, at a parameter that the
// operation does not have.
mlir::LogicalResult AddParameters(const StepSource& source, const OpcodeInfo& info,
                                  plan::Step* step);

// Whether an operation is one that leaves no step in any plan, rather than one that plans do not
// know.
bool NeedsNoStep(mlir::Operation* op);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_STEP_TABLE_H_
