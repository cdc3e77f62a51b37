// SPDX-License-Identifier: Apache-2.0
// Plans as large as an encoder's, with random weights and tables, for benchmarks: each layer is the
// linear layers, attention products and tables of a BERT layer with 16-bit accumulators and k-bit
// indices. The numbers mean nothing.
#ifndef MPCC_RUNTIME_ENGINE_SYNTHETIC_ENCODER_H_
#define MPCC_RUNTIME_ENGINE_SYNTHETIC_ENCODER_H_

#include "runtime/plan/test_plans.h"

namespace mpcc::engine {

struct EncoderSize {
  uint32_t layers = 12, tokens = 16, width = 768, heads = 12, inner = 3072;
  uint32_t index_bits = 6;
};

TestPlans SyntheticEncoder(const EncoderSize& size);

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_SYNTHETIC_ENCODER_H_
