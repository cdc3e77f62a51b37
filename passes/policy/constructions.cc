// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/constructions.h"

#include <cassert>

namespace mpcc {
namespace {

const Construction* const kAll[] = {
    &kSaturation,     &kFunctionBits, &kFunctionLines, &kTable, &kFunctionTable, &kSoftmax,
    &kSoftmaxByPaper, &kNormWindows,  &kVectorWindows, &kMean,  &kExactMean};

}  // namespace

int IndexOf(const ChosenWidths& widths) {
  for (const auto& [name, bits] : widths)
    if (name == kIndexWidth) return bits;
  assert(false && "a construction that says not in how many bits it reads");
  return 0;
}

std::span<const Construction* const> Constructions() { return kAll; }

const Construction& ChooseConstruction(const SiteFacts& site, const LoweringPolicy& policy) {
  const Construction* best = nullptr;
  double least = 0;
  for (const Construction* construction : kAll) {
    if (!construction->applies(site, policy)) continue;
    const double seconds = construction->seconds(site, policy);
    if (best && seconds >= least) continue;
    best = construction;
    least = seconds;
  }
  assert(best);
  return *best;
}

}  // namespace mpcc
