// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/leak_marks.h"

#include <set>

#include "passes/mpc/passes.h"

namespace mpcc {
namespace {

bool IsKind(mlir::Attribute attr) {
  auto kind = llvm::dyn_cast<mlir::StringAttr>(attr);
  return kind && !kind.getValue().empty();
}

bool IsWellFormed(mlir::Attribute attr) {
  auto list = llvm::dyn_cast<mlir::ArrayAttr>(attr);
  return IsKind(attr) || (list && !list.empty() && llvm::all_of(list, IsKind));
}

// The name of a mark, or of what could be meant as one.
bool NamesMark(mlir::StringAttr name) { return name.getValue().starts_with(kLeakAttr); }

bool HoldsMark(mlir::Attribute attr) {
  const mlir::WalkResult result = attr.walk([](mlir::DictionaryAttr dictionary) {
    const bool marked = llvm::any_of(
        dictionary, [](mlir::NamedAttribute entry) { return NamesMark(entry.getName()); });
    return marked ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
  });
  return result.wasInterrupted();
}

// A function of the module itself, or an operation in one.
bool MayBeMarked(mlir::Operation* op, mlir::ModuleOp module) {
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(op);
  if (!function) function = op->getParentOfType<mlir::func::FuncOp>();
  return function && function->getParentOp() == module;
}

mlir::LogicalResult CheckAttribute(mlir::Operation* op, mlir::NamedAttribute attr,
                                   mlir::ModuleOp module) {
  if (!NamesMark(attr.getName())) {
    if (!HoldsMark(attr.getValue())) return mlir::success();
    return op->emitError() << "has a mark of leakage within its attribute '"
                           << attr.getName().getValue()
                           << "', where nobody looks for one; marks stand on operations";
  }
  if (attr.getName() != kLeakAttr)
    return op->emitError() << "has an attribute '" << attr.getName().getValue() << "', expected "
                           << kLeakAttr << " for a mark of leakage";
  if (!IsWellFormed(attr.getValue()))
    return op->emitError() << "has a mark of leakage of unknown form, expected a kind or a list of "
                              "kinds, as strings";
  if (MayBeMarked(op, module)) return mlir::success();
  return op->emitError(
      "has a mark of leakage, which counts on functions and their operations only");
}

}  // namespace

std::vector<std::string> DeclaredLeaksOf(mlir::Operation* op) {
  std::vector<std::string> kinds;
  mlir::Attribute attr = op->getAttr(kLeakAttr);
  if (auto kind = llvm::dyn_cast_if_present<mlir::StringAttr>(attr)) kinds.push_back(kind.str());
  if (auto list = llvm::dyn_cast_if_present<mlir::ArrayAttr>(attr))
    for (auto kind : list.getAsRange<mlir::StringAttr>()) kinds.push_back(kind.str());
  return kinds;
}

std::vector<std::string> DeclaredLeaks(mlir::func::FuncOp function) {
  std::set<std::string> kinds;
  function->walk([&](mlir::Operation* op) {
    for (std::string& kind : DeclaredLeaksOf(op)) kinds.insert(std::move(kind));
  });
  return {kinds.begin(), kinds.end()};
}

mlir::LogicalResult CheckLeakMarks(mlir::ModuleOp module) {
  const mlir::WalkResult result = module->walk([&](mlir::Operation* op) {
    for (mlir::NamedAttribute attr : op->getAttrs())
      if (failed(CheckAttribute(op, attr, module))) return mlir::WalkResult::interrupt();
    return mlir::WalkResult::advance();
  });
  return mlir::failure(result.wasInterrupted());
}

}  // namespace mpcc
