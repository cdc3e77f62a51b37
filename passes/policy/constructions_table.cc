// SPDX-License-Identifier: Apache-2.0
// A private table of the opened index yields the quantizer's integers: in the ring that reads them,
// or in just their bits, which are lifted. The second deals less, and takes more rounds.
#include "passes/policy/constructions.h"
#include "passes/policy/seconds.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

ActivationWidths WidthsOf(const SiteFacts& site, const LoweringPolicy& policy) {
  return WidthsForActivation(policy, site.bits, site.magnitude);
}

bool IsValue(const SiteFacts& site, const LoweringPolicy& policy) {
  return site.kind == SiteKind::kValue && WidthsOf(site, policy).table;
}

bool IsFunction(const SiteFacts& site, const LoweringPolicy&) {
  return site.kind == SiteKind::kFunction;
}

// Bits of the quantizer's integers and one that lift needs.
int Narrow(const SiteFacts& site) { return site.magnitude + (site.is_unsigned ? 1 : 2); }

// A unit that is asked for takes the ring's bits.
bool MayLift(const SiteFacts& site, const LoweringPolicy& policy) {
  return !policy.paper() && !site.unit_asked && Narrow(site) < site.ring;
}

// The index of the table that requantizes, which that of a function has not been fused with yet.
int Index(const SiteFacts& site, const LoweringPolicy& policy) {
  return site.kind == SiteKind::kFunction ? policy.function_width : WidthsOf(site, policy).index;
}

double StraightSeconds(const SiteFacts& site, const LoweringPolicy& policy) {
  const NetworkProfile& net = policy.network;
  return TableSeconds(net, site.elements, Index(site, policy), site.ring) +
         OpeningSeconds(net, site.elements, site.ring);
}

double LiftedSeconds(const SiteFacts& site, const LoweringPolicy& policy) {
  const NetworkProfile& net = policy.network;
  return TableSeconds(net, site.elements, Index(site, policy), Narrow(site)) +
         LiftSeconds(net, site.elements, Narrow(site), site.ring);
}

ChosenWidths StraightWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  if (site.kind == SiteKind::kFunction)
    return {{kIndexWidth, FunctionIndexBits(policy, site.bits)}};
  return {{kIndexWidth, WidthsOf(site, policy).index}};
}

ChosenWidths LiftedWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  ChosenWidths widths = StraightWidths(site, policy);
  widths.emplace_back("narrow", Narrow(site));
  return widths;
}

}  // namespace

const Construction kTable{"table", false, IsValue, StraightSeconds, StraightWidths};
const Construction kTableAndLift{"table-and-lift", false,
                                 [](const SiteFacts& site, const LoweringPolicy& policy) {
                                   return IsValue(site, policy) && MayLift(site, policy);
                                 },
                                 LiftedSeconds, LiftedWidths};
const Construction kFunctionTable{"function-table", false, IsFunction, StraightSeconds,
                                  StraightWidths};
const Construction kFunctionTableAndLift{"function-table-and-lift", false,
                                         [](const SiteFacts& site, const LoweringPolicy& policy) {
                                           return IsFunction(site, policy) && MayLift(site, policy);
                                         },
                                         LiftedSeconds, LiftedWidths};

}  // namespace mpcc
