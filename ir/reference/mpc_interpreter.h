// SPDX-License-Identifier: Apache-2.0
// Interpreter of the mpc dialect: the oracle of compiler passes and of the runtime. It shares no
// code with the runtime's kernels and protocol; only the streams of the pair keys are the same.
//
// Modes:
//   ideal    deterministic rounding, every sharing stands for its value; the program means the same
//            before and after every pass (mpc_ideal.h)
//   random   components under keys made of a seed, streams numbered as they come; for properties of
//            programs without stream numbers. Abstract ops are refused
//   replay   components under a session's keys and the program's `streams`: bit for bit what P1 and
//            P2 hold on every wire in that inference (mpc_shares.h)
#ifndef MPCC_IR_REFERENCE_MPC_INTERPRETER_H_
#define MPCC_IR_REFERENCE_MPC_INTERPRETER_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/reference/mpc_ideal.h"
#include "ir/reference/mpc_random.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::reference {

enum class RunMode { kIdeal, kRandom, kReplay };

// Sees every result of ShareType as it is computed; `result` is its index among the op's results.
using WireObserver =
    std::function<void(mlir::Operation* op, unsigned result, const Components& wire)>;
// The same for results that are plaintext at P1.
using LocalObserver =
    std::function<void(mlir::Operation* op, unsigned result, const LocalTensor& wire)>;

// Gives a result of ShareType other integers, which all later operations read; empty to leave it.
using WireReplacer = std::function<std::vector<int64_t>(mlir::Operation* op, unsigned result)>;

struct RunOptions {
  RunMode mode = RunMode::kIdeal;
  SessionKeys keys;   // replay
  uint64_t seed = 0;  // random
  WireObserver observer;
  LocalObserver local_observer;
  WireReplacer replacer;      // ideal: after the observer has seen what was computed
  bool check_ranges = false;  // ideal: collect Outputs::range_errors
};

struct Outputs {
  std::vector<Wire> values;  // of the return, in order; sharings as Components in every mode
  std::vector<RangeError> range_errors;
};

// Runs a verified function of one block. `inputs` has a tensor for each argument: the plaintext,
// or, for an argument of ShareType, the integers it holds, which are shared as `input` would. Ops
// of the nn dialect compute P1's plaintext. INVALID_ARGUMENT, with the location, for inputs that do
// not fit and ops that the mode has no meaning for.
absl::StatusOr<Outputs> RunMpc(mlir::func::FuncOp function, const std::vector<LocalTensor>& inputs,
                               const RunOptions& options = {});

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_INTERPRETER_H_
