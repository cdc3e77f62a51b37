// SPDX-License-Identifier: Apache-2.0
// Operands of products. What saturates is read in the quantizer's steps and held between its ends;
// of a function, private tables yield the bits of what the quantizer stores, or public lines its
// value, which is read like any other. The paper has private tables of an index as narrow as the
// operand.
#include <cmath>

#include "passes/policy/constructions.h"
#include "passes/policy/read_cost.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

template <SiteKind kind, bool paper>
bool Is(const SiteFacts& site, const LoweringPolicy& policy) {
  return site.kind == kind && policy.paper() == paper;
}

ChosenWidths FunctionWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  return {{kIndexWidth, site.index > 0 ? site.index : FunctionIndexBits(policy, site.bits)}};
}

// Lengths differ between the programs of a model, and its weights do not: so many rows.
constexpr int kRows = 16;

// What follows adds up the operations that rewrite_site.cc makes, per element and roughly: reads by
// digits take about ten dealt bits for each bit that they read, more for each that they yield.
double TableSeconds(const SiteFacts& site, const LoweringPolicy& policy) {
  const int index = IndexOf(FunctionWidths(site, policy));
  const double elements = static_cast<double>(site.row) * kRows;
  return ReadCost{4, elements * 60, elements * (150 + std::ldexp(site.bits, index))}.Seconds(
      policy.network);
}

bool HasLines(const SiteFacts& site, const LoweringPolicy& policy) {
  return Is<SiteKind::kFunction, false>(site, policy) && site.cells > 0 && policy.function_lines;
}

double LinesSeconds(const SiteFacts& site, const LoweringPolicy& policy) {
  constexpr int kIndexReads = 600, kValueReads = 400;
  const int fraction = site.operand - policy.function_reach - 2;
  const int ring = LinesRing(policy, site.bits, fraction);
  const int planes = SlopeBits(site.bits) + fraction + 2;
  const double dealt = kIndexReads + kValueReads + std::ldexp(1, site.cells) + 0.8 * planes * ring;
  const double elements = static_cast<double>(site.row) * kRows;
  return ReadCost{11, elements * 8 * ring, elements * dealt}.Seconds(policy.network);
}

ChosenWidths LinesWidths(const SiteFacts& site, const LoweringPolicy&) {
  return {{kIndexWidth, site.operand}, {"cells", site.cells}};
}

ChosenWidths ValueWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  return {{kIndexWidth, site.index > 0 ? site.index : ValueIndexBits(policy, site.bits)}};
}

}  // namespace

const Construction kSaturation{"saturation", /*exact=*/true, Is<SiteKind::kValue, false>, Untold,
                               ValueWidths};
const Construction kFunctionBits{"function-bits", /*exact=*/false, Is<SiteKind::kFunction, false>,
                                 TableSeconds, FunctionWidths};
const Construction kFunctionLines{"function-lines", /*exact=*/true, HasLines, LinesSeconds,
                                  LinesWidths};
const Construction kTable{"table", /*exact=*/false, Is<SiteKind::kValue, true>, Untold,
                          ValueWidths};
const Construction kFunctionTable{"function-table", /*exact=*/false, Is<SiteKind::kFunction, true>,
                                  Untold, FunctionWidths};

}  // namespace mpcc
