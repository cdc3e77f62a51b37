// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/digits.h"

#include "mlir/IR/Builders.h"

namespace mpcc::nn {

void SetDigits(mlir::func::FuncOp function, unsigned index, int digits) {
  mlir::Builder builder(function.getContext());
  function.setResultAttr(index, kDigitsAttr, builder.getI64IntegerAttr(digits));
}

std::optional<int> DigitsOf(mlir::func::FuncOp function, unsigned index) {
  auto digits = function.getResultAttrOfType<mlir::IntegerAttr>(index, kDigitsAttr);
  return digits ? std::optional(static_cast<int>(digits.getInt())) : std::nullopt;
}

mlir::LogicalResult VerifyDigits(mlir::func::FuncOp function) {
  bool valid = true;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    const mlir::Attribute found = function.getResultAttr(i, kDigitsAttr);
    auto digits = llvm::dyn_cast_if_present<mlir::IntegerAttr>(found);
    if (!found || (digits && digits.getType().isInteger(64) && digits.getInt() >= 0 &&
                   digits.getInt() <= kMostDigits))
      continue;
    valid = false;
    function.emitOpError() << "has '" << kDigitsAttr << "' of result " << i << " that is " << found
                           << ", expected an i64 from 0 to " << kMostDigits;
  }
  return mlir::success(valid);
}

}  // namespace mpcc::nn
