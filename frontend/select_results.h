// SPDX-License-Identifier: Apache-2.0
// What a plan reveals to the data owner: the results that are asked for, pooled in private.
#ifndef MPCC_FRONTEND_SELECT_RESULTS_H_
#define MPCC_FRONTEND_SELECT_RESULTS_H_

#include <set>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// The outputs of a graph that are named, in the order of the file; all of them without names. A
// name that is no output is a problem.
std::vector<std::string> ChosenOutputs(const onnx::GraphProto& graph,
                                       const std::vector<std::string>& named, Problems& problems);

// Outputs, and the tensors that nodes read which they need.
std::set<std::string> Needed(const onnx::GraphProto& graph,
                             const std::vector<std::string>& outputs);

// Tensors of nodes that `outputs` do not need.
std::set<std::string> LeftOut(const onnx::GraphProto& graph,
                              const std::vector<std::string>& outputs);

// Pools the results of an imported function and brings them to length 1, as `options` say. Results
// of tokens have an extent for each token, one of the width of a vector, and 1 for others. The mean
// is over the tokens that the mask keeps; without a mask, those whose ids are not padding where the
// function itself leaves that out; else all. A result that does not fit is a problem. REQUIRES:
// roles and paddings.
void PoolResults(mlir::func::FuncOp function, const ImportOptions& options, Problems& problems);

// Results that a private run does not reveal are problems: constants, and what is no real number,
// as integers, conditions, and what a quantizer made.
void CheckRevealed(mlir::func::FuncOp function, Problems& problems);

// Warns of results of a module, as imported without pooling, that hold a vector as wide as an
// embedding for each token.
void WarnOfTokenVectors(mlir::ModuleOp module);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_SELECT_RESULTS_H_
