// SPDX-License-Identifier: Apache-2.0
// What to tell about an operator that has no importer.
#ifndef MPCC_FRONTEND_UNKNOWN_OPERATOR_H_
#define MPCC_FRONTEND_UNKNOWN_OPERATOR_H_

#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// What the operator is, and what to do so that the file does without it.
Problem UnknownOperator(const onnx::NodeProto& node);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_UNKNOWN_OPERATOR_H_
