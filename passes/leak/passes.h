// SPDX-License-Identifier: Apache-2.0
// The check that stands after the stages which make programs, declared and documented in passes.td.
#ifndef MPCC_PASSES_LEAK_PASSES_H_
#define MPCC_PASSES_LEAK_PASSES_H_

#include <memory>

#include "ir/mpc/mpc.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mpcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/leak/passes.h.inc"

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_PASSES_H_
