// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_TENSORS_READ_H_
#define MPCC_FRONTEND_TENSORS_READ_H_

#include <string>
#include <vector>

#include "onnx/onnx_pb.h"

namespace mpcc {

// The names of the tensors that a node reads: its inputs, and all that nodes and results of its
// subgraphs name, whether they are of the outer graph or not.
std::vector<std::string> TensorsRead(const onnx::NodeProto& node);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_TENSORS_READ_H_
