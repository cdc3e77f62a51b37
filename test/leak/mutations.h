// SPDX-License-Identifier: Apache-2.0
// Changes of a split program, one each: such as a mistake of a pass or a forged file could make,
// and such as change nothing that matters.
#ifndef MPCC_TEST_LEAK_MUTATIONS_H_
#define MPCC_TEST_LEAK_MUTATIONS_H_

#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mpcc::leak {

struct Mutant {
  std::string kind;  // of the mutation
  std::string what;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

// Every mutant of the module that is a valid module; those that print alike are one.
std::vector<Mutant> MutantsOf(mlir::ModuleOp module);

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_MUTATIONS_H_
