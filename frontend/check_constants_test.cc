// SPDX-License-Identifier: Apache-2.0
#include "frontend/check_constants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "frontend/onnx_importer.h"
#include "frontend/onnx_reader.h"
#include "frontend/test_models.h"
#include "mlir/IR/MLIRContext.h"

namespace mpcc {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::string Raw(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// x[1, 2, 4] times an identity, plus `bias`, added as it is.
onnx::ModelProto LinearWith(const std::vector<float>& bias) {
  onnx::ModelProto model = EmptyModel();
  AddTensor(model, "w", onnx::TensorProto::FLOAT, {4, 4},
            Raw({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}));
  AddTensor(model, "b", onnx::TensorProto::FLOAT, {2, 2}, Raw(bias));
  AddInts(model, "row", {4});
  AddNode(model, "Reshape", "flat", {"b", "row"}, "flat_b");
  AddNode(model, "MatMul", "product", {"x", "w"}, "p");
  AddNode(model, "Add", "sum", {"p", "flat_b"}, "y");
  SetOutput(model, "y");
  return model;
}

// Where(x > 0, MatMul(x), -inf): what is dropped is infinite.
onnx::ModelProto SelectWith(float dropped) {
  onnx::ModelProto model = LinearWith({0, 0, 0, 0});
  AddFloat(model, "zero", 0);
  AddFloat(model, "dropped", dropped);
  AddNode(model, "Greater", "keep", {"x", "zero"}, "kept");
  AddNode(model, "Where", "select", {"kept", "y", "dropped"}, "z");
  model.mutable_graph()->mutable_output(0)->set_name("z");
  return model;
}

// Values at P1 alone: x + -inf, reduced by a softmax later.
onnx::ModelProto PublicSum(float summand) {
  onnx::ModelProto model = EmptyModel();
  AddFloat(model, "summand", summand);
  AddNode(model, "Add", "sum", {"x", "summand"}, "y");
  SetOutput(model, "y");
  return model;
}

Problems ProblemsOf(const onnx::ModelProto& model) {
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  mlir::MLIRContext context;
  if (prepared) ImportModel(context, *prepared, "model.onnx", {{}, 2}, problems);
  return problems;
}

auto Found(const std::string& node, const std::string& op, const std::string& found) {
  return AllOf(Field(&Problem::node, node), Field(&Problem::op, op), Field(&Problem::found, found));
}

TEST(CheckConstants, NamesNaNInInitializersWithCountAndPlace) {
  EXPECT_THAT(ProblemsOf(LinearWith({0, 1, NAN, NAN})),
              ElementsAre(Found("b", "initializer", "NaN in 2 of 4 elements, first at [1, 0]")));
}

TEST(CheckConstants, NamesNaNInConstantNodesThatMasksUse) {
  auto model = PublicSum(0);
  auto* value = AddNode(model, "Constant", "nan", {}, "n")->add_attribute();
  value->set_name("value");
  value->set_type(onnx::AttributeProto::TENSOR);
  value->mutable_t()->set_data_type(onnx::TensorProto::FLOAT);
  value->mutable_t()->add_dims(1);
  value->mutable_t()->set_raw_data(Raw({NAN}));
  EXPECT_THAT(ProblemsOf(model),
              ElementsAre(Found("nan", "Constant", "NaN in 1 of 1 elements, first at [0]")));
}

TEST(CheckConstants, RefusesInfiniteParameters) {
  EXPECT_THAT(ProblemsOf(LinearWith({0, kInfinity, 0, -kInfinity})),
              ElementsAre(Found("flat", "Reshape", "infinity in 2 of 4 elements, first at [1]")));
}

TEST(CheckConstants, AllowsInfinityAtTheDataOwner) {
  EXPECT_THAT(ProblemsOf(PublicSum(-kInfinity)), IsEmpty());
}

TEST(CheckConstants, AllowsInfinityWhereItReplacesValues) {
  EXPECT_THAT(ProblemsOf(SelectWith(-kInfinity)), IsEmpty());
}

TEST(CheckConstants, RefusesNaNThatFoldingMakes) {
  auto model = LinearWith({0, 0, 0, 0});
  AddNode(model, "Div", "ratio", {"flat_b", "flat_b"}, "r");
  AddNode(model, "Add", "more", {"y", "r"}, "z");
  model.mutable_graph()->mutable_output(0)->set_name("z");
  EXPECT_THAT(ProblemsOf(model),
              ElementsAre(Found("ratio", "Div", "NaN in 4 of 4 elements, first at [0]")));
}

}  // namespace
}  // namespace mpcc
