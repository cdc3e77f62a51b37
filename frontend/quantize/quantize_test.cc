// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "frontend/onnx_importer.h"
#include "frontend/onnx_reader.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/test_models.h"
#include "ir/reference/nn_interpreter.h"

namespace mpcc {
namespace {

using testing::Field;
using testing::HasSubstr;

std::string Bytes(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

const std::vector<float> kMatrix{0.5f,  -1, 0.25f, 2,    -0.75f, 1, 1.5f, 0.125f,
                                 0.25f, 1,  -1,    0.5f, 1,      2, 0.5f, -0.25f};

// The last two axes for each other.
void Turn(onnx::NodeProto& transpose) {
  auto* perm = transpose.add_attribute();
  perm->set_name("perm");
  perm->set_type(onnx::AttributeProto::INTS);
  for (int i : {0, 2, 1}) perm->add_ints(i);
}

// x [1, 3, 4] -> q, k, v by one matrix each -> softmax(q k^T) v.
onnx::ModelProto AttentionModel() {
  onnx::ModelProto model = EmptyModel();
  for (const std::string name : {"wq", "wk", "wv"})
    AddTensor(model, name, onnx::TensorProto::FLOAT, {4, 4}, Bytes(kMatrix));
  AddNode(model, "MatMul", "query", {"x0", "wq"}, "q");
  AddNode(model, "MatMul", "key", {"x0", "wk"}, "k");
  AddNode(model, "MatMul", "value", {"x0", "wv"}, "v");
  AddFloat(model, "one", 1);
  AddNode(model, "Mul", "first", {"x", "one"}, "x0");
  Turn(*AddNode(model, "Transpose", "turn", {"k"}, "kt"));
  AddNode(model, "MatMul", "scores", {"q", "kt"}, "s");
  AddNode(model, "Softmax", "softmax", {"s"}, "p");
  AddNode(model, "MatMul", "context", {"p", "v"}, "y");
  SetOutput(model, "y");
  return model;
}

const nn::Tensor kInput{{1, 3, 4}, nn::Tensor::Floats{1, -2, 30, 0.5f, 0, 1, -20, 2, 1, 1, 10, -1}};

Calibration OneInput() {
  Calibration calibration;
  calibration.lengths.push_back({{}, 3});
  calibration.arguments = [](mlir::func::FuncOp, size_t, Problems&) {
    return std::vector<Arguments>{{kInput}};
  };
  calibration.count = 1;
  return calibration;
}

class Quantize : public testing::Test {
 protected:
  onnx::ModelProto Run(const onnx::ModelProto& model, int bits = kFileBits) {
    auto prepared = PrepareModel(model, "", problems_);
    if (!prepared) return {};
    const auto report = QuantizeModel(context_, OneInput(), *prepared, bits, problems_);
    quantized_ = report.has_value();
    report_ = report.value_or(QuantizeReport());
    return *prepared;
  }
  nn::Tensor Interpret(const onnx::ModelProto& model) {
    auto prepared = PrepareModel(model, "", problems_);
    auto module = ImportModel(context_, *prepared, "m", {{}, 3}, problems_);
    return (*nn::RunNn(*module->getOps<mlir::func::FuncOp>().begin(), {kInput}))[0];
  }

  mlir::MLIRContext context_;
  QuantizeReport report_;
  Problems problems_;
  bool quantized_ = false;
};

std::map<std::string, int> CountTypes(onnx::ModelProto model) {
  GraphRewriter graph(model);
  std::map<std::string, int> found;
  for (const auto& node : graph.nodes())
    if (node.op_type() == "QuantizeLinear")
      ++found[graph.Raw(node.input(2))->data_type() == onnx::TensorProto::INT8 ? "int8" : "uint8"];
  return found;
}

TEST_F(Quantize, EveryOperandOfAProductGetsTheTypeOfItsRole) {
  const onnx::ModelProto model = Run(AttentionModel());
  ASSERT_TRUE(quantized_);
  EXPECT_EQ(report_.linears, 3);
  EXPECT_EQ(report_.attentions, 2);
  EXPECT_EQ(report_.smoothed, 1);  // x, once for its three readers
  // x and the probabilities; queries, keys and values.
  EXPECT_EQ(CountTypes(model), (std::map<std::string, int>{{"int8", 3}, {"uint8", 2}}));
}

// The same and behind it a layer of `rows` inputs, which reads what an operator makes.
onnx::ModelProto WithLayerBehind(const std::string& op, const std::vector<std::string>& inputs,
                                 int rows) {
  onnx::ModelProto model = AttentionModel();
  onnx::NodeProto& node = *AddNode(model, op, "before", inputs, "z");
  if (op == "Transpose") Turn(node);
  AddInts(model, "pairs", {1, 2, 6});
  AddTensor(model, "wo", onnx::TensorProto::FLOAT, {rows, 2},
            Bytes({kMatrix.begin(), kMatrix.begin() + 2L * rows}));
  AddNode(model, "MatMul", "layer", {"z", "wo"}, "out");
  model.mutable_graph()->clear_output();
  SetOutput(model, "out");
  return model;
}

TEST_F(Quantize, OnlyWhatTakesFactorsOfItsColumnsIsSmoothed) {
  struct Case {
    std::string op;
    std::vector<std::string> inputs;
    bool is_smoothed;
    int rows = 4;
  };
  const Case cases[] = {{"Identity", {"y"}, false},     {"Add", {"y", "x0"}, false},
                        {"Sub", {"x0", "y"}, false},    {"Mul", {"one", "y"}, false},
                        {"Transpose", {"q"}, false, 3}, {"Reshape", {"q", "pairs"}, false, 6},
                        {"Add", {"q", "x0"}, true},     {"Mul", {"q", "one"}, true},
                        {"Relu", {"y"}, true}};
  for (const Case& one : cases) {
    Run(WithLayerBehind(one.op, one.inputs, one.rows));
    ASSERT_TRUE(quantized_) << one.op;
    EXPECT_EQ(report_.smoothed, one.is_smoothed ? 2 : 1) << one.op << " of " << one.inputs[0];
  }
}

TEST_F(Quantize, TheAnswerStaysNear) {
  const nn::Tensor before = Interpret(AttentionModel());
  const nn::Tensor after = Interpret(Run(AttentionModel()));
  ASSERT_TRUE(problems_.empty());
  for (int64_t i = 0; i < before.size(); ++i)
    EXPECT_NEAR(after.floats()[i], before.floats()[i], 0.4);  // of values up to 60
}

TEST_F(Quantize, InPlaceOfDynamicQuantizersStepsAreFiner) {
  const nn::Tensor before = Interpret(AttentionModel());
  const onnx::ModelProto file = Run(AttentionModel()), frozen = Run(AttentionModel(), kFrozenBits);
  EXPECT_EQ(CountTypes(frozen), (std::map<std::string, int>{}));
  EXPECT_EQ(std::ranges::count(frozen.graph().node(), "Quant", &onnx::NodeProto::op_type), 5);
  auto farthest = [&](const onnx::ModelProto& model) {
    const nn::Tensor after = Interpret(model);
    float most = 0;
    for (int64_t i = 0; i < before.size(); ++i)
      most = std::max(most, std::abs(after.floats()[i] - before.floats()[i]));
    return most;
  };
  EXPECT_LT(farthest(frozen), farthest(file));  // what remains is of the weights
  EXPECT_TRUE(problems_.empty());
}

TEST_F(Quantize, SharedWeightsStayOneInitializer) {
  onnx::ModelProto model = AttentionModel();
  for (auto& node : *model.mutable_graph()->mutable_node())
    if (node.name() == "key") node.set_input(1, "wq");
  int matrices = 0;
  const onnx::ModelProto quantized = Run(model);
  for (const auto& tensor : quantized.graph().initializer())
    matrices += tensor.data_type() == onnx::TensorProto::INT8 && tensor.dims_size() == 2;
  EXPECT_EQ(matrices, 2);
}

TEST_F(Quantize, IntegersOfWeightsStayAndTheDynamicQuantizerGetsAScale) {
  onnx::ModelProto model = EmptyModel();
  auto* dynamic = AddNode(model, "DynamicQuantizeLinear", "quantize", {"x0"}, "q");
  dynamic->add_output("s");
  dynamic->add_output("z");
  AddFloat(model, "one", 1);
  AddNode(model, "Mul", "first", {"x", "one"}, "x0");
  AddTensor(model, "w", onnx::TensorProto::INT8, {4, 2}, "abcdefgh");
  AddNode(model, "MatMulInteger", "product", {"q", "w", "z"}, "i");
  SetInt(*AddNode(model, "Cast", "cast", {"i"}, "f"), "to", onnx::TensorProto::FLOAT);
  AddNode(model, "Mul", "scale", {"f", "s"}, "y");
  SetOutput(model, "y");
  onnx::ModelProto frozen = Run(model);
  ASSERT_TRUE(quantized_);
  EXPECT_EQ(report_.dynamic, 1);
  EXPECT_EQ(report_.smoothed, 0);
  EXPECT_EQ(GraphRewriter(frozen).Raw("w")->raw_data(), "abcdefgh");
  EXPECT_FALSE(HasFreeQuantizers(frozen));
}

TEST_F(Quantize, AModelWithNothingToQuantizeIsRefused) {
  Run(Run(AttentionModel()));
  EXPECT_FALSE(quantized_);
  EXPECT_THAT(problems_,
              testing::ElementsAre(Field(&Problem::found, HasSubstr("no product to quantize"))));
}

}  // namespace
}  // namespace mpcc
