// SPDX-License-Identifier: Apache-2.0
// Questions about nn types that several folders ask, and the names of nn's discardable attributes.
#ifndef MPCC_IR_NN_TYPES_H_
#define MPCC_IR_NN_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "mlir/Dialect/Quant/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Location.h"

namespace mpcc::nn {

// Function argument attribute: who provides it. The only value today is kDataOwner.
inline constexpr llvm::StringLiteral kOwnerAttr = "nn.owner";
inline constexpr llvm::StringLiteral kDataOwner = "data";
// Function argument and result attribute: the name of the tensor in the ONNX file.
inline constexpr llvm::StringLiteral kNameAttr = "nn.name";
// On a function (array of strings): the names of its results as the model has them, from import.
inline constexpr llvm::StringLiteral kResultsAttr = "nn.results";
// Function argument attributes: what it holds, by the names of runtime/base/input_role.h ("ids",
// "mask", "types", "positions", "bias"), and the integer (i64) that pads it.
inline constexpr llvm::StringLiteral kRoleAttr = "nn.role";
inline constexpr llvm::StringLiteral kPadAttr = "nn.pad";
// Function attribute (unit): results depend on padding, so inputs have all tokens.
inline constexpr llvm::StringLiteral kExactLengthAttr = "nn.exact_length";
// Op attribute (f64): the largest absolute value of the op's result.
inline constexpr llvm::StringLiteral kRangeAttr = "nn.range";
// Op attribute (unit) beside nn.range: measured on random inputs, which bound little.
inline constexpr llvm::StringLiteral kGuessedAttr = "nn.guessed";
// Op attribute (f64): no input can take the op's result beyond this magnitude. May be far from it.
inline constexpr llvm::StringLiteral kBoundAttr = "nn.bound";
// Op attribute (f64) of nn.softmax: the least that a row's largest score was on given inputs.
inline constexpr llvm::StringLiteral kLeastMaximumAttr = "nn.least_maximum";
// Function attribute (unit): its quantizers have scales that were measured on random inputs.
inline constexpr llvm::StringLiteral kGuessedScalesAttr = "nn.guessed_scales";
// Op attribute (i64): number of an op whose value 'mpcc verify' wants to compare.
inline constexpr llvm::StringLiteral kValueAttr = "nn.value";
// Op attribute (string), by annotate-visibility: who may see the op's result. For tests.
inline constexpr llvm::StringLiteral kVisibilityAttr = "nn.visibility";
// Op attribute (i64) of products: bits of the ring of the accumulator (choose-rings).
inline constexpr llvm::StringLiteral kRingAttr = "mpc.ring";

// The quantized element type of a tensor type, or null.
mlir::quant::QuantizedType QuantizedElement(mlir::Type type);
bool IsQuantized(mlir::Type type);

// Scale and zero point of channel i; per-tensor types give the same for every i.
double ScaleOf(mlir::quant::QuantizedType type, int64_t channel = 0);
int64_t ZeroPointOf(mlir::quant::QuantizedType type, int64_t channel = 0);
// The quantized dimension of a per-axis type, nothing for a per-tensor type.
std::optional<int64_t> QuantizedAxis(mlir::quant::QuantizedType type);

// Number of bits that the storage bounds need; 1 for <-1:1>, the bounds of two-valued weights.
int BitWidth(mlir::quant::QuantizedType type);

// The same quantization with other storage bounds.
mlir::quant::QuantizedType WithBounds(mlir::quant::QuantizedType type, int64_t min, int64_t max);
// The same quantization with the per-axis dimension moved to `axis`; per-tensor types are
// unchanged.
mlir::quant::QuantizedType WithAxis(mlir::quant::QuantizedType type, int64_t axis);
// The same quantization with every scale multiplied by `factor` and other bounds.
mlir::quant::QuantizedType Rescaled(mlir::quant::QuantizedType type, double factor, int64_t min,
                                    int64_t max);

// The ONNX node that a location names first, "" for none.
std::string NodeName(mlir::Location loc);

// Numpy broadcast of two shapes, nothing if they do not fit.
std::optional<llvm::SmallVector<int64_t>> BroadcastShapes(llvm::ArrayRef<int64_t> a,
                                                          llvm::ArrayRef<int64_t> b);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_TYPES_H_
