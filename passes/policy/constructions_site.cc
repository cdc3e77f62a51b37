// SPDX-License-Identifier: Apache-2.0
// Operands of products. What saturates is read in the quantizer's steps and held between its ends;
// of a function, private tables yield the bits of what the quantizer stores. The paper has private
// tables of an index as narrow as the operand.
#include "passes/policy/constructions.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

// The only one of its kind: its time is not asked for.
double Untold(const SiteFacts&, const LoweringPolicy&) { return 0; }

template <SiteKind kind, bool paper>
bool Is(const SiteFacts& site, const LoweringPolicy& policy) {
  return site.kind == kind && policy.paper() == paper;
}

ChosenWidths FunctionWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  return {{kIndexWidth, FunctionIndexBits(policy, site.bits)}};
}

ChosenWidths ValueWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  return {{kIndexWidth, ValueIndexBits(policy, site.bits)}};
}

}  // namespace

const Construction kSaturation{"saturation", /*exact=*/true, Is<SiteKind::kValue, false>, Untold,
                               ValueWidths};
const Construction kFunctionBits{"function-bits", /*exact=*/false, Is<SiteKind::kFunction, false>,
                                 Untold, FunctionWidths};
const Construction kTable{"table", /*exact=*/false, Is<SiteKind::kValue, true>, Untold,
                          ValueWidths};
const Construction kFunctionTable{"function-table", /*exact=*/false, Is<SiteKind::kFunction, true>,
                                  Untold, FunctionWidths};

}  // namespace mpcc
