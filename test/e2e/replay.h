// SPDX-License-Identifier: Apache-2.0
// Replay equality: the runtime against the reference interpreter, wire by wire and bit by bit.
#ifndef MPCC_TEST_E2E_REPLAY_H_
#define MPCC_TEST_E2E_REPLAY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "ir/reference/mpc_inputs.h"
#include "ir/reference/mpc_interpreter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

// Loads the dialects that programs are written in.
void LoadDialects(mlir::MLIRContext& context);

// The stages that a module has before it.
enum class Stage { kNn, kMpc, kShares };

// Compiles to split programs: from nn by the whole pipeline, from mpc in any sharing by
// the later stages, from explicit shares by the last.
absl::Status CompileModule(mlir::ModuleOp module, Stage stage, bool paper = false);

// The same for the text of a module.
absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>> CompileText(mlir::MLIRContext& context,
                                                              const std::string& text, Stage stage,
                                                              bool paper = false);

struct ReplayReport {
  size_t share_wires = 0;  // compared at P1 and at P2, each with all its components
  size_t local_wires = 0;  // compared at P1
  Cost cost;               // measured by P2 and predicted by the plans; they are equal
  std::vector<reference::LocalTensor> outputs;
};

// Runs inference number `inputs.seed` of the module's first program with the engine, its inputs and
// keys made of that seed, and compares every wire of P1 and P2 with a replay by the interpreter.
// INTERNAL names the first operation with a difference, party and component; also when the measured
// cost is not the plan's.
absl::StatusOr<ReplayReport> Replay(mlir::ModuleOp module, const reference::RandomInputs& inputs);

// The same with these inputs.
absl::StatusOr<ReplayReport> Replay(mlir::ModuleOp module, uint64_t seed,
                                    const std::vector<reference::LocalTensor>& inputs);

}  // namespace mpcc

#endif  // MPCC_TEST_E2E_REPLAY_H_
