// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/layers.h"

#include <algorithm>

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "mlir/IR/Location.h"

namespace mpcc {
namespace {

// All node names in a location, outermost first.
llvm::SmallVector<llvm::StringRef> NodeNames(mlir::Location location) {
  llvm::SmallVector<llvm::StringRef> names;
  location->walk([&](mlir::Location part) {
    if (auto name = llvm::dyn_cast<mlir::NameLoc>(part)) names.push_back(name.getName());
    return mlir::WalkResult::advance();
  });
  return names;
}

struct Place {
  bool named = false;
  int layer = -1;
};

Place PlaceOf(mlir::Location location) {
  Place place;
  for (llvm::StringRef name : NodeNames(location)) {
    place.named = true;
    if (place.layer < 0) place.layer = LayerNumber(name);
  }
  return place;
}

uint32_t IndexOf(const std::string& name, std::vector<std::string>& names) {
  const size_t index = std::find(names.begin(), names.end(), name) - names.begin();
  if (index == names.size()) names.push_back(name);
  return index;
}

}  // namespace

int LayerNumber(llvm::StringRef node_name) {
  for (size_t at = node_name.find("layer"); at != llvm::StringRef::npos;
       at = node_name.find("layer", at + 1)) {
    if (at > 0 && llvm::isAlnum(node_name[at - 1])) continue;
    llvm::StringRef rest = node_name.drop_front(at + 5);
    rest.consume_front("s");
    if (rest.empty() || !llvm::StringRef("._/").contains(rest.front())) continue;
    unsigned number;
    rest = rest.drop_front();
    if (!rest.consumeInteger(10, number) && number < 100000) return static_cast<int>(number);
  }
  return -1;
}

Layers LayersOf(mlir::func::FuncOp function) {
  Layers layers;
  std::string current = "embedding";
  bool inside = false;
  for (mlir::Operation& op : function.getBody().front()) {
    const Place place = PlaceOf(op.getLoc());
    inside |= place.layer >= 0;
    if (place.layer >= 0)
      current = ("layer." + llvm::Twine(place.layer)).str();
    else if (place.named && inside)
      current = "head";
    layers.of[&op] = IndexOf(current, layers.names);
  }
  return layers;
}

}  // namespace mpcc
