// SPDX-License-Identifier: Apache-2.0
// The leak check and the oracle side by side on mutants.
#ifndef MPCC_TEST_LEAK_TRIAL_H_
#define MPCC_TEST_LEAK_TRIAL_H_

#include <map>
#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "test/leak/exact_ways.h"
#include "test/leak/mutations.h"
#include "test/leak/views.h"

namespace mpcc::leak {

// A mutant leaks, or it is broken (leaks nothing and answers wrong), or it is sound.
struct Counts {
  int leaks = 0, leaks_accepted = 0;
  int broken = 0, broken_accepted = 0;
  int sound = 0, sound_accepted = 0;

  int all() const { return leaks + broken + sound; }
};

struct Trial {
  std::map<std::string, Counts> kinds;  // by kind of mutation
  Counts total;
  std::vector<std::string> missed;  // leaks that the check accepted

  // Judges a mutant. Nothing is counted of what no plan can be made of.
  void Add(const Mutant& mutant);
  std::string Table() const;
};

void LoadDialects(mlir::MLIRContext& context);

// A base program, split as hoist-to-offline does. Null if it does not parse.
mlir::OwningOpRef<mlir::ModuleOp> SplitProgram(mlir::MLIRContext& context, const char* text);

// The same of a program before its openings: exact reads are expanded, openings inserted and
// merged before it is split.
mlir::OwningOpRef<mlir::ModuleOp> LowerAndSplit(mlir::MLIRContext& context, const std::string& text,
                                                Way way);

// Whether verify-no-leak accepts the module; prints nothing.
bool IsAccepted(mlir::ModuleOp module);

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_TRIAL_H_
