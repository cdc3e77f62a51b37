// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/roles.h"

#include "ir/nn/types.h"

namespace mpcc::nn {
namespace {

struct UsualName {
  const char* name;
  const char* role;
};
constexpr UsualName kUsualNames[] = {
    {"input_ids", kIdsRole},       {"input_word_ids", kIdsRole},     {"ids", kIdsRole},
    {"attention_mask", kMaskRole}, {"input_mask", kMaskRole},        {"token_type_ids", kTypesRole},
    {"segment_ids", kTypesRole},   {"position_ids", kPositionsRole},
};

}  // namespace

std::string RoleOfName(llvm::StringRef name) {
  for (const UsualName& row : kUsualNames)
    if (name == row.name) return row.role;
  return "";
}

std::string RoleOf(mlir::func::FuncOp function, unsigned index) {
  if (auto role = function.getArgAttrOfType<mlir::StringAttr>(index, kRoleAttr)) return role.str();
  auto name = function.getArgAttrOfType<mlir::StringAttr>(index, kNameAttr);
  return name ? RoleOfName(name.getValue()) : "";
}

}  // namespace mpcc::nn
