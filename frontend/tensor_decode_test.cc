// SPDX-License-Identifier: Apache-2.0
#include "frontend/tensor_decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

onnx::TensorProto Raw(int data_type, const std::vector<int64_t>& dims, const std::string& bytes) {
  onnx::TensorProto tensor;
  tensor.set_data_type(data_type);
  for (int64_t dim : dims) tensor.add_dims(dim);
  tensor.set_raw_data(bytes);
  return tensor;
}

TEST(TensorDecode, Int4HasTheLowNibbleFirstAndASign) {
  auto tensor = DecodeTensor(Raw(kOnnxInt4, {3}, "\x8f\x07"));
  ASSERT_TRUE(tensor.ok());
  EXPECT_THAT(tensor->ints(), ElementsAre(-1, -8, 7));
}

TEST(TensorDecode, Uint4HasNoSign) {
  auto tensor = DecodeTensor(Raw(kOnnxUint4, {2}, "\x8f"));
  ASSERT_TRUE(tensor.ok());
  EXPECT_THAT(tensor->ints(), ElementsAre(15, 8));
}

TEST(TensorDecode, Int2HasFourElementsAByte) {
  auto tensor = DecodeTensor(Raw(kOnnxInt2, {4}, "\xe4"));
  ASSERT_TRUE(tensor.ok());
  EXPECT_THAT(tensor->ints(), ElementsAre(0, 1, -2, -1));
}

TEST(TensorDecode, Int4InTypedDataIsOneByteAnEntry) {
  onnx::TensorProto typed;
  typed.set_data_type(kOnnxInt4);
  typed.add_dims(3);
  typed.add_int32_data(0x8f);
  typed.add_int32_data(0x07);
  auto tensor = DecodeTensor(typed);
  ASSERT_TRUE(tensor.ok());
  EXPECT_THAT(tensor->ints(), ElementsAre(-1, -8, 7));
}

TEST(TensorDecode, HalfFloatsKeepSmallAndNegativeValues) {
  auto tensor = DecodeTensor(Raw(10, {3}, std::string("\x00\xbc\x01\x00\x00\x7c", 6)));
  ASSERT_TRUE(tensor.ok());
  EXPECT_THAT(tensor->floats(),
              ElementsAre(-1.0f, 5.9604645e-8f, std::numeric_limits<float>::infinity()));
}

TEST(TensorDecode, WrongSizesAreRefusedWithBothNumbers) {
  EXPECT_THAT(CheckTensor(Raw(kOnnxInt4, {3}, "\x8f")),
              HasSubstr("1 bytes of data for 3 elements of int4"));
  EXPECT_THAT(CheckTensor(Raw(1, {-1}, "")), HasSubstr("negative"));
  EXPECT_THAT(CheckTensor(Raw(1, {int64_t{1} << 40, int64_t{1} << 40}, "")),
              HasSubstr("too large"));
  EXPECT_THAT(CheckTensor(Raw(8, {1}, "")), HasSubstr("element type 8"));
}

}  // namespace
}  // namespace mpcc
