// SPDX-License-Identifier: Apache-2.0
#include "codegen/constant_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::Optional;

class ConstantBytesTest : public testing::Test {
 protected:
  mlir::ElementsAttr Parse(const char* text) {
    return llvm::cast<mlir::ElementsAttr>(mlir::parseAttribute(text, &context_));
  }
  mlir::MLIRContext context_;
};

TEST_F(ConstantBytesTest, SignedIntegersAreReducedIntoTheNarrowestLane) {
  EXPECT_THAT(ConstantBytes(Parse("dense<[1, -1]> : tensor<2xi32>"), plan::RING, 5),
              Optional(ElementsAre(1, 31)));
  EXPECT_THAT(ConstantBytes(Parse("dense<[1, -1]> : tensor<2xi8>"), plan::RING, 12),
              Optional(ElementsAre(1, 0, 0xff, 0x0f)));
}

TEST_F(ConstantBytesTest, UnsignedIntegersAreNotSignExtended) {
  EXPECT_THAT(ConstantBytes(Parse("dense<255> : tensor<1xui8>"), plan::RING, 16),
              Optional(ElementsAre(255, 0)));
}

TEST_F(ConstantBytesTest, SplatsAreRepeated) {
  EXPECT_THAT(ConstantBytes(Parse("dense<7> : tensor<3xi16>"), plan::RING, 8),
              Optional(ElementsAre(7, 7, 7)));
}

TEST_F(ConstantBytesTest, OddWidthsAndTruthValuesAreRead) {
  EXPECT_THAT(ConstantBytes(Parse("dense<[-2, 3]> : tensor<2xi4>"), plan::RING, 8),
              Optional(ElementsAre(254, 3)));
  EXPECT_THAT(ConstantBytes(Parse("dense<[true]> : tensor<1xi1>"), plan::I64, 0),
              Optional(ElementsAre(1, 0, 0, 0, 0, 0, 0, 0)));
}

TEST_F(ConstantBytesTest, FloatsKeepTheirBits) {
  EXPECT_THAT(ConstantBytes(Parse("dense<1.0> : tensor<1xf32>"), plan::F32, 0),
              Optional(ElementsAre(0, 0, 0x80, 0x3f)));
}

TEST_F(ConstantBytesTest, ResourcesAreReadInPlace) {
  const int16_t data[] = {-1, 2};
  auto type = mlir::RankedTensorType::get({2}, mlir::IntegerType::get(&context_, 16));
  auto resource = mlir::DenseResourceElementsAttr::get(
      type, "w", mlir::UnmanagedAsmResourceBlob::allocateInferAlign(llvm::ArrayRef<int16_t>(data)));
  EXPECT_THAT(
      ConstantBytes(llvm::cast<mlir::ElementsAttr>(mlir::Attribute(resource)), plan::RING, 16),
      Optional(ElementsAre(255, 255, 2, 0)));
}

TEST_F(ConstantBytesTest, AnotherElementTypeIsRefused) {
  EXPECT_EQ(ConstantBytes(Parse("dense<1> : tensor<1xi32>"), plan::F32, 0), std::nullopt);
  EXPECT_EQ(ConstantBytes(Parse("dense<1.0> : tensor<1xf32>"), plan::RING, 8), std::nullopt);
}

}  // namespace
}  // namespace mpcc
