// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/layers.h"

#include <algorithm>

#include "ir/nn/attributes.h"

namespace mpcc {
namespace {

uint32_t IndexOf(const std::string& name, std::vector<std::string>& names) {
  const size_t index = std::find(names.begin(), names.end(), name) - names.begin();
  if (index == names.size()) names.push_back(name);
  return index;
}

}  // namespace

Layers LayersOf(mlir::func::FuncOp function) {
  Layers layers;
  std::string current = nn::stringifyPartKind(nn::PartKind::embedding).str();
  for (mlir::Operation& op : function.getBody().front()) {
    if (nn::PartAttr own = nn::PartOf(op.getLoc())) current = own.text();
    layers.of[&op] = IndexOf(current, layers.names);
  }
  return layers;
}

}  // namespace mpcc
