// SPDX-License-Identifier: Apache-2.0
// What each party sees of small programs, over all seeds, inputs and models: an oracle of leakage
// that knows the formulas of docs/protocol.md and nothing of the compiler's check.
//
// Rings have 2 to 6 bits and values at most 16 elements, so that everything can be counted. A model
// is what the constants with the attribute `mpc.model_part` (a number; equal numbers are one
// constant) may hold; the others have `mpc.fixed`, one integer. Streams are told apart by key and
// number alone, modulo 2^32: their roles, which the runtime adds, would hide mistakes in numbers.
//
// The online half, with the attributes of constants on its placeholders, says what is computed, and
// `nn.results` which of its results are the model's. Nobody may learn more:
// - P0's view does not depend on the input, P2's neither on the input nor on the model;
// - P1's view of two models that give the same results for its input is the same;
// - no element of a result is a function of the model alone.
#ifndef MPCC_TEST_LEAK_VIEWS_H_
#define MPCC_TEST_LEAK_VIEWS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "mlir/IR/BuiltinOps.h"

namespace mpcc::leak {

struct Verdict {
  std::string leak;          // who learns too much, "" if nobody
  bool works = false;        // what is revealed is what the online half says, in every run
  uint64_t assignments = 0;  // of the randomness, for one input and model
  uint64_t compared = 0;     // P1's views that were those of another model with equal results
};

// How much is counted. As it stands: all seeds, inputs and models.
//
// With `samples` views are conditioned on what the viewer has of the vectors that P0 deals: on so
// many samples of it in place of all, with all of the rest of the randomness. This is for vectors
// whose stream serves nothing else; others are counted. P1's half of such a vector is uniform and
// P2's is the vector less that; or P2's is uniform and P1's is the vector less that, which is the
// same. So no condition has probability 0, and views that are alike under every one are alike.
struct Effort {
  int max_bits = 22;  // of all runs, 2^max_bits
  uint64_t samples = 0;
  bool samples_masks = false;  // the masks that the viewer draws itself are sampled, too
  uint64_t inputs = ~uint64_t{0}, models = ~uint64_t{0};  // at most so many, if there are more
};

// Of all programs of a module together, one inference each. A verdict on a leak is given as soon as
// two views differ; `works` is then unknown. INVALID_ARGUMENT for what no plans could be written
// of, or more runs than the effort allows.
absl::StatusOr<Verdict> Judge(mlir::ModuleOp module, const Effort& effort = {});

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_VIEWS_H_
