// SPDX-License-Identifier: Apache-2.0
// Softmax, normalizations and means: what there is of each.
#include <algorithm>

#include "passes/policy/constructions.h"
#include "passes/policy/softmax_widths.h"

namespace mpcc {
namespace {

// All others follow from the policy, the bits and the row (softmax_widths.h).
ChosenWidths ScoreWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  if (policy.paper()) return {{kIndexWidth, 4}};
  return {{kIndexWidth, WidthsForSoftmax(policy, site.bits, site.row).index}};
}

ChosenWidths Of(int width, const WindowWidths& windows) {
  return {{kIndexWidth, width},
          {"levels", windows.levels},
          {"window", windows.index},
          {"gap", windows.gap}};
}

// What reads the normalized row decides how exact it has to be.
ChosenWidths NormWidths(const SiteFacts& site, const LoweringPolicy& policy) {
  const bool narrow = site.bits <= policy.norm_narrow_bits;
  ChosenWidths widths = narrow ? Of(policy.norm_width, policy.norm_windows)
                               : Of(policy.wide_norm_width, policy.wide_norm_windows);
  widths.emplace_back("ring", narrow ? policy.norm_ring : policy.wide_norm_ring);
  widths.emplace_back("floor", narrow ? policy.rsqrt_floor : policy.wide_rsqrt_floor);
  return widths;
}

// A mean in one unit is asked for in bits of its own; others take those of a row, if that is
// enough, as it is for a row before few bits.
bool IsExact(const SiteFacts& site, const LoweringPolicy& policy) {
  return site.unit_asked || site.ring > std::max(policy.row_width, policy.norm_width);
}

}  // namespace

const Construction kSoftmax{"softmax", /*exact=*/true,
                            [](const SiteFacts& site, const LoweringPolicy& policy) {
                              return site.kind == SiteKind::kProbabilities && !policy.paper();
                            },
                            Untold, ScoreWidths};
const Construction kSoftmaxByPaper{"softmax-by-paper", /*exact=*/false,
                                   [](const SiteFacts& site, const LoweringPolicy& policy) {
                                     return site.kind == SiteKind::kProbabilities && policy.paper();
                                   },
                                   Untold, ScoreWidths};
const Construction kNormWindows{
    "windows", /*exact=*/false,
    [](const SiteFacts& site, const LoweringPolicy&) { return site.kind == SiteKind::kRow; },
    Untold, NormWidths};
const Construction kVectorWindows{
    "windows", /*exact=*/false,
    [](const SiteFacts& site, const LoweringPolicy&) { return site.kind == SiteKind::kVector; },
    Untold,
    [](const SiteFacts&, const LoweringPolicy& policy) {
      return Of(policy.row_width, policy.output_norm_windows);
    }};
const Construction kMean{"mean", /*exact=*/false,
                         [](const SiteFacts& site, const LoweringPolicy& policy) {
                           return site.kind == SiteKind::kMean && !IsExact(site, policy);
                         },
                         Untold,
                         [](const SiteFacts&, const LoweringPolicy& policy) -> ChosenWidths {
                           return {{kIndexWidth, policy.row_width}};
                         }};
const Construction kExactMean{"exact-mean", /*exact=*/true,
                              [](const SiteFacts& site, const LoweringPolicy& policy) {
                                return site.kind == SiteKind::kMean && IsExact(site, policy);
                              },
                              Untold,
                              [](const SiteFacts&, const LoweringPolicy& policy) -> ChosenWidths {
                                return {{kIndexWidth, policy.exact_pool_width}};
                              }};

}  // namespace mpcc
