// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_EXAMPLES_EMBEDDING_INFER_H_
#define MPCC_EXAMPLES_EMBEDDING_INFER_H_

#include "mpcc/data_owner.h"
#include "mpcc/party_config.h"

// One private inference with P0, P1 and P2 in this process, each with its plan and its state
// directory. The second time the set-up is kept.
absl::StatusOr<mpcc::Answer> InferInOneProcess(const mpcc::PartyConfig (&parties)[3],
                                               const mpcc::NamedTensors& inputs);

#endif  // MPCC_EXAMPLES_EMBEDDING_INFER_H_
