// SPDX-License-Identifier: Apache-2.0
// Kinds of declared leakage that a plan's own steps show, so that whoever loads it can check that
// it says so.
#ifndef MPCC_RUNTIME_PLAN_LEAK_KINDS_H_
#define MPCC_RUNTIME_PLAN_LEAK_KINDS_H_

namespace mpcc {

// Steps round at random: who asks one question again and again learns the weights behind them.
inline constexpr char kRoundingCoins[] = "rounding-coins";

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_LEAK_KINDS_H_
