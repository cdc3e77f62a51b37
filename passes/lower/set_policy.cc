// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/passes.h"
#include "passes/policy/policy_attribute.h"
#include "passes/policy/policy_keys.h"

namespace mpcc {

#define GEN_PASS_DEF_SETPOLICY
#include "passes/lower/passes.h.inc"

namespace {

struct SetPolicyPass : impl::SetPolicyBase<SetPolicyPass> {
  using SetPolicyBase::SetPolicyBase;

  void runOnOperation() override {
    auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    for (const std::string& assignment : policyValues) {
      const auto status = SetPolicyKey(*policy, assignment);
      if (status.ok()) continue;
      getOperation().emitError(std::string(status.message()));
      return signalPassFailure();
    }
    SetPolicy(getOperation(), *policy);
  }
};

}  // namespace
}  // namespace mpcc
