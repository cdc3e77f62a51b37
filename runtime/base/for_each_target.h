// SPDX-License-Identifier: Apache-2.0
// For tests of kernels: every instruction set in turn.
#ifndef MPCC_RUNTIME_BASE_FOR_EACH_TARGET_H_
#define MPCC_RUNTIME_BASE_FOR_EACH_TARGET_H_

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace mpcc {

// Runs fn once for each instruction set that is compiled in and that this machine has.
template <typename Fn>
void ForEachTarget(Fn fn) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    fn();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_FOR_EACH_TARGET_H_
