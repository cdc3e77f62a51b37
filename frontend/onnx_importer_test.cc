// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/onnx_reader.h"
#include "frontend/tensor_decode.h"
#include "frontend/test_models.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {
namespace {

class OnnxImporter : public testing::Test {
 protected:
  mlir::func::FuncOp Import(const onnx::ModelProto& model, const ImportOptions& options = {{}, 2}) {
    auto prepared = PrepareModel(model, "", problems_);
    if (!prepared) return {};
    module_ = ImportModel(context_, *prepared, "model.onnx", options, problems_, &tensors_);
    return module_ ? *module_->getOps<mlir::func::FuncOp>().begin() : mlir::func::FuncOp();
  }

  template <typename Op>
  std::vector<Op> Ops() {
    std::vector<Op> ops;
    module_->walk([&](Op op) { ops.push_back(op); });
    return ops;
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  Problems problems_;
  ImportedTensors tensors_;
};

// x -> Q int4 -> DQ -> MatMul with a public-free weight of `raw` int4 [4, 2].
onnx::ModelProto Int4Model() {
  onnx::ModelProto model = EmptyModel();
  AddFloat(model, "s", 0.5f);
  AddTensor(model, "z", kOnnxInt4, {}, std::string(1, '\0'));
  AddTensor(model, "w", kOnnxInt4, {4, 2}, "\x1f\x1f\xf1\x11");
  AddNode(model, "QuantizeLinear", "q", {"x", "s", "z"}, "xq");
  AddNode(model, "DequantizeLinear", "d", {"xq", "s", "z"}, "xd");
  AddNode(model, "DequantizeLinear", "dw", {"w", "s", "z"}, "wd");
  AddNode(model, "MatMul", "product", {"xd", "wd"}, "y");
  SetOutput(model, "y");
  return model;
}

TEST_F(OnnxImporter, GivesTheValuesOfTensorsThatResultsDependOn) {
  onnx::ModelProto model = Int4Model();
  AddNode(model, "Identity", "again", {"xd"}, "copy");
  AddNode(model, "Add", "more", {"copy", "s"}, "sum");
  AddNode(model, "Relu", "unused", {"sum"}, "dead");
  SetOutput(model, "sum");
  ASSERT_TRUE(Import(model));
  std::vector<std::string> names;
  for (const auto& [name, value] : tensors_) names.push_back(name);
  EXPECT_THAT(names, testing::ElementsAre("copy", "sum", "wd", "x", "xd", "xq", "y"));
  EXPECT_EQ(tensors_["copy"], tensors_["xd"]);
  EXPECT_TRUE(tensors_["xq"].getDefiningOp<nn::QuantizeOp>());
}

TEST_F(OnnxImporter, Int4QuantizersAndWeightsKeepTheirBounds) {
  ASSERT_TRUE(Import(Int4Model()));
  auto quantizers = Ops<nn::QuantizeOp>();
  ASSERT_EQ(quantizers.size(), 1u);
  auto type = nn::QuantizedElement(quantizers[0].getType());
  EXPECT_EQ(type.getStorageTypeMin(), -8);
  EXPECT_EQ(type.getStorageTypeMax(), 7);
  EXPECT_EQ(nn::ScaleOf(type), 0.5);
  EXPECT_EQ(nn::BitWidth(type), 4);
}

TEST_F(OnnxImporter, ArgumentsBelongToTheDataOwner) {
  auto function = Import(Int4Model());
  ASSERT_TRUE(function);
  EXPECT_EQ(function.getArgAttrOfType<mlir::StringAttr>(0, nn::kOwnerAttr), "data");
  EXPECT_EQ(function.getArgAttrOfType<mlir::StringAttr>(0, nn::kNameAttr), "x");
  EXPECT_EQ(function.getArgument(0).getType(),
            mlir::RankedTensorType::get({1, 2, 4}, mlir::Float32Type::get(&context_)));
}

TEST_F(OnnxImporter, WeightsStayPrivateAndTheirTwinsBeforeTheFirstProductArePublic) {
  onnx::ModelProto model = EmptyModel();
  AddTensor(model, "w", onnx::TensorProto::FLOAT, {4, 4}, std::string(64, '\0'));
  AddFloat(model, "c", 2);
  AddNode(model, "Mul", "before", {"x", "c"}, "a");
  AddNode(model, "MatMul", "product", {"a", "w"}, "b");
  AddNode(model, "Mul", "after", {"b", "c"}, "y");
  SetOutput(model, "y");
  ASSERT_TRUE(Import(model));
  std::vector<nn::BinaryOp> products = Ops<nn::BinaryOp>();
  ASSERT_EQ(products.size(), 2u);
  EXPECT_TRUE(products[0].getRhs().getDefiningOp<nn::ConstantOp>().getIsPublic());
  EXPECT_FALSE(products[1].getRhs().getDefiningOp<nn::ConstantOp>().getIsPublic());
  EXPECT_FALSE(Ops<nn::MatMulOp>()[0].getRhs().getDefiningOp<nn::ConstantOp>().getIsPublic());
}

TEST_F(OnnxImporter, RangesComeFromTheMetadata) {
  auto model = Int4Model();
  auto* property = model.add_metadata_props();
  property->set_key("mpcc.range:y");
  property->set_value("12.5");
  ASSERT_TRUE(Import(model));
  EXPECT_EQ(
      Ops<nn::MatMulOp>()[0]->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr).getValueAsDouble(),
      12.5);
}

TEST_F(OnnxImporter, RangesThatAreNoNumbersAreProblems) {
  auto model = Int4Model();
  auto* property = model.add_metadata_props();
  property->set_key("mpcc.range:y");
  property->set_value("wide");
  EXPECT_FALSE(Import(model));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].node, "mpcc.range:y");
}

TEST_F(OnnxImporter, RangesOfTensorsThatAreGoneAreOneWarning) {
  auto model = Int4Model();
  for (const char* tensor : {"a", "b", "y", "c", "d"}) {
    auto* property = model.add_metadata_props();
    property->set_key(std::string("mpcc.range:") + tensor);
    property->set_value("1");
  }
  std::vector<std::string> warnings;
  mlir::ScopedDiagnosticHandler handler(&context_, [&](mlir::Diagnostic& diagnostic) {
    warnings.push_back(diagnostic.str());
    return mlir::success();
  });
  ASSERT_TRUE(Import(model));
  EXPECT_THAT(warnings, testing::ElementsAre(testing::StartsWith(
                            "4 range entries of tensors that the file does not have (a, b, c, "
                            "...); accepted: ")));
}

TEST_F(OnnxImporter, EveryProblemIsListedOnceAtItsCause) {
  auto model = Int4Model();
  AddNode(model, "NonZero", "first", {"y"}, "n");
  AddNode(model, "Relu", "follows", {"n"}, "r");
  auto* softmax = AddNode(model, "Softmax", "second", {"y"}, "t");
  auto* axis = softmax->add_attribute();
  axis->set_name("axis");
  axis->set_type(onnx::AttributeProto::INT);
  axis->set_i(7);
  EXPECT_FALSE(Import(model));
  ASSERT_EQ(problems_.size(), 2u);
  EXPECT_EQ(problems_[0].node, "first");
  EXPECT_EQ(problems_[1].node, "second");
}

TEST_F(OnnxImporter, OpenShapesSayHowToFixThem) {
  EXPECT_FALSE(Import(Int4Model(), {}));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_THAT(problems_[0].remedy, testing::HasSubstr("--shape=x=1x128"));
}

TEST_F(OnnxImporter, GivenShapesMustAgreeWithTheFile) {
  EXPECT_FALSE(Import(Int4Model(), {{{"x", {1, 2, 5}}}, std::nullopt}));
  EXPECT_EQ(problems_.size(), 1u);
  problems_.clear();
  EXPECT_FALSE(Import(Int4Model(), {{{"nobody", {1}}}, 2}));
  EXPECT_EQ(problems_.size(), 1u);
}

TEST(ParseShape, TakesPositiveExtentsOnly) {
  EXPECT_EQ(ParseShape("ids=1x128")->second, (std::vector<int64_t>{1, 128}));
  for (const char* bad : {"ids", "=1", "ids=", "ids=1x", "ids=0x4", "ids=1xx2", "ids=-1"})
    EXPECT_FALSE(ParseShape(bad)) << bad;
}

}  // namespace
}  // namespace mpcc
