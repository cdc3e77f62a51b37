// SPDX-License-Identifier: Apache-2.0
// Attributes that a node's operator does not have.
#ifndef MPCC_FRONTEND_CHECK_ATTRIBUTES_H_
#define MPCC_FRONTEND_CHECK_ATTRIBUTES_H_

#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Adds a problem for each attribute of a node, and of the nodes in its branches, that stands there
// twice, that the operator does not have in that version of ONNX's operator set, or that is of
// another type. Those of operators that nobody here knows pass.
void CheckAttributes(const onnx::NodeProto& node, int opset, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CHECK_ATTRIBUTES_H_
