// SPDX-License-Identifier: Apache-2.0
#include "codegen/disclosures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <optional>
#include <set>
#include <vector>

#include "ir/mpc/mpc.h"
#include "ir/nn/digits.h"
#include "passes/mpc/leak_kinds.h"

namespace mpcc {
namespace {

std::string Vectors(mpc::DisclosureAttr disclosure, const char* what) {
  return fmt::format("{} {}, {} elements", disclosure.getVectors(), what, disclosure.getElements());
}

std::string Result(mpc::DisclosureAttr disclosure, std::optional<int> digits) {
  auto type = llvm::dyn_cast_if_present<mpc::ShareType>(disclosure.getType());
  if (!type) return "a result";
  const std::string result = fmt::format("the result of shape {}", fmt::join(type.getShape(), "x"));
  if (!digits) return fmt::format("{}, all {} bits of its ring", result, type.getWidth());
  return fmt::format("{} to {} decimal digit{} after the point, {} bits", result, *digits,
                     *digits == 1 ? "" : "s", type.getWidth());
}

// The digits of the results that a function reveals, in the order of their disclosures.
mlir::FailureOr<std::vector<std::optional<int>>> DigitsOfResults(mlir::func::FuncOp function) {
  std::vector<std::optional<int>> all;
  bool fits = true;
  function.walk([&](mpc::RevealOp op) {
    auto& digits = all.emplace_back();
    for (mlir::OpOperand& use : op.getResult().getUses())
      if (llvm::isa<mlir::func::ReturnOp>(use.getOwner()))
        digits = nn::DigitsOf(function, use.getOperandNumber());
    if (!digits || std::ldexp(1.0, static_cast<int>(op.getFractionBits())) >= std::pow(10, *digits))
      return;
    fits = false;
    op.emitOpError() << "has " << op.getFractionBits() << " fraction bits, too few for the "
                     << *digits << " digits of its result";
  });
  if (!fits) return mlir::failure();
  return all;
}

std::string Leak(mpc::DisclosureAttr disclosure) {
  const llvm::StringRef name = disclosure.getLeak() ? disclosure.getLeak().getValue() : "";
  std::string text = fmt::format("declared leakage '{}'", name.str());
  if (disclosure.getVectors()) text += ", " + Vectors(disclosure, "roundings at random");
  for (const LeakKind& kind : kLeakKinds)
    if (kind.name == name) text += fmt::format(": {}", kind.tells.str());
  return text;
}

bool IsResult(mpc::DisclosureAttr disclosure) {
  return disclosure.getKind() == mpc::DisclosureKind::result ||
         disclosure.getKind() == mpc::DisclosureKind::rounded_result;
}

// No default: a new kind without a sentence is a warning of the compiler, and so an error.
std::string Sentence(mpc::DisclosureAttr disclosure, std::optional<int> digits = {}) {
  using Kind = mpc::DisclosureKind;
  switch (disclosure.getKind()) {
    case Kind::structure:
      return "shapes, ring widths and sizes of tables";
    case Kind::time:
      return "with serve the time and the bucket of each inference, as P2 asks for its material; "
             "otherwise nothing";
    case Kind::openings:
      return Vectors(disclosure, "openings, each under a fresh uniform mask");
    case Kind::inputs:
      return Vectors(disclosure, "inputs of P1, each under a fresh uniform mask");
    case Kind::constants:
      return Vectors(disclosure, "public constants");
    case Kind::scales:
      return Vectors(disclosure, "scales of quantizations it does");
    case Kind::result:
      return Result(disclosure, digits);
    case Kind::rounded_result:
      return Result(disclosure, digits) + ", rounded at random with coins that P1 knows";
    case Kind::leak:
      return Leak(disclosure);
  }
  return "";
}

}  // namespace

std::vector<std::string> DeclaredLeakage(mlir::ModuleOp module) {
  std::vector<std::string> lines;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    auto list = function->getAttrOfType<mlir::ArrayAttr>(mpc::kDisclosuresAttr);
    if (!list) continue;
    for (auto disclosure : list.getAsRange<mpc::DisclosureAttr>())
      if (disclosure.getKind() == mpc::DisclosureKind::leak)
        if (std::string line = Sentence(disclosure); !llvm::is_contained(lines, line))
          lines.push_back(std::move(line));
  }
  return lines;
}

mlir::LogicalResult AddDisclosures(llvm::ArrayRef<SplitProgram> programs, plan::Plan* plan) {
  std::set<std::pair<uint32_t, std::string>> seen;
  for (SplitProgram program : programs) {
    const mlir::Attribute attribute = program.online->getAttr(mpc::kDisclosuresAttr);
    if (!attribute) continue;
    auto list = llvm::dyn_cast<mlir::ArrayAttr>(attribute);
    if (!list)
      return program.online.emitOpError()
             << "has '" << mpc::kDisclosuresAttr << "' that is no list; run 'verify-no-leak'";
    const auto digits = DigitsOfResults(program.online);
    if (mlir::failed(digits)) return mlir::failure();
    size_t results = 0;
    for (mlir::Attribute entry : list) {
      auto disclosure = llvm::dyn_cast<mpc::DisclosureAttr>(entry);
      if (!disclosure)
        return program.online.emitOpError()
               << "discloses " << entry << ", expected #mpc.disclosure; run 'verify-no-leak'";
      const auto party = static_cast<uint32_t>(disclosure.getParty());
      const bool counts = IsResult(disclosure) && results < digits->size();
      const std::string sentence =
          Sentence(disclosure, counts ? (*digits)[results++] : std::nullopt);
      if (!seen.emplace(party, sentence).second) continue;
      plan::Disclosure* added = plan->add_disclosures();
      added->set_party(party);
      added->set_what(sentence);
      if (disclosure.getLeak()) added->set_leak(disclosure.getLeak().str());
    }
  }
  return mlir::success();
}

}  // namespace mpcc
