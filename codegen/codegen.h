// SPDX-License-Identifier: Apache-2.0
// The compiler's last stage: from a module of split, scheduled and buffer-planned programs
// (passes/offline) to plan files.
#ifndef MPCC_CODEGEN_CODEGEN_H_
#define MPCC_CODEGEN_CODEGEN_H_

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/plan/plan_file.h"

namespace mpcc {

// A plan in memory, with the constants it indexes.
struct PartyPlan {
  plan::Plan plan;
  ConstantSection constants;
};

// The plan of one party without a set id. Nothing in the plans of parties 1 and 2 is a function of
// a private constant. Failure, after a located diagnostic, if the module has no program, or an
// operation has no place in a plan.
mlir::FailureOr<PartyPlan> BuildPlan(mlir::ModuleOp module, int party);

// SHA-256 over the plans of P1 and P2 without the values of P1's plaintext constants (the
// embedding): equal for all models of one architecture, and for nothing else.
std::array<uint8_t, 32> SetIdOf(const PartyPlan& party1, const PartyPlan& party2);

// Writes party0.plan, party1.plan and party2.plan into `out_dir`, which is created if need be.
// Every plan is validated first; the files appear under their names when all three are complete.
// INVALID_ARGUMENT if a plan cannot be made (the module's diagnostics say why), UNAVAILABLE if a
// file cannot be written. `tokenizer` travels in P1's plan and is no part of the set id.
absl::Status WritePlans(mlir::ModuleOp module, const std::string& out_dir,
                        const std::string& tokenizer = "");

}  // namespace mpcc

#endif  // MPCC_CODEGEN_CODEGEN_H_
