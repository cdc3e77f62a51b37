// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/policy.h"

#include "runtime/protocol/cost.h"

namespace mpcc {

int CeilLog2(int64_t n) {
  int bits = 0;
  while ((int64_t{1} << bits) < n) ++bits;
  return bits;
}

ActivationWidths WidthsForActivation(const LoweringPolicy& policy, int bits, int magnitude) {
  if (policy.paper()) return {magnitude, 4, true};
  if (bits <= policy.table_bits) return {magnitude, bits + policy.extra_index_bits, true};
  // One bit of sign, one that lift needs, one of headroom instead of saturation.
  return {magnitude + policy.fraction_bits + 1, magnitude + policy.fraction_bits + 3, false};
}

int FunctionIndexBits(const LoweringPolicy& policy, int bits) {
  if (policy.paper()) return 4;
  return bits <= policy.table_bits ? bits + policy.extra_index_bits + 1 : bits + 1;
}

unsigned AccumulatorRing(int x_magnitude, int w_magnitude, int64_t terms) {
  const int bits = x_magnitude + w_magnitude + CeilLog2(terms) + 1;
  return bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

namespace {

double Seconds(const NetworkProfile& net, int64_t elements, const ElementCost& cost) {
  const double n = static_cast<double>(elements);
  return cost.rounds * net.round_seconds +
         n * cost.online_bits_p1_to_p2 / net.online_bits_per_second +
         n * cost.dealt_bits / net.offline_bits_per_second;
}

}  // namespace

bool PreferNarrowTable(const LoweringPolicy& policy, int64_t elements, int index_bits, int narrow,
                       int wire) {
  if (policy.paper() || narrow >= wire) return false;
  const NetworkProfile& net = policy.network;
  auto open = [&](int width) {
    return Seconds(net, elements, CostPerElement(Operation::kReshare, width, width));
  };
  auto table = [&](int width) {
    return Seconds(net, elements, CostPerElement(Operation::kLut, index_bits, width, index_bits));
  };
  const double wide_seconds = table(wire) + open(wire);
  const double narrow_seconds =
      table(narrow) + open(narrow) + open(wire - narrow) +
      Seconds(net, elements, CostPerElement(Operation::kWrap, narrow, wire - narrow));
  return narrow_seconds < wide_seconds;
}

SoftmaxWidths WidthsForSoftmax(int activation_bits, int64_t row) {
  SoftmaxWidths w{};
  w.steps_per_octave_log2 = activation_bits <= 4 ? 8 : 10;
  // 16 entries of the dealt table, one for 16 octaves: 128 octaves and as many for masked ones.
  w.index = w.steps_per_octave_log2 + 8;
  w.low = w.steps_per_octave_log2 + 4;
  w.dynamic_range = 20;
  w.exp_fraction = 4 + 16;  // the low factor adds up to 16 octaves
  w.exp_factor_bits = 8;
  // Two octaves of headroom above the calibrated maximum.
  w.exp_ring = w.dynamic_range + w.exp_fraction + w.exp_factor_bits + CeilLog2(row) + 3;
  w.p_fraction = 10 + 16;
  w.p_factor_bits = 10;
  w.p_ring = w.p_fraction + w.p_factor_bits + 1;  // 1.0 is just below half the ring
  return w;
}

}  // namespace mpcc
