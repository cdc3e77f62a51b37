// SPDX-License-Identifier: Apache-2.0
// Inputs of any length to the programs that were compiled. The length leaks as the bucket and no
// more.
#ifndef MPCC_RUNTIME_SESSION_BUCKET_H_
#define MPCC_RUNTIME_SESSION_BUCKET_H_

#include "absl/status/statusor.h"
#include "mpcc/tensor.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc::session {

struct BucketedInputs {
  int program = 0;
  NamedTensors inputs;  // by the names of the plan's arguments
};

// Picks the smallest program whose sequence length holds the token ids, and lays out every input in
// the extents that its LOCAL_ARGUMENT has, by the roles and paddings there:
// - an input is found by the plan's name or by a usual name of its role ("input_ids",
//   "attention_mask", "token_type_ids", "position_ids" and their like);
// - inputs of a role have values for the given tokens, or all that the program takes; others are
//   given whole. Integers are taken where f32 is needed;
// - positions are padded with their last;
// - masks are 0 or 1, ids, types and positions not negative, and all numbers finite;
// - without them, masks keep every given token, types and biases are 0, positions count from 0.
// INVALID_ARGUMENT: no ids, names that the plan does not have (the text lists those it has),
// lengths that differ, more tokens than the largest program (the text lists the lengths), or less
// than a program of exact length takes, or values that the role does not allow. A plan without
// token ids gets the inputs as they are, if none of these is negative, in its first program.
absl::StatusOr<BucketedInputs> FitToBucket(const plan::Plan& plan, const NamedTensors& inputs);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_BUCKET_H_
