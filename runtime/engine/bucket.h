// SPDX-License-Identifier: Apache-2.0
// Inputs of any length to the programs that were compiled. The length leaks as the bucket and no
// more.
#ifndef MPCC_RUNTIME_ENGINE_BUCKET_H_
#define MPCC_RUNTIME_ENGINE_BUCKET_H_

#include "absl/status/statusor.h"
#include "runtime/engine/tensor.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

struct BucketedInputs {
  int program = 0;
  NamedTensors inputs;
};

// Picks the smallest program whose sequence length holds "input_ids" and pads every integer input
// to the extents that its LOCAL_ARGUMENT has: ids, mask and token types with 0. A missing
// "attention_mask" is 1 for every given token, a missing "token_type_ids" is 0. INVALID_ARGUMENT:
// no ids, lengths that differ, or more tokens than the largest bucket (the text lists the buckets).
// A plan without buckets (one program of sequence length 0) gets the inputs as they are.
absl::StatusOr<BucketedInputs> FitToBucket(const plan::Plan& plan, const NamedTensors& inputs);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_BUCKET_H_
