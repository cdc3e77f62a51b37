// SPDX-License-Identifier: Apache-2.0
// ONNX files that mpcc writes: a file of the user with additions.
#ifndef MPCC_FRONTEND_ONNX_WRITER_H_
#define MPCC_FRONTEND_ONNX_WRITER_H_

#include <map>
#include <string>

#include "frontend/problem.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Key of the largest magnitude of a tensor in metadata_props, before the tensor's name.
inline constexpr char kRangePrefix[] = "mpcc.range:";

// Writes `model`, whose external data is that of a file in `source` (a folder), to `path`: whole or
// not at all. Where `path` lies in another folder the data files are copied beside it; one that is
// there already with other contents is a problem. False, with a problem, if it cannot be written.
bool WriteOnnx(const onnx::ModelProto& model, const std::string& source, const std::string& path,
               Problems& problems);

// Copies the ONNX file `path` to `output` with `ranges`, by tensor, in place of all its range
// entries. Numbers are rounded up to three digits. False, with a problem, if it cannot.
bool WriteRanges(const std::string& path, const std::map<std::string, double>& ranges,
                 const std::string& output, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_ONNX_WRITER_H_
