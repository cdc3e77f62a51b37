// SPDX-License-Identifier: Apache-2.0
// Which values of the nn dialect are known to have one sign, whatever the inputs and parameters.
#ifndef MPCC_PASSES_ANALYSIS_SIGN_H_
#define MPCC_PASSES_ANALYSIS_SIGN_H_

#include "ir/nn/nn.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

enum class Sign { kNonNegative, kNonPositive };

// Which values of a function have one sign (0 has both), found in one walk over it; of values that
// are made later nothing is known. Follows from operators, from constants that hold one
// number, and from quantizers whose range ends at zero: public facts (docs/threat-model.md).
class SignAnalysis {
 public:
  explicit SignAnalysis(mlir::func::FuncOp function);

  // True if no element of `value` can have the other sign.
  bool Has(mlir::Value value, Sign sign) const;

 private:
  bool Find(mlir::Operation* op, Sign sign) const;
  bool OfUnary(nn::UnaryOp op, Sign sign) const;
  bool OfBinary(nn::BinaryOp op, Sign sign) const;
  bool OfProduct(nn::BinaryOp op, Sign sign) const;
  bool OfPower(nn::BinaryOp op, Sign sign) const;

  llvm::DenseSet<std::pair<mlir::Value, int>> known_;
};

// True if the range of a per-tensor quantizer ends at zero on the side that `sign` excludes: its
// clip alone gives its result this sign.
bool EndsAtZero(mlir::quant::QuantizedType type, Sign sign);

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_SIGN_H_
