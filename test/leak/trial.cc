// SPDX-License-Identifier: Apache-2.0
#include "test/leak/trial.h"

#include <fmt/format.h>

#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/leak/passes.h"
#include "passes/mpc/passes.h"
#include "passes/offline/passes.h"

namespace mpcc::leak {
namespace {

bool Run(mlir::ModuleOp module, std::unique_ptr<mlir::Pass> pass) {
  mlir::PassManager pm(module.getContext());
  pm.addPass(std::move(pass));
  return mlir::succeeded(pm.run(module));
}

void Count(const Verdict& verdict, bool accepted, Counts& counts) {
  if (!verdict.leak.empty()) {
    ++counts.leaks, counts.leaks_accepted += accepted;
  } else if (!verdict.works) {
    ++counts.broken, counts.broken_accepted += accepted;
  } else {
    ++counts.sound, counts.sound_accepted += accepted;
  }
}

}  // namespace

void LoadDialects(mlir::MLIRContext& context) {
  context.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect>();
  context.disableMultithreading();
}

mlir::OwningOpRef<mlir::ModuleOp> SplitProgram(mlir::MLIRContext& context, const char* text) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  return module && Run(*module, createHoistToOffline()) ? std::move(module) : nullptr;
}

mlir::OwningOpRef<mlir::ModuleOp> LowerAndSplit(mlir::MLIRContext& context, const std::string& text,
                                                Way way) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module) return nullptr;
  Expand(*module, way);
  mlir::PassManager pm(&context);
  pm.addNestedPass<mlir::func::FuncOp>(createExpandExactReads());
  pm.addNestedPass<mlir::func::FuncOp>(createInsertShareConversions());
  pm.addNestedPass<mlir::func::FuncOp>(createMergeOpenings());
  pm.addPass(createHoistToOffline());
  return mlir::succeeded(pm.run(*module)) ? std::move(module) : nullptr;
}

bool IsAccepted(mlir::ModuleOp module) {
  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());  // the check writes disclosures
  mlir::ScopedDiagnosticHandler quiet(module.getContext(),
                                      [](mlir::Diagnostic&) { return mlir::success(); });
  return Run(*copy, createVerifyNoLeak());
}

void Trial::Add(const Mutant& mutant) {
  const absl::StatusOr<Verdict> verdict = Judge(*mutant.module);
  if (!verdict.ok()) return;
  const bool accepted = IsAccepted(*mutant.module);
  Count(*verdict, accepted, kinds[mutant.kind]);
  Count(*verdict, accepted, total);
  if (accepted && !verdict->leak.empty())
    missed.push_back(fmt::format("{}: {} leaks to {}", mutant.kind, mutant.what, verdict->leak));
}

std::string Trial::Table() const {
  std::string text = fmt::format("{:30} {:>6} {:>9} {:>7} {:>9} {:>6} {:>9}\n", "kind of mutation",
                                 "leak", "accepted", "broken", "accepted", "sound", "accepted");
  const auto row = [&](const std::string& kind, const Counts& c) {
    text += fmt::format("{:30} {:6} {:9} {:7} {:9} {:6} {:9}\n", kind, c.leaks, c.leaks_accepted,
                        c.broken, c.broken_accepted, c.sound, c.sound_accepted);
  };
  for (const auto& [kind, counts] : kinds) row(kind, counts);
  row("all", total);
  return text;
}

}  // namespace mpcc::leak
