// SPDX-License-Identifier: Apache-2.0
// What the lowering notes for 'mpcc verify', and only for it: which operation computes which value
// of the canonical network, in which unit, and how much its place holds. These are private numbers:
// they exist where values are numbered (nn.value), which no compile does, and no plan has them.
#ifndef MPCC_PASSES_LOWER_MARKS_H_
#define MPCC_PASSES_LOWER_MARKS_H_

#include "llvm/ADT/StringRef.h"

namespace mpcc {

// Discardable attribute of mpc operations: an array of {value: i64, place, unit, holds, step,
// offset: f64}.
inline constexpr llvm::StringLiteral kMarksAttr = "mpc.marks";

// Places that read a value as a number: beyond `holds` it wraps.
inline constexpr llvm::StringLiteral kQuantizerPlace = "quantizer", kFunctionPlace = "function",
                                     kScoresPlace = "scores", kRowPlace = "row",
                                     kMeanPlace = "mean", kResultPlace = "result";
// What a quantizer yields, an operand of a product, in multiples of `step`.
inline constexpr llvm::StringLiteral kOperandPlace = "operand";

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_MARKS_H_
