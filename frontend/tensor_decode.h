// SPDX-License-Identifier: Apache-2.0
// Element types of ONNX and the decoding of TensorProto, including types newer than the packaged
// library.
#ifndef MPCC_FRONTEND_TENSOR_DECODE_H_
#define MPCC_FRONTEND_TENSOR_DECODE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "ir/reference/tensor.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// data_type numbers that onnx 1.12 does not name.
inline constexpr int kOnnxUint4 = 21, kOnnxInt4 = 22, kOnnxUint2 = 25, kOnnxInt2 = 26;

enum class ElementClass { kFloat, kInt, kBool };

struct ElementInfo {
  const char* name;
  int data_type;
  int bits;
  bool is_signed;
  ElementClass cls;
};

// Null for types that mpcc does not read (strings, complex, float8, float4).
const ElementInfo* FindElement(int data_type);
std::string ElementName(int data_type);

// Bytes of the packed elements; nothing if the type is unknown, an extent is negative or the
// elements are more than limits.h allows.
std::optional<int64_t> TensorBytes(const onnx::TensorProto& tensor);

// All floats become float, all integers and booleans int64_t. INVALID_ARGUMENT says what is wrong
// with the tensor.
absl::StatusOr<nn::Tensor> DecodeTensor(const onnx::TensorProto& tensor);

// What DecodeTensor would refuse, without decoding; empty if nothing.
std::string CheckTensor(const onnx::TensorProto& tensor);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_TENSOR_DECODE_H_
