// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_FIX_SHAPES_H_
#define MPCC_FRONTEND_FIX_SHAPES_H_

#include "frontend/frontend.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// The static shape of a graph input under `options`; adds a problem and returns nothing if a
// dimension stays open or a given shape contradicts the file.
std::optional<std::vector<int64_t>> FixShape(const onnx::ValueInfoProto& input,
                                             const ImportOptions& options, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_FIX_SHAPES_H_
