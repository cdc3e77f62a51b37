// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/attributes.h"

#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#define GET_ATTRDEF_CLASSES
#include "ir/nn/nn_attributes.cc.inc"

namespace mpcc::nn {
namespace {

// The first node of a location for which `fits` holds.
template <typename Fits>
NodeAttr FindNode(mlir::Location location, Fits fits) {
  NodeAttr found;
  location->walk([&](mlir::Location part) {
    auto fused = llvm::dyn_cast<mlir::FusedLocWith<NodeAttr>>(part);
    if (!fused || !fits(fused.getMetadata())) return mlir::WalkResult::advance();
    found = fused.getMetadata();
    return mlir::WalkResult::interrupt();
  });
  return found;
}

}  // namespace

void NnDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ir/nn/nn_attributes.cc.inc"
      >();
}

std::string PartAttr::text() const {
  const std::string kind = stringifyPartKind(getKind()).str();
  return getKind() == PartKind::layer ? kind + "." + std::to_string(getIndex()) : kind;
}

bool PartAttr::IsBefore(PartAttr other) const {
  return std::pair(getKind(), getIndex()) < std::pair(other.getKind(), other.getIndex());
}

NodeAttr NodeOf(mlir::Location location) {
  return FindNode(location, [](NodeAttr) { return true; });
}

PartAttr PartOf(mlir::Location location) {
  NodeAttr node = FindNode(location, [](NodeAttr node) { return node.getPart() != nullptr; });
  return node ? node.getPart() : PartAttr();
}

mlir::Location WithPart(mlir::Location location, PartAttr part) {
  mlir::MLIRContext* context = location.getContext();
  auto node = NodeOf(location);
  auto op = node ? node.getOp() : mlir::StringAttr::get(context, "");
  auto fused = llvm::dyn_cast<mlir::FusedLocWith<NodeAttr>>(location);
  return mlir::FusedLoc::get(
      context, fused ? fused.getLocations() : llvm::ArrayRef<mlir::Location>(location),
      NodeAttr::get(context, op, part));
}

}  // namespace mpcc::nn
