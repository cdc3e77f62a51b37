// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/choices.h"

#include "mlir/IR/Builders.h"

namespace mpcc {
namespace {

llvm::SmallVector<mlir::Attribute> ChoicesOn(mlir::Operation* op) {
  auto choices = op->getAttrOfType<mlir::ArrayAttr>(kChoicesAttr);
  return choices ? llvm::to_vector(choices) : llvm::SmallVector<mlir::Attribute>();
}

int NumberIn(mlir::DictionaryAttr entries, llvm::StringRef name) {
  auto number = llvm::dyn_cast_or_null<mlir::IntegerAttr>(entries.get(name));
  return number ? static_cast<int>(number.getInt()) : 0;
}

constexpr llvm::StringLiteral kAsked = "asked";

std::optional<Choice> FindChoice(mlir::Operation* op, const Reading& reading) {
  for (mlir::Attribute attribute : ChoicesOn(op))
    if (auto entries = llvm::dyn_cast<mlir::DictionaryAttr>(attribute))
      if (const Choice choice(entries); choice.IsOf(reading)) return choice;
  return std::nullopt;
}

}  // namespace

bool Choice::IsOf(const Reading& reading) const {
  auto unit = attribute_.getAs<mlir::StringAttr>("unit");
  return NumberIn(attribute_, "operand") == static_cast<int>(reading.operand) &&
         NumberIn(attribute_, "ring") == reading.ring &&
         (unit && unit.getValue() == kAsked) == reading.unit_asked;
}

bool Choice::IsValid() const {
  constexpr int kMost = 64;
  return widths() && width(kIndexWidth) > 0 &&
         llvm::all_of(widths(), [&](mlir::NamedAttribute entry) {
           return width(entry.getName()) > 0 && width(entry.getName()) <= kMost;
         });
}

llvm::StringRef Choice::construction() const {
  auto name = attribute_.getAs<mlir::StringAttr>("construction");
  return name ? name.getValue() : "";
}

mlir::DictionaryAttr Choice::widths() const {
  return attribute_.getAs<mlir::DictionaryAttr>("widths");
}

int Choice::width(llvm::StringRef name) const { return NumberIn(widths(), name); }

void AddChoice(mlir::Operation* op, const Reading& reading, const Construction& construction,
               const ChosenWidths& widths) {
  if (FindChoice(op, reading)) return;
  mlir::Builder builder(op->getContext());
  mlir::NamedAttrList entries, bits;
  for (const auto& [name, width] : widths) bits.append(name, builder.getI64IntegerAttr(width));
  entries.append("construction", builder.getStringAttr(construction.name));
  entries.append("operand", builder.getI64IntegerAttr(reading.operand));
  entries.append("ring", builder.getI64IntegerAttr(reading.ring));
  if (reading.unit_asked) entries.append("unit", builder.getStringAttr(kAsked));
  entries.append("widths", bits.getDictionary(op->getContext()));
  auto choices = ChoicesOn(op);
  choices.push_back(entries.getDictionary(op->getContext()));
  op->setAttr(kChoicesAttr, builder.getArrayAttr(choices));
}

mlir::FailureOr<Choice> ChoiceOf(mlir::Operation* op, const Reading& reading) {
  if (auto choice = FindChoice(op, reading); choice && choice->IsValid()) return *choice;
  return op->emitOpError() << "has no choice in 'mpc.choices' for operand " << reading.operand
                           << ", read in " << reading.ring << " bits"
                           << (reading.unit_asked ? " in a unit that is asked for" : "")
                           << "; run choose-lowerings first";
}

mlir::FailureOr<WindowWidths> WindowsOf(mlir::Operation* op) {
  auto choice = ChoiceOf(op, {});
  if (mlir::failed(choice)) return mlir::failure();
  return WindowWidths{choice->width("levels"), choice->width("window"), choice->width("gap")};
}

}  // namespace mpcc
