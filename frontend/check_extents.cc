// SPDX-License-Identifier: Apache-2.0
#include "frontend/check_extents.h"

#include "frontend/check.h"
#include "frontend/node_context.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

bool IsEmpty(mlir::Value value) {
  return llvm::isa<mlir::ShapedType>(value.getType()) && llvm::is_contained(ShapeOf(value), 0);
}

bool IsEmptyAndComputed(mlir::Value value) {
  return IsEmpty(value) && !value.getDefiningOp<nn::ConstantOp>();
}

}  // namespace

bool CheckExtents(mlir::func::FuncOp function, Problems& problems) {
  const size_t before = problems.size();
  function.walk([&](mlir::Operation* op) {
    if (op->getNumResults() != 1 || !IsEmptyAndComputed(op->getResult(0)) ||
        llvm::any_of(op->getOperands(), IsEmptyAndComputed))
      return;
    problems.push_back({nn::NodeName(op->getLoc()), OperatorOf(op->getLoc()),
                        "a result without elements, " + ShapeText(ShapeOf(op->getResult(0))),
                        "extents of at least 1",
                        "leave the node out, or change its bounds (Slice) or parts (Split)"});
  });
  return problems.size() == before;
}

}  // namespace mpcc
