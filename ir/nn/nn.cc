// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/nn.h"

#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "mlir/IR/DialectImplementation.h"

// clang-format off: the generated parts need this order.
#include "ir/nn/nn_dialect.cc.inc"
#include "ir/nn/nn_enums.cc.inc"
#define GET_OP_CLASSES
#include "ir/nn/nn_ops.cc.inc"
// clang-format on

namespace mpcc::nn {

void NnDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/nn/nn_ops.cc.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "ir/nn/nn_rows.cc.inc"
      >();
  registerAttributes();
}

void ConstantOp::getEffects(llvm::SmallVectorImpl<mlir::MemoryEffects::EffectInstance>& effects) {
  if (!getIsPublic())
    effects.emplace_back(mlir::MemoryEffects::Allocate::get(), getOperation()->getOpResult(0));
}

mlir::LogicalResult NnDialect::verifyOperationAttribute(mlir::Operation* op,
                                                        mlir::NamedAttribute attribute) {
  if (attribute.getName() == kResultsAttr && llvm::isa<mlir::ArrayAttr>(attribute.getValue()))
    return mlir::success();
  constexpr llvm::StringLiteral kUnits[] = {kExactLengthAttr, kGuessedAttr, kGuessedScalesAttr};
  if (llvm::is_contained(kUnits, attribute.getName()) &&
      llvm::isa<mlir::UnitAttr>(attribute.getValue()))
    return mlir::success();
  if (attribute.getName() == kValueAttr && llvm::isa<mlir::IntegerAttr>(attribute.getValue()))
    return mlir::success();
  if (attribute.getName() == kVisibilityAttr && llvm::isa<mlir::StringAttr>(attribute.getValue()))
    return mlir::success();
  if (attribute.getName() == kLeastMaximumAttr) {
    auto least = llvm::dyn_cast<mlir::FloatAttr>(attribute.getValue());
    if (least && least.getType().isF64() && least.getValue().isFinite() && llvm::isa<SoftmaxOp>(op))
      return mlir::success();
    return op->emitError() << "'" << kLeastMaximumAttr << "' is " << attribute.getValue()
                           << ", expected a finite f64 on a softmax";
  }
  if (attribute.getName() != kRangeAttr && attribute.getName() != kBoundAttr)
    return op->emitError() << "unknown attribute '" << attribute.getName() << "'";
  auto range = llvm::dyn_cast<mlir::FloatAttr>(attribute.getValue());
  if (!range || !range.getType().isF64() || !range.getValue().isFinite() ||
      range.getValue().isNegative()) {
    return op->emitError() << "'" << attribute.getName().getValue() << "' is "
                           << attribute.getValue()
                           << ", expected a finite f64 that is not negative";
  }
  return mlir::success();
}

mlir::LogicalResult NnDialect::verifyRegionArgAttribute(mlir::Operation* op, unsigned region,
                                                        unsigned index,
                                                        mlir::NamedAttribute attribute) {
  const bool text = llvm::isa<mlir::StringAttr>(attribute.getValue());
  if ((attribute.getName() == kNameAttr || attribute.getName() == kRoleAttr) && text)
    return mlir::success();
  if (attribute.getName() == kPadAttr && llvm::isa<mlir::IntegerAttr>(attribute.getValue()))
    return mlir::success();
  if (attribute.getName() != kOwnerAttr)
    return op->emitError() << "unknown argument attribute '" << attribute.getName() << "'";
  auto owner = llvm::dyn_cast<mlir::StringAttr>(attribute.getValue());
  if (!owner || owner.getValue() != kDataOwner) {
    return op->emitError() << "'" << kOwnerAttr << "' of argument " << index << " is "
                           << attribute.getValue() << ", expected \"" << kDataOwner << "\"";
  }
  return mlir::success();
}

mlir::OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType()) return getInput();
  // The last of a chain of reshapes decides.
  if (auto producer = getInput().getDefiningOp<ReshapeOp>()) {
    setOperand(producer.getInput());
    return getResult();
  }
  return {};
}

}  // namespace mpcc::nn
