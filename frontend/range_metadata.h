// SPDX-License-Identifier: Apache-2.0
// Ranges that a file gives its tensors.
#ifndef MPCC_FRONTEND_RANGE_METADATA_H_
#define MPCC_FRONTEND_RANGE_METADATA_H_

#include <set>
#include <string>

#include "frontend/node_context.h"
#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Sets nn.range on what the tensors of metadata_props "mpcc.range:<tensor>" = largest absolute
// value were imported as. A value that is no such number is a problem; entries of tensors that the
// file does not have, `left_out` aside, are one warning at `loc`.
void AttachRanges(const onnx::ModelProto& model, GraphState& graph,
                  const std::set<std::string>& left_out, mlir::Location loc, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_RANGE_METADATA_H_
