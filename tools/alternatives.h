// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_ALTERNATIVES_H_
#define MPCC_TOOLS_ALTERNATIVES_H_

#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "mpcc/cost.h"
#include "passes/pipeline.h"
#include "runtime/base/network_profile.h"

namespace mpcc {

// Plans that a canonical network might have had.
struct Alternative {
  std::string name;
  std::string problem;      // why it does not compile so; else empty
  std::vector<Cost> costs;  // of each program
};

// What a canonical network would cost if it were compiled for other networks, or without one of the
// constructions that there are to choose among; the first is as it was asked for. The module stays
// as it is.
std::vector<Alternative> AlternativesOf(mlir::ModuleOp canonical, const PipelineOptions& options);

// A table, a line for each; of several programs a line for each of them too. Times are of one
// network.
std::string ToString(const std::vector<Alternative>& alternatives, const NetworkProfile& network);

}  // namespace mpcc

#endif  // MPCC_TOOLS_ALTERNATIVES_H_
