// SPDX-License-Identifier: Apache-2.0
// Ranges of real values that need no measurement.
#ifndef MPCC_PASSES_LOWER_KNOWN_RANGES_H_
#define MPCC_PASSES_LOWER_KNOWN_RANGES_H_

#include <optional>

#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/QuantTypes.h"
#include "passes/analysis/truth.h"

namespace mpcc {

// The largest magnitude of each real value of a function, as far as it is known: given (nn.range
// that is not guessed); that of the quantizers, where nothing else reads the value; for a
// dequantized value that given for what its quantizer reads, else the quantizer's ends; that of an
// operation on known values. A bound may be twice the true range, no more. Ends of quantizers whose
// scales are guessed say nothing.
class KnownRanges {
 public:
  explicit KnownRanges(mlir::func::FuncOp function);

  std::optional<double> Of(mlir::Value real) const;

 private:
  std::optional<double> EndsOf(mlir::quant::QuantizedType type) const;
  std::optional<double> EndsOfReaders(mlir::Value real) const;
  std::optional<double> Find(mlir::Operation* op) const;
  std::optional<double> FromOperands(mlir::Operation* op) const;

  bool quantizers_clip_;  // their scales are the file's
  TruthAnalysis truths_;
  llvm::DenseMap<mlir::Value, double> known_;
};

// nn.range of the operation behind `real`, unless it is guessed.
std::optional<double> GivenRange(mlir::Value real);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_KNOWN_RANGES_H_
