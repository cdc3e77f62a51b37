// SPDX-License-Identifier: Apache-2.0
#include "tools/reporter.h"

#include <fmt/format.h>

#include "frontend/check.h"
#include "ir/nn/attributes.h"
#include "ir/nn/types.h"
#include "mlir/IR/Builders.h"
#include "passes/analysis/refusal.h"
#include "runtime/net/peer_text.h"
#include "tools/progress_line.h"

namespace mpcc {
namespace {

bool IsRefusal(mlir::Diagnostic& diagnostic) {
  return !nn::NodeName(diagnostic.getLocation()).empty() ||
         diagnostic.str().find("; remedy: ") != std::string::npos;
}

constexpr size_t kMostOfName = 200, kMostOfText = 2000;  // bytes, more than any that tells

// A file's words, which may be of any bytes and of any length.
void MakeSafe(std::string& text, size_t most) {
  const bool cut = text.size() > most;
  text = SafeText(CutText(text, most)) + (cut ? "..." : "");
}

Problem Printable(Problem problem) {
  for (std::string* name : {&problem.node, &problem.op}) MakeSafe(*name, kMostOfName);
  for (std::string* text : {&problem.found, &problem.accepted, &problem.remedy})
    MakeSafe(*text, kMostOfText);
  for (std::string& note : problem.notes) MakeSafe(note, kMostOfText);
  return problem;
}

}  // namespace

Reporter::Reporter(mlir::MLIRContext& context, bool verbose)
    : verbose_(verbose), handler_(&context, [this](mlir::Diagnostic& diagnostic) {
        const bool warns = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Warning;
        const bool fails = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
        if (!warns && !(fails && IsRefusal(diagnostic))) return mlir::failure();
        (warns ? warnings_ : errors_).push_back(Printable(ProblemOf(diagnostic)));
        return mlir::success();
      }) {}

void Reporter::Print() {
  if (!warnings_.empty() || !errors_.empty()) ProgressLine::StepAside();
  Print(warnings_, "warning");
  Print(errors_, "error");
  warnings_.clear();
  errors_.clear();
}

void Reporter::Print(const Problems& problems, const char* severity) const {
  if (verbose_) {
    for (const Problem& problem : problems) {
      fmt::print(stderr, "{}: {}\n", severity, ToString(problem));
      for (const std::string& note : problem.notes) fmt::print(stderr, "  note: {}\n", note);
    }
    return;
  }
  for (const std::string& line : Summarize(problems))
    fmt::print(stderr, "{}: {}\n", severity, line);
  if (KindsOf(problems).size() < problems.size())
    fmt::print(stderr, "note: --verbose tells each of them\n");
}

void EmitProblems(mlir::MLIRContext& context, const Problems& problems) {
  context.loadDialect<nn::NnDialect>();
  mlir::Builder builder(&context);
  for (const Problem& problem : problems) {
    const mlir::Location node = mlir::NameLoc::get(builder.getStringAttr(problem.node));
    const mlir::Location loc = mlir::FusedLoc::get(
        &context, {node}, nn::NodeAttr::get(&context, builder.getStringAttr(problem.op), {}));
    Refuse(loc, problem.found, problem.accepted, problem.remedy);
  }
}

}  // namespace mpcc
