// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_FIX_SHAPES_H_
#define MPCC_FRONTEND_FIX_SHAPES_H_

#include <map>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// The static shapes of graph inputs under `options`. A dimension of unknown size is fixed by its
// name, else by its place:
// - names that hold "batch", and first axes, are 1;
// - names that hold "seq" or "length", second axes, the last two of rank 4, and the only axis of
//   inputs of rank 1 where none has more, are the sequence;
// - dimensions of one name have one size, and an integer input of rank 2 says what a name means.
// Adds a problem for each input that stays open, and for each option that contradicts the file,
// another option, or says what the file has no dimension for. Inputs with problems are left out.
std::map<std::string, std::vector<int64_t>> FixShapes(
    const std::vector<const onnx::ValueInfoProto*>& inputs, const ImportOptions& options,
    Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_FIX_SHAPES_H_
