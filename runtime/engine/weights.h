// SPDX-License-Identifier: Apache-2.0
// Private weights: whole at P0, additive shares at P1 and P2 from set-up on. Prepared once, used by
// every inference.
#ifndef MPCC_RUNTIME_ENGINE_WEIGHTS_H_
#define MPCC_RUNTIME_ENGINE_WEIGHTS_H_

#include <cstdint>
#include <span>

#include "runtime/engine/step.h"

namespace mpcc::engine {

// Bytes of P2's corrections of all shared constants, back to back, each a multiple of 8.
uint64_t SetupBytes(const plan::Plan& plan);

// P0: writes them, SetupBytes(plan) bytes. `k01` is the set-up generator of P0 and P1. The sink's
// errors.
absl::Status DealWeights(const LoadedPlan& plan, Prg& k01, PieceSink& corrections);

// P0: from the plan's constants. P1: drawn from the set-up generator. P2: from P0's corrections.
// REQUIRES: corrections have SetupBytes bytes.
WeightTable WeightsOfModelOwner(const LoadedPlan& plan);
WeightTable WeightSharesOfDataOwner(const LoadedPlan& plan, Prg& k01);
WeightTable WeightSharesOfAssistant(const LoadedPlan& plan, std::span<const uint8_t> corrections);

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_WEIGHTS_H_
