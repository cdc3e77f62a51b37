// SPDX-License-Identifier: Apache-2.0
#include "frontend/rewrite/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/onnx_reader.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

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

void AddDynamicQuantizer(onnx::ModelProto& model) {
  auto* node = AddNode(model, "DynamicQuantizeLinear", "quantize", {"x"}, "q");
  node->add_output("s");
  node->add_output("z");
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
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

// Of a constant matrix: reals, more or fewer than columns, or computed.
TEST(Rewrite, AZeroPointThatFitsNoColumnsOfItsMatrixIsRefused) {
  for (const char* zero : {"reals", "many", "none", "computed"}) {
    onnx::ModelProto model = QuantizedModel();
    AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
    AddFloat(model, "reals", 1);
    AddTensor(model, "many", onnx::TensorProto::INT8, {3}, "abc");
    AddTensor(model, "none", onnx::TensorProto::INT8, {0}, "");
    SetInt(*AddNode(model, "Cast", "cast", {"q"}, "computed"), "to", onnx::TensorProto::INT8);
    AddNode(model, "MatMulInteger", "product", {"q", "w", "z", zero}, "y");
    SetOutput(model, "y");
    EXPECT_THAT(ProblemsOf(model),
                ElementsAre(Field(&Problem::found, HasSubstr("a zero point of matrix 1"))))
        << zero;
  }
}

TEST(Rewrite, IntegersOfUnknownOriginAreRefused) {
  onnx::ModelProto model = QuantizedModel();
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddNode(model, "MatMulInteger", "product", {"x", "w"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), ElementsAre(Field(&Problem::found, HasSubstr("operand 0"))));
}

// The scale and the integers of the weight of each product, by the product's name.
std::pair<nn::Tensor, std::string> WeightOf(onnx::ModelProto model, const std::string& product) {
  GraphRewriter graph(model);
  for (const auto& node : graph.nodes()) {
    if (node.name() != product) continue;
    const onnx::NodeProto* weight = graph.Producer(node.input(1));
    return {*graph.Constant(weight->input(1)), weight->input(0)};
  }
  return {};
}

void AddCast(onnx::ModelProto& model, const std::string& from, const std::string& to) {
  SetInt(*AddNode(model, "Cast", "cast_" + from, {from}, to), "to", onnx::TensorProto::FLOAT);
}

TEST(Rewrite, ADynamicQuantizerOfSeveralProductsIsLeftFree) {
  onnx::ModelProto model = EmptyModel();
  AddDynamicQuantizer(model);
  AddFloat(model, "a", 0.5f);
  AddFloat(model, "b", 0.25f);
  AddNode(model, "Mul", "scales", {"b", "s"}, "bs");
  for (const std::string name : {"one", "two"}) {
    AddNode(model, "MatMulInteger", name, {"q", "w", "z"}, "i" + name);
    AddCast(model, "i" + name, "f" + name);
  }
  // (i s) a, and (s b) i: the factors of the weight are 0.5 and 0.25.
  AddNode(model, "Mul", "first", {"fone", "s"}, "is");
  AddNode(model, "Mul", "second", {"a", "is"}, "y1");
  AddNode(model, "Mul", "third", {"bs", "ftwo"}, "y2");
  SetOutput(model, "y1");
  SetOutput(model, "y2");
  model = Prepared(model);
  EXPECT_THAT(Operators(model), ElementsAre("FreeQuantizer", "DequantizeLinear", "MatMul",
                                            "DequantizeLinear", "MatMul"));
  EXPECT_THAT(WeightOf(model, "one").first.floats(), ElementsAre(0.5f));
  EXPECT_THAT(WeightOf(model, "two").first.floats(), ElementsAre(0.25f));
  EXPECT_EQ(WeightOf(model, "two").second, "w");
}

TEST(Rewrite, DynamicQuantizeMatMulKeepsScalesOfColumns) {
  onnx::ModelProto model = EmptyModel();
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddTensor(model, "ws", onnx::TensorProto::FLOAT, {2}, std::string("\0\0\0?\0\0\200>", 8));
  AddTensor(model, "wz", onnx::TensorProto::INT8, {2}, "ab");
  AddNode(model, "DynamicQuantizeMatMul", "product", {"x", "w", "ws", "wz"}, "y")
      ->set_domain("com.microsoft");
  SetOutput(model, "y");
  model = Prepared(model);
  EXPECT_THAT(Operators(model), ElementsAre("FreeQuantizer", "DequantizeLinear", "MatMul"));
  EXPECT_THAT(WeightOf(model, "product").first.floats(), ElementsAre(0.5f, 0.25f));
}

// As in the head of a regression, whose row of scales is a number without an axis.
TEST(Rewrite, AProductOfOneColumnTakesItsScale) {
  onnx::ModelProto model = EmptyModel();
  AddDynamicQuantizer(model);
  AddTensor(model, "column", onnx::TensorProto::INT8, {4, 1}, "abcd");
  AddFloat(model, "a", 0.5f);
  AddNode(model, "MatMulInteger", "product", {"q", "column", "z"}, "i");
  AddCast(model, "i", "f");
  AddNode(model, "Mul", "scales", {"s", "a"}, "sa");
  AddNode(model, "Mul", "scale", {"f", "sa"}, "y");
  SetOutput(model, "y");
  model = Prepared(model);
  EXPECT_THAT(WeightOf(model, "product").first.floats(), ElementsAre(0.5f));
}

TEST(Rewrite, AProductOfTwoDynamicQuantizersIsOneOfReals) {
  onnx::ModelProto model = EmptyModel();
  AddDynamicQuantizer(model);
  AddFloat(model, "half", 0.5f);
  AddNode(model, "Transpose", "turn", {"q"}, "qt");
  AddNode(model, "MatMulInteger", "scores", {"q", "qt", "z", "z"}, "i");
  AddCast(model, "i", "f");
  AddNode(model, "Mul", "squared", {"s", "s"}, "ss");
  AddNode(model, "Mul", "scale", {"f", "ss"}, "r");
  AddNode(model, "Mul", "halve", {"r", "half"}, "y");
  SetOutput(model, "y");
  model = Prepared(model);
  EXPECT_THAT(Operators(model), ElementsAre("FreeQuantizer", "Transpose", "MatMul", "Mul"));
  EXPECT_THAT(ConstantOf(model, model.graph().node(3).input(1)).floats(), ElementsAre(0.5f));
}

TEST(Rewrite, AnotherZeroPointThanTheDynamicQuantizersIsRefused) {
  onnx::ModelProto model = EmptyModel();
  AddDynamicQuantizer(model);
  AddNode(model, "MatMulInteger", "product", {"q", "w"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), ElementsAre(Field(&Problem::found, HasSubstr("zero point"))));
}

TEST(Rewrite, IntegersThatSomethingElseReadsKeepTheirUnit) {
  onnx::ModelProto model = EmptyModel();
  AddDynamicQuantizer(model);
  AddNode(model, "MatMulInteger", "product", {"q", "w", "z"}, "i");
  AddCast(model, "i", "f");
  AddFloat(model, "a", 0.5f);
  AddNode(model, "Mul", "scale", {"f", "a"}, "y1");
  AddNode(model, "Neg", "other", {"f"}, "y2");
  SetOutput(model, "y1");
  SetOutput(model, "y2");
  model = Prepared(model);
  EXPECT_THAT(Operators(model),
              ElementsAre("FreeQuantizer", "DequantizeLinear", "MatMul", "Mul", "Neg"));
  EXPECT_THAT(WeightOf(model, "product").first.floats(), ElementsAre(1));
}

}  // namespace
}  // namespace mpcc
