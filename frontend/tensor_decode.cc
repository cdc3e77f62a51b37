// SPDX-License-Identifier: Apache-2.0
#include "frontend/tensor_decode.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "fmt/format.h"
#include "frontend/limits.h"

namespace mpcc {
namespace {

constexpr ElementInfo kElements[] = {
    {"float", 1, 32, true, ElementClass::kFloat},
    {"uint8", 2, 8, false, ElementClass::kInt},
    {"int8", 3, 8, true, ElementClass::kInt},
    {"uint16", 4, 16, false, ElementClass::kInt},
    {"int16", 5, 16, true, ElementClass::kInt},
    {"int32", 6, 32, true, ElementClass::kInt},
    {"int64", 7, 64, true, ElementClass::kInt},
    {"bool", 9, 8, false, ElementClass::kBool},
    {"float16", 10, 16, true, ElementClass::kFloat},
    {"double", 11, 64, true, ElementClass::kFloat},
    {"uint32", 12, 32, false, ElementClass::kInt},
    {"uint64", 13, 64, false, ElementClass::kInt},
    {"bfloat16", 16, 16, true, ElementClass::kFloat},
    {"uint4", kOnnxUint4, 4, false, ElementClass::kInt},
    {"int4", kOnnxInt4, 4, true, ElementClass::kInt},
    {"uint2", kOnnxUint2, 2, false, ElementClass::kInt},
    {"int2", kOnnxInt2, 2, true, ElementClass::kInt},
};

std::optional<int64_t> Count(const onnx::TensorProto& tensor) {
  return BoundedCount({tensor.dims().data(), static_cast<size_t>(tensor.dims_size())});
}

int64_t PackedBytes(int64_t count, int bits) { return (count * bits + 7) / 8; }

float HalfToFloat(uint16_t half) {
  const int exponent = (half >> 10) & 31, mantissa = half & 1023;
  float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY)
                    : exponent == 0
                        ? std::ldexp(static_cast<float>(mantissa), -24)
                        : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

// Element `i` of packed little-endian bytes, as its bit pattern; below 8 bits the low bits come
// first.
uint64_t BitsAt(const std::string& bytes, int64_t i, int bits) {
  if (bits < 8) {
    const int64_t at = i * bits;
    return (static_cast<uint8_t>(bytes[at / 8]) >> (at % 8)) & ((1u << bits) - 1);
  }
  uint64_t value = 0;
  std::memcpy(&value, bytes.data() + i * (bits / 8), bits / 8);
  return value;
}

float FloatOf(uint64_t pattern, int data_type) {
  switch (data_type) {
    case 10:
      return HalfToFloat(static_cast<uint16_t>(pattern));
    case 11:
      return static_cast<float>(std::bit_cast<double>(pattern));
    case 16:
      return std::bit_cast<float>(static_cast<uint32_t>(pattern << 16));
    default:
      return std::bit_cast<float>(static_cast<uint32_t>(pattern));
  }
}

int64_t IntOf(uint64_t pattern, const ElementInfo& element) {
  if (!element.is_signed || element.bits == 64) return static_cast<int64_t>(pattern);
  const int shift = 64 - element.bits;
  return static_cast<int64_t>(pattern << shift) >> shift;
}

template <typename T>
void Append(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

// The typed fields brought into the form of raw_data. Small types sit in int32_data, one element
// each, except those below 8 bits, where one entry is one packed byte.
std::string PackTyped(const onnx::TensorProto& tensor, const ElementInfo& element) {
  std::string bytes;
  for (float value : tensor.float_data()) Append(bytes, value);
  for (double value : tensor.double_data()) Append(bytes, value);
  for (int64_t value : tensor.int64_data()) Append(bytes, value);
  for (uint64_t value : tensor.uint64_data()) {
    if (element.bits == 64) Append(bytes, value);
    if (element.bits == 32) Append(bytes, static_cast<uint32_t>(value));
  }
  for (int32_t value : tensor.int32_data()) {
    if (element.bits == 32) Append(bytes, value);
    if (element.bits == 16) Append(bytes, static_cast<uint16_t>(value));
    if (element.bits <= 8) Append(bytes, static_cast<uint8_t>(value));
  }
  return bytes;
}

std::string CheckSize(const onnx::TensorProto& tensor, int64_t count, const ElementInfo& element,
                      const std::string& bytes) {
  const int64_t expected = PackedBytes(count, element.bits);
  if (static_cast<int64_t>(bytes.size()) == expected) return "";
  return fmt::format("{} bytes of data for {} elements of {}, which take {}", bytes.size(), count,
                     element.name, expected);
}

}  // namespace

const ElementInfo* FindElement(int data_type) {
  for (const ElementInfo& element : kElements)
    if (element.data_type == data_type) return &element;
  return nullptr;
}

std::string ElementName(int data_type) {
  const ElementInfo* element = FindElement(data_type);
  return element ? element->name : fmt::format("element type {}", data_type);
}

std::optional<int64_t> TensorBytes(const onnx::TensorProto& tensor) {
  const ElementInfo* element = FindElement(tensor.data_type());
  auto count = Count(tensor);
  if (!element || !count) return std::nullopt;
  return PackedBytes(*count, element->bits);
}

std::string CheckTensor(const onnx::TensorProto& tensor) {
  const ElementInfo* element = FindElement(tensor.data_type());
  if (!element) return ElementName(tensor.data_type());
  auto count = Count(tensor);
  if (!count) return fmt::format("a negative or too large extent ({})", TensorLimitText());
  if (tensor.has_raw_data()) return CheckSize(tensor, *count, *element, tensor.raw_data());
  return CheckSize(tensor, *count, *element, PackTyped(tensor, *element));
}

absl::StatusOr<nn::Tensor> DecodeTensor(const onnx::TensorProto& tensor) {
  std::string wrong = CheckTensor(tensor);
  if (!wrong.empty()) return absl::InvalidArgumentError(wrong);
  const ElementInfo& element = *FindElement(tensor.data_type());
  const std::string packed = tensor.has_raw_data() ? std::string() : PackTyped(tensor, element);
  const std::string& bytes = tensor.has_raw_data() ? tensor.raw_data() : packed;
  nn::Tensor out{{tensor.dims().begin(), tensor.dims().end()}, {}};
  const int64_t count = out.size();
  if (element.cls == ElementClass::kFloat) {
    nn::Tensor::Floats values(count);
    for (int64_t i = 0; i < count; ++i)
      values[i] = FloatOf(BitsAt(bytes, i, element.bits), element.data_type);
    out.data = std::move(values);
    return out;
  }
  nn::Tensor::Ints values(count);
  for (int64_t i = 0; i < count; ++i) {
    values[i] = IntOf(BitsAt(bytes, i, element.bits), element);
    if (element.cls == ElementClass::kBool) values[i] = values[i] != 0;
  }
  out.data = std::move(values);
  return out;
}

}  // namespace mpcc
