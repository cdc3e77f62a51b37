// SPDX-License-Identifier: Apache-2.0
#include "frontend/layers/assign_layers.h"

#include "frontend/layers/layer_structure.h"
#include "ir/nn/attributes.h"

namespace mpcc {
namespace {

using mlir::Operation;
using nn::PartAttr;
using nn::PartKind;

// The part of a node by its name, and by what it reads: a node of no layer that reads one is of the
// head; one whose name tells nothing is where its operands are.
PartAttr ByName(PartAttr name, PartAttr read) {
  if (!name) return read;
  if (name.getKind() == PartKind::layer || read.getKind() == PartKind::embedding) return name;
  return PartAttr::get(name.getContext(), PartKind::head, 0);
}

llvm::DenseMap<Operation*, PartAttr> PartsByName(mlir::func::FuncOp function) {
  const auto embedding = PartAttr::get(function.getContext(), PartKind::embedding, 0);
  llvm::DenseMap<Operation*, PartAttr> parts;
  for (Operation& op : function.getBody().front().without_terminator()) {
    if (llvm::isa<nn::ConstantOp>(op)) continue;
    PartAttr read = embedding;
    for (mlir::Value operand : op.getOperands())
      if (PartAttr own = parts.lookup(operand.getDefiningOp()); own && read.IsBefore(own))
        read = own;
    parts[&op] = ByName(nn::PartOf(op.getLoc()), read);
  }
  return parts;
}

}  // namespace

void AssignLayers(mlir::func::FuncOp function, int64_t named) {
  LayerStructure structure = FindLayers(function);
  const bool by_name = named >= 2 && named >= structure.count;
  const auto parts = by_name ? PartsByName(function) : std::move(structure.parts);
  for (Operation& op : function.getBody().front().without_terminator())
    op.setLoc(nn::WithPart(op.getLoc(), parts.lookup(&op)));
}

}  // namespace mpcc
