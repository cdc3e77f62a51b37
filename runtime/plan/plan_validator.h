// SPDX-License-Identifier: Apache-2.0
// The one check of a plan, done when it is loaded: whoever holds a LoadedPlan may index without
// asking again.
#ifndef MPCC_RUNTIME_PLAN_PLAN_VALIDATOR_H_
#define MPCC_RUNTIME_PLAN_PLAN_VALIDATOR_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// Bounds that keep every size computation within 64 bits.
inline constexpr uint64_t kMaxWireElements = uint64_t{1} << 34;
inline constexpr int kMaxRank = 5;
inline constexpr int kMaxIndexBits = 20;
inline constexpr int kMaxProductFactors = 6;
inline constexpr uint64_t kMaxMaterialBytes = uint64_t{1} << 46;

// OK, or INVALID_ARGUMENT that says where and what. Checked: party and set id; constants inside the
// section, aligned, of exactly their size and reduced in their rings; each opcode at a party that
// runs it, with its arity, shapes, widths and parameters; wires defined once and before use, of
// kinds that the party holds; slots as large as their largest wire and never shared by wires that
// are alive together; streams unique; corrections and costs exactly those that the steps imply;
// what is revealed depends on P1's input and is an output (leak_rules.h).
absl::Status ValidatePlan(const plan::Plan& plan, std::span<const uint8_t> constants);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PLAN_VALIDATOR_H_
