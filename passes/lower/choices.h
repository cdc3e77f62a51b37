// SPDX-License-Identifier: Apache-2.0
// What choose-lowerings writes on operations and lower-nn-to-mpc reads.
#ifndef MPCC_PASSES_LOWER_CHOICES_H_
#define MPCC_PASSES_LOWER_CHOICES_H_

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "passes/policy/constructions.h"

namespace mpcc {

// Op attribute: an array of choices, one for each operand and way of reading it.
inline constexpr llvm::StringLiteral kChoicesAttr = "mpc.choices";

// One operand, in which ring the operation reads it (or, of a mean, is read itself), and whether in
// a unit that the reader asks for.
struct Reading {
  unsigned operand = 0;
  int ring = 0;
  bool unit_asked = false;
};

// A choice as a dictionary: operand, ring, unit = "asked" where it is, construction and its widths.
class Choice {
 public:
  explicit Choice(mlir::DictionaryAttr attribute) : attribute_(attribute) {}

  // Whether it is well-formed: all widths are 1 to 64, and one is kIndexWidth.
  bool IsValid() const;
  bool IsOf(const Reading& reading) const;
  llvm::StringRef construction() const;
  // One of the widths, 0 if it has none of that name.
  int width(llvm::StringRef name) const;

 private:
  mlir::DictionaryAttr widths() const;

  mlir::DictionaryAttr attribute_;
};

// Adds a choice, unless that reading has one.
void AddChoice(mlir::Operation* op, const Reading& reading, const Construction& construction,
               const ChosenWidths& widths);

// The choice for a reading. A failure has been reported on `op`.
mlir::FailureOr<Choice> ChoiceOf(mlir::Operation* op, const Reading& reading);

// The windows that a choice with the widths levels, index and gap has.
mlir::FailureOr<WindowWidths> WindowsOf(mlir::Operation* op);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_CHOICES_H_
