// SPDX-License-Identifier: Apache-2.0
// A value that no table of its whole index requantizes: rounded to the quantizer's steps by a small
// table of the index's fraction, and lifted.
#include "passes/policy/constructions.h"
#include "passes/policy/seconds.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

ActivationWidths WidthsOf(const SiteFacts& site, const LoweringPolicy& policy) {
  return WidthsForActivation(policy, site.bits, site.magnitude);
}

double SecondsOf(const SiteFacts& site, const LoweringPolicy& policy) {
  const ActivationWidths widths = WidthsOf(site, policy);
  const NetworkProfile& net = policy.network;
  return TableSeconds(net, site.elements, widths.fraction, widths.index) +
         LiftSeconds(net, site.elements, widths.index - widths.fraction, site.ring);
}

}  // namespace

const Construction kRoundAndLift{
    "round-and-lift", /*exact=*/true,
    [](const SiteFacts& site, const LoweringPolicy& policy) {
      return site.kind == SiteKind::kValue && !WidthsOf(site, policy).table;
    },
    SecondsOf,
    [](const SiteFacts& site, const LoweringPolicy& policy) -> ChosenWidths {
      const ActivationWidths widths = WidthsOf(site, policy);
      return {{kIndexWidth, widths.index}, {"fraction", widths.fraction}};
    }};

}  // namespace mpcc
