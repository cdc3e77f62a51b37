// SPDX-License-Identifier: Apache-2.0
// Which step an operation becomes, as a table. Where a step runs is in runtime/plan/opcodes.h.
#ifndef MPCC_CODEGEN_STEP_TABLE_H_
#define MPCC_CODEGEN_STEP_TABLE_H_

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/TypeRange.h"
#include "runtime/plan/plan.pb.h"

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

struct StepRow {
  const char* operation;
  plan::Opcode opcode;
  void (*parameters)(const StepSource& source, plan::Step* step);  // ints and real
};

// Null for an operation that has no step at any party (constants, sealed values, return).
const StepRow* FindStepRow(const StepSource& source);

// Whether an operation is one that leaves no step in any plan, rather than one that plans do not
// know.
bool NeedsNoStep(mlir::Operation* op);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_STEP_TABLE_H_
