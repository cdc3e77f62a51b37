// SPDX-License-Identifier: Apache-2.0
#include "frontend/rewrite/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/onnx_reader.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

void AddByte(onnx::ModelProto& model, const std::string& name, int value, int type = 2) {
  AddTensor(model, name, type, {}, std::string(1, static_cast<char>(value)));
}

// x -> QuantizeLinear(s, z) -> q.
onnx::ModelProto QuantizedModel() {
  onnx::ModelProto model = EmptyModel();
  AddFloat(model, "s", 0.5f);
  AddByte(model, "z", 7);
  AddNode(model, "QuantizeLinear", "quantize", {"x", "s", "z"}, "q");
  return model;
}

std::vector<std::string> Operators(const onnx::ModelProto& model) {
  std::vector<std::string> operators;
  for (const auto& node : model.graph().node()) operators.push_back(node.op_type());
  return operators;
}

onnx::ModelProto Prepared(const onnx::ModelProto& model) {
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  for (const Problem& problem : problems) ADD_FAILURE() << ToString(problem);
  return prepared.value_or(onnx::ModelProto());
}

Problems ProblemsOf(const onnx::ModelProto& model) {
  Problems problems;
  EXPECT_FALSE(PrepareModel(model, "", problems));
  return problems;
}

nn::Tensor ConstantOf(onnx::ModelProto model, const std::string& name) {
  return GraphRewriter(model).Constant(name).value_or(nn::Tensor());
}

TEST(Rewrite, AQOperatorIsItsRealOperatorBetweenQuantizers) {
  onnx::ModelProto model = QuantizedModel();
  auto* mean = AddNode(model, "QLinearReduceMean", "mean", {"q", "s", "z", "s", "z"}, "y");
  mean->set_domain("com.microsoft");
  auto* axes = mean->add_attribute();
  axes->set_name("axes");
  axes->set_type(onnx::AttributeProto::INTS);
  axes->add_ints(-1);
  SetOutput(model, "y");
  model = Prepared(model);
  EXPECT_THAT(Operators(model),
              ElementsAre("QuantizeLinear", "DequantizeLinear", "ReduceMean", "QuantizeLinear"));
  EXPECT_EQ(model.graph().node(2).name(), "mean");
  EXPECT_EQ(model.graph().node(2).attribute(0).ints(0), -1);
  EXPECT_EQ(model.graph().node(3).output(0), "y");
}

TEST(Rewrite, AnAbsentZeroPointOfTheResultHasTheTypeOfTheOperands) {
  onnx::ModelProto model = QuantizedModel();
  AddNode(model, "QLinearSigmoid", "sigmoid", {"q", "s", "z", "s"}, "y");
  SetOutput(model, "y");
  model = Prepared(model);
  const std::string zero = model.graph().node(3).input(2);
  EXPECT_THAT(ConstantOf(model, zero).ints(), ElementsAre(0));
  EXPECT_EQ(GraphRewriter(model).Raw(zero)->data_type(), onnx::TensorProto::UINT8);
}

TEST(Rewrite, AComputedScaleIsRefused) {
  onnx::ModelProto model = QuantizedModel();
  AddNode(model, "QLinearAdd", "sum", {"q", "s", "z", "q", "x", "z", "s", "z"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model),
              ElementsAre(Field(&Problem::found, HasSubstr("input 3 with a scale"))));
}

TEST(Rewrite, ANodeWithoutOperandsIsRefused) {
  onnx::ModelProto model = QuantizedModel();
  AddNode(model, "QLinearConcat", "none", {"s", "z"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), ElementsAre(Field(&Problem::node, "none")));
}

TEST(Rewrite, IntegersOfAQuantizerKeepItsScale) {
  onnx::ModelProto model = QuantizedModel();
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddNode(model, "MatMulInteger", "product", {"q", "w", "z"}, "i");
  SetInt(*AddNode(model, "Cast", "cast", {"i"}, "y"), "to", onnx::TensorProto::FLOAT);
  SetOutput(model, "y");
  model = Prepared(model);
  EXPECT_THAT(Operators(model),
              ElementsAre("QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "MatMul"));
  EXPECT_EQ(model.graph().node(1).input(1), "s");
  // The integer result is the product of reals divided by 0.5.
  EXPECT_THAT(ConstantOf(model, model.graph().node(2).input(1)).floats(), ElementsAre(2));
}

TEST(Rewrite, AProductWithAnotherZeroPointThanItsQuantizersIsRefused) {
  onnx::ModelProto model = QuantizedModel();
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddNode(model, "MatMulInteger", "product", {"q", "w"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model),
              ElementsAre(Field(&Problem::found, HasSubstr("other than the quantizer's"))));
}

TEST(Rewrite, IntegersOfUnknownOriginAreRefused) {
  onnx::ModelProto model = QuantizedModel();
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddNode(model, "MatMulInteger", "product", {"x", "w"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), ElementsAre(Field(&Problem::found, HasSubstr("operand 0"))));
}

}  // namespace
}  // namespace mpcc
