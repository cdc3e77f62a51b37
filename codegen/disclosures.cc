// SPDX-License-Identifier: Apache-2.0
#include "codegen/disclosures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "ir/mpc/mpc.h"
#include "passes/mpc/leak_kinds.h"

namespace mpcc {
namespace {

std::string Vectors(mpc::DisclosureAttr disclosure, const char* what) {
  return fmt::format("{} {}, {} elements", disclosure.getVectors(), what, disclosure.getElements());
}

std::string Result(mpc::DisclosureAttr disclosure) {
  auto type = llvm::dyn_cast_if_present<mpc::ShareType>(disclosure.getType());
  if (!type) return "a result";
  return fmt::format("the result of shape {}, all {} bits of its ring",
                     fmt::join(type.getShape(), "x"), type.getWidth());
}

std::string Leak(mpc::DisclosureAttr disclosure) {
  const llvm::StringRef name = disclosure.getLeak() ? disclosure.getLeak().getValue() : "";
  std::string text = fmt::format("declared leakage '{}'", name.str());
  if (disclosure.getVectors()) text += ", " + Vectors(disclosure, "roundings at random");
  for (const LeakKind& kind : kLeakKinds)
    if (kind.name == name) text += fmt::format(": {}", kind.tells.str());
  return text;
}

// No default: a new kind without a sentence is a warning of the compiler, and so an error.
std::string Sentence(mpc::DisclosureAttr disclosure) {
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
      return Result(disclosure);
    case Kind::rounded_result:
      return Result(disclosure) + ", rounded at random with coins that P1 knows";
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
    for (mlir::Attribute entry : list) {
      auto disclosure = llvm::dyn_cast<mpc::DisclosureAttr>(entry);
      if (!disclosure)
        return program.online.emitOpError()
               << "discloses " << entry << ", expected #mpc.disclosure; run 'verify-no-leak'";
      const auto party = static_cast<uint32_t>(disclosure.getParty());
      if (!seen.emplace(party, Sentence(disclosure)).second) continue;
      plan::Disclosure* added = plan->add_disclosures();
      added->set_party(party);
      added->set_what(Sentence(disclosure));
      if (disclosure.getLeak()) added->set_leak(disclosure.getLeak().str());
    }
  }
  return mlir::success();
}

}  // namespace mpcc
