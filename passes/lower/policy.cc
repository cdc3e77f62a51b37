// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/policy.h"

#include <algorithm>

#include "runtime/protocol/cost.h"

namespace mpcc {

int CeilLog2(int64_t n) {
  int bits = 0;
  while ((int64_t{1} << bits) < n) ++bits;
  return bits;
}

LoweringPolicy PolicyFromOptions(bool paper, int table_bits, int extra_index_bits) {
  LoweringPolicy policy;
  policy.kind = paper ? LoweringKind::kPaper : LoweringKind::kDefault;
  policy.table_bits = table_bits;
  policy.extra_index_bits = extra_index_bits;
  return policy;
}

int PublicMagnitude(const LoweringPolicy& policy, int bits, bool is_signed) {
  return bits <= policy.table_bits && is_signed ? bits - 1 : bits;
}

ActivationWidths WidthsForActivation(const LoweringPolicy& policy, int bits, int magnitude) {
  if (policy.paper()) return {magnitude, 4, true};
  if (bits <= policy.table_bits) return {magnitude, bits + policy.extra_index_bits, true};
  // One bit of sign and one that lift needs.
  const int wire = magnitude + policy.headroom_bits;
  return {wire, wire + 2 + policy.fraction_bits, false};
}

int FunctionIndexBits(const LoweringPolicy& policy, int bits) {
  if (policy.paper()) return 4;
  return bits <= policy.table_bits ? bits + policy.extra_index_bits + 1 : bits + 2;
}

unsigned AccumulatorRing(int x_magnitude, int w_magnitude, int64_t terms) {
  const int bits = x_magnitude + w_magnitude + CeilLog2(terms) + 1;
  return bits <= 16 ? 16 : bits <= 32 ? 32 : bits <= 64 ? 64 : 0;
}

unsigned ComputedProductRing(const LoweringPolicy& policy, int bits) {
  if (policy.paper() || bits <= policy.table_bits) return 16;
  return bits <= 10 ? 32 : 64;
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
  const int log_row = CeilLog2(row);
  const bool narrow = activation_bits <= 4;
  w.steps_log2 = 8;
  w.low = w.steps_log2 + 4;  // 2^4 = kLowOctaves
  // 16 or 64 entries of the dealt tables: 128 or 512 octaves of scores, as many of masked ones.
  w.index = w.low + (narrow ? 4 : 6);
  w.temperature = row <= 128 ? 4 : 3;

  // Rows' maxima may differ by `octaves` times the temperature; one octave of headroom.
  w.coarse = {3 + kLowOctaves / w.temperature, 5, 0, 0};
  const int overhead = w.coarse.fraction + w.coarse.factor_bits + log_row + 2;
  w.coarse.octaves = std::min(narrow ? 32 : 48, 64 - overhead);
  w.coarse.ring = w.coarse.octaves + overhead;
  w.coarse_windows = narrow ? WindowWidths{6, 8, 6} : WindowWidths{6, 10, 8};

  // The coarse sum overestimates the maximum by at most temperature * log2(row) octaves.
  w.fine = {8 + kLowOctaves, 6, w.temperature * log_row + 2, 0};
  w.fine.ring = w.fine.octaves + w.fine.fraction + w.fine.factor_bits + 3;
  const int gap = 4, span = (w.temperature - 1) * log_row + 3;
  w.fine_windows = {(span + gap - 1) / gap, narrow ? 9 : 10, gap};

  // 1.0 lies just below half the ring.
  w.result = {10 + kLowOctaves, 10, 0, 0};
  w.result.ring = w.result.fraction + w.result.factor_bits + 1;
  return w;
}

}  // namespace mpcc
