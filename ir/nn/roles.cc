// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/roles.h"

#include "ir/nn/types.h"
#include "runtime/base/input_role.h"

namespace mpcc::nn {

std::string RoleOfName(llvm::StringRef name) {
  return std::string(InfoOf(RoleOfUsualName(name)).name);
}

std::string RoleOf(mlir::func::FuncOp function, unsigned index) {
  if (auto role = function.getArgAttrOfType<mlir::StringAttr>(index, kRoleAttr)) return role.str();
  auto name = function.getArgAttrOfType<mlir::StringAttr>(index, kNameAttr);
  return name ? RoleOfName(name.getValue()) : "";
}

int64_t PaddingOf(mlir::func::FuncOp function, unsigned index) {
  if (auto pad = function.getArgAttrOfType<mlir::IntegerAttr>(index, kPadAttr)) return pad.getInt();
  return RoleOf(function, index) == kBiasRole ? kDropped : 0;
}

int64_t TokensOf(mlir::func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (RoleOf(function, i) == kIdsRole)
      return llvm::cast<mlir::ShapedType>(function.getArgument(i).getType()).getNumElements();
  return 0;
}

}  // namespace mpcc::nn
