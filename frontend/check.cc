// SPDX-License-Identifier: Apache-2.0
#include "frontend/check.h"

#include <algorithm>
#include <limits>
#include <map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/nn/attributes.h"
#include "ir/nn/digits.h"
#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

std::string OperatorOf(mlir::Location loc) {
  nn::NodeAttr node = nn::NodeOf(loc);
  return node ? node.getOp().str() : "";
}

namespace {

std::string WidthText(mlir::Type type) {
  auto quantized = nn::QuantizedElement(type);
  if (!quantized) return "float";
  return fmt::format("{}{}{}", quantized.isSigned() ? "int" : "uint", nn::BitWidth(quantized),
                     nn::QuantizedAxis(quantized) ? " per channel" : "");
}

std::string ShapeOf(mlir::Type type) {
  return fmt::format("[{}]", fmt::join(llvm::cast<mlir::ShapedType>(type).getShape().vec(), ", "));
}

using Counts = std::map<std::string, int64_t>;

// The ranges of one kind of operation.
struct Ranges {
  int64_t count = 0;
  double least = std::numeric_limits<double>::infinity(), greatest = 0;

  void Add(double range) {
    ++count;
    least = std::min(least, range);
    greatest = std::max(greatest, range);
  }
};

std::string RingText(mlir::Operation* product) {
  auto ring = product->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr);
  return ring ? fmt::format(", {}-bit ring", ring.getInt()) : "";
}

struct Summary {
  Counts products, quantizers, ops, parameters;
  std::map<std::string, Ranges> ranges;

  void Add(mlir::Operation* op) {
    if (auto range = op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr))
      ranges[KindOf(op)].Add(range.getValueAsDouble());
    if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op)) {
      parameters[constant.getIsPublic() ? "public" : "private"] +=
          constant.getType().getNumElements();
      return;
    }
    if (op->getDialect() &&
        op->getDialect()->getNamespace() == nn::NnDialect::getDialectNamespace())
      ++ops[KindOf(op)];
    if (llvm::isa<nn::QuantizeOp>(op)) ++quantizers[WidthText(op->getResult(0).getType())];
    if (llvm::isa<nn::LinearOp, nn::MatMulOp>(op)) {
      ++products[fmt::format("{} x {}{}{}", WidthText(op->getOperand(0).getType()),
                             WidthText(op->getOperand(1).getType()),
                             llvm::isa<nn::LinearOp>(op) ? " weights" : "", RingText(op))];
    }
  }

  static std::string KindOf(mlir::Operation* op) {
    std::string name = op->getName().stripDialect().str();
    if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op))
      return nn::stringifyUnaryKind(unary.getKind()).str();
    if (auto binary = llvm::dyn_cast<nn::BinaryOp>(op))
      return nn::stringifyBinaryKind(binary.getKind()).str();
    return name;
  }
};

std::string Table(const std::string& title, const Counts& counts) {
  std::string text = title + "\n";
  for (const auto& [name, count] : counts) text += fmt::format("  {:<44} {:>12}\n", name, count);
  return text;
}

std::string Table(const std::map<std::string, Ranges>& ranges) {
  if (ranges.empty())
    return "ranges\n  none in the file: compile measures them on random token ids\n";
  std::string text = "ranges (largest |x| of results, from the file)\n";
  for (const auto& [kind, r] : ranges)
    text += fmt::format("  {:<44} {:>12}  {:.3g} to {:.3g}\n", kind, r.count, r.least, r.greatest);
  return text;
}

std::string RoleText(mlir::func::FuncOp function, unsigned index) {
  const std::string role = nn::RoleOf(function, index);
  if (role.empty()) return "given whole";
  if (function->hasAttr(nn::kExactLengthAttr)) return role + ", exact length";
  if (role == nn::kPositionsRole) return role + ", padded with the last";
  return fmt::format("{}, padded with {}", role, nn::PaddingOf(function, index));
}

std::string Inputs(mlir::func::FuncOp function) {
  std::string text = "inputs\n";
  for (mlir::BlockArgument argument : function.getArguments()) {
    auto name = function.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), nn::kNameAttr);
    text += fmt::format("  {:<44} {:>12}  {}\n",
                        name ? name.str() : fmt::format("#{}", argument.getArgNumber()),
                        ShapeOf(argument.getType()), RoleText(function, argument.getArgNumber()));
  }
  return text;
}

constexpr char kResultsTitle[] = "results, revealed to the data owner\n";

// In how many digits a result is revealed; nothing of what P1 computes itself.
std::string DigitsText(mlir::func::FuncOp function, unsigned index,
                       const nn::VisibilityAnalysis& visibility) {
  const mlir::Value result = function.getBody().front().getTerminator()->getOperand(index);
  if (visibility.IsVisible(result)) return "";
  const auto digits = nn::DigitsOf(function, index);
  if (!digits) return ", all bits of the ring";
  return fmt::format(", {} digit{} after the point", *digits, *digits == 1 ? "" : "s");
}

// A line for each result that has a name.
std::vector<std::string> Results(mlir::func::FuncOp function) {
  const nn::VisibilityAnalysis visibility(function);
  std::vector<std::string> lines;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    auto name = function.getResultAttrOfType<mlir::StringAttr>(i, nn::kNameAttr);
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(function.getResultTypes()[i]);
    if (name && type)
      lines.push_back(fmt::format("  {:<44} {:>12}  {} value{}{}\n", name.str(), ShapeOf(type),
                                  type.getNumElements(), type.getNumElements() == 1 ? "" : "s",
                                  DigitsText(function, i, visibility)));
  }
  return lines;
}

}  // namespace

Problem ProblemOf(mlir::Diagnostic& diagnostic) {
  constexpr std::string_view kAccepted = "; accepted: ", kRemedy = "; remedy: ";
  const std::string name = nn::NodeName(diagnostic.getLocation()),
                    type = OperatorOf(diagnostic.getLocation()), text = diagnostic.str();
  Problem problem{name.empty() ? "model" : name, type.empty() ? "model" : type, text,
                  "what the checks before this one let pass",
                  "report it with the file: an earlier check should have refused it"};
  const size_t accepted = text.find(kAccepted), remedy = text.find(kRemedy);
  if (accepted == std::string::npos || remedy == std::string::npos) return problem;
  for (mlir::Diagnostic& note : diagnostic.getNotes())
    problem.notes.push_back(fmt::format("'{}': {}", nn::NodeName(note.getLocation()), note.str()));
  problem.found = text.substr(0, accepted);
  problem.accepted = text.substr(accepted + kAccepted.size(), remedy - accepted - kAccepted.size());
  problem.remedy = text.substr(remedy + kRemedy.size());
  return problem;
}

std::string ReportResults(mlir::ModuleOp module) {
  std::vector<std::string> lines;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    for (const std::string& line : Results(function))
      if (!llvm::is_contained(lines, line)) lines.push_back(line);
  return lines.empty() ? "" : kResultsTitle + fmt::format("{}", fmt::join(lines, ""));
}

std::string ReportModel(mlir::ModuleOp module) {
  std::string text;
  module.walk([&](mlir::func::FuncOp function) {
    Summary summary;
    for (mlir::Operation& op : function.getBody().front()) summary.Add(&op);
    text += Inputs(function);
    text += fmt::format("{}{}", kResultsTitle, fmt::join(Results(function), ""));
    text += Table("products (activation x weight or activation)", summary.products);
    text += Table("quantizers", summary.quantizers);
    text += Table("operations", summary.ops);
    text += Table("parameters (elements)", summary.parameters);
    text += Table(summary.ranges);
  });
  return text;
}

}  // namespace mpcc
