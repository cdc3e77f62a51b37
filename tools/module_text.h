// SPDX-License-Identifier: Apache-2.0
// Reads a module from text (.mlir) or bytecode (.mlirbc) that somebody else wrote.
#ifndef MPCC_TOOLS_MODULE_TEXT_H_
#define MPCC_TOOLS_MODULE_TEXT_H_

#include <optional>

#include "llvm/ADT/StringRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mpcc {

// Where text names a value before it defines it, in one function or region; nothing if it does not.
// In the compiler's dialects, which do not branch, no valid text does so.
std::optional<size_t> UseBeforeDefinition(llvm::StringRef text);

// The module of a file, or of text that `name` stands for in its locations. Null, after errors of
// the context, if it is none. Text in which a value is used before it is defined is refused before
// MLIR sees it: its parser keeps such a use beyond the end of the function, ties it to a value of
// that name in a later one, and writes to freed memory when that one breaks off (MLIR 19,
// OperationParser::addDefinition: functions are no name scopes of their own).
mlir::OwningOpRef<mlir::ModuleOp> ReadModule(llvm::StringRef path, mlir::MLIRContext& context);
mlir::OwningOpRef<mlir::ModuleOp> ParseModule(llvm::StringRef text, llvm::StringRef name,
                                              mlir::MLIRContext& context);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MODULE_TEXT_H_
