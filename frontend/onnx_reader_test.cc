// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

// A model that is valid before a test breaks it.
onnx::ModelProto ReluModel() {
  onnx::ModelProto model = EmptyModel();
  AddNode(model, "Relu", "relu", {"x"}, "y");
  SetOutput(model, "y");
  return model;
}

Problems ProblemsOf(const onnx::ModelProto& model) {
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  EXPECT_EQ(prepared.has_value(), problems.empty());
  return problems;
}

testing::Matcher<const Problems&> Finds(const std::string& node, const std::string& found) {
  return Contains(
      testing::AllOf(Field(&Problem::node, node), Field(&Problem::found, HasSubstr(found))));
}

TEST(OnnxReader, ValidModelHasNoProblems) { EXPECT_TRUE(ProblemsOf(ReluModel()).empty()); }

TEST(OnnxReader, VersionsOutsideTheRangeAreNamed) {
  auto model = ReluModel();
  model.set_ir_version(13);
  model.mutable_opset_import(0)->set_version(25);
  EXPECT_TRUE(ProblemsOf(model).empty());
  model.set_ir_version(14);
  model.mutable_opset_import(0)->set_version(26);
  auto problems = ProblemsOf(model);
  EXPECT_THAT(problems, Finds("ir_version", "IR version 14"));
  EXPECT_THAT(problems, Finds("opset_import", "opset 26"));
}

TEST(OnnxReader, DanglingInputsNameTheNodeAndTheTensor) {
  auto model = ReluModel();
  AddNode(model, "Add", "sum", {"y", "ghost"}, "z");
  EXPECT_THAT(ProblemsOf(model), Finds("sum", "input 'ghost', which nothing defines"));
}

TEST(OnnxReader, CyclesAreFound) {
  auto model = ReluModel();
  AddNode(model, "Add", "a", {"y", "v"}, "u");
  AddNode(model, "Relu", "b", {"u"}, "v");
  EXPECT_THAT(ProblemsOf(model), Finds("b", "a cycle through 'a'"));
}

TEST(OnnxReader, SecondDefinitionsAreFound) {
  auto model = ReluModel();
  AddNode(model, "Relu", "again", {"x"}, "y");
  AddFloat(model, "c", 1);
  AddFloat(model, "c", 2);
  auto problems = ProblemsOf(model);
  EXPECT_THAT(problems, Finds("again", "output 'y', which something else defines"));
  EXPECT_THAT(problems, Finds("c", "two initializers of this name"));
}

TEST(OnnxReader, SecondOutputsOfANameAreFound) {
  auto model = ReluModel();
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), Finds("y", "two outputs of this name"));
}

TEST(OnnxReader, NodesAreSortedAndNamed) {
  auto model = EmptyModel();
  AddNode(model, "Relu", "", {"m"}, "y");
  AddNode(model, "Relu", "same", {"x"}, "l");
  AddNode(model, "Relu", "same", {"l"}, "m");
  SetOutput(model, "y");
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->graph().node(0).name(), "same");
  EXPECT_EQ(prepared->graph().node(1).name(), "same_2");
  EXPECT_EQ(prepared->graph().node(2).name(), "Relu_0");
}

TEST(OnnxReader, LocalFunctionsAreInlinedWithTheirAttributes) {
  auto model = EmptyModel();
  auto* function = model.add_functions();
  function->set_name("Block");
  function->set_domain("local");
  function->add_input("a");
  function->add_output("b");
  auto* body = function->add_node();
  body->set_op_type("Softmax");
  body->set_name("softmax");
  body->add_input("a");
  body->add_output("b");
  auto* reference = body->add_attribute();
  reference->set_name("axis");
  reference->set_ref_attr_name("dim");
  auto* call = AddNode(model, "Block", "block", {"x"}, "y");
  call->set_domain("local");
  auto* dim = call->add_attribute();
  dim->set_name("dim");
  dim->set_type(onnx::AttributeProto::INT);
  dim->set_i(-1);
  SetOutput(model, "y");
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  ASSERT_TRUE(prepared);
  const auto& node = prepared->graph().node(0);
  EXPECT_EQ(node.op_type(), "Softmax");
  EXPECT_EQ(node.name(), "block.0/softmax");
  EXPECT_EQ(node.output(0), "y");
  EXPECT_EQ(node.attribute(0).name(), "axis");
  EXPECT_EQ(node.attribute(0).i(), -1);
}

// Of IR version 9, as a file has them: field 11 of a function.
TEST(OnnxReader, LocalFunctionsHaveDefaultsOfAttributes) {
  onnx::FunctionProto function;
  function.set_name("Leaky");
  function.set_domain("local");
  function.add_input("a");
  function.add_output("b");
  function.add_attribute("unused");
  auto* body = function.add_node();
  body->set_op_type("LeakyRelu");
  body->add_input("a");
  body->add_output("b");
  auto* reference = body->add_attribute();
  reference->set_name("alpha");
  reference->set_type(onnx::AttributeProto::FLOAT);
  reference->set_ref_attr_name("slope");
  onnx::AttributeProto slope;
  slope.set_name("slope");
  slope.set_type(onnx::AttributeProto::FLOAT);
  slope.set_f(0.5);
  auto bytes = [&](const std::string& field) {
    return function.SerializeAsString() + char(11 << 3 | 2) + char(field.size()) + field;
  };
  auto model = EmptyModel();
  ASSERT_TRUE(model.add_functions()->ParseFromString(bytes(slope.SerializeAsString())));
  for (const char* name : {"default", "given"})
    AddNode(model, "Leaky", name, {"x"}, name)->set_domain("local");
  slope.set_f(0.25);
  *model.mutable_graph()->mutable_node(1)->add_attribute() = slope;
  SetOutput(model, "default");
  Problems problems;
  auto prepared = PrepareModel(model, "", problems);
  ASSERT_TRUE(prepared);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(prepared->graph().node(i).attribute_size(), 1);
    EXPECT_EQ(prepared->graph().node(i).attribute(0).name(), "alpha");
    EXPECT_EQ(prepared->graph().node(i).attribute(0).f(), i == 0 ? 0.5f : 0.25f);
  }
  ASSERT_TRUE(
      function.ParseFromString(bytes("\x0a\x7f")));  // a name of which 127 bytes are missing
  *model.mutable_functions(0) = function;
  EXPECT_FALSE(PrepareModel(model, "", problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].found, "a default that is no attribute");
}

TEST(OnnxReader, RecursiveFunctionsAreRefused) {
  auto model = EmptyModel();
  auto* function = model.add_functions();
  function->set_name("Loop");
  function->add_input("a");
  function->add_output("b");
  auto* body = function->add_node();
  body->set_op_type("Loop");
  body->add_input("a");
  body->add_output("b");
  AddNode(model, "Loop", "loop", {"x"}, "y");
  SetOutput(model, "y");
  Problems problems;
  EXPECT_FALSE(PrepareModel(model, "", problems));
}

// 40 functions, each calling the one before twice: 2^40 nodes in a file of a few kilobytes.
TEST(OnnxReader, FunctionsThatDoubleAgainAndAgainAreRefused) {
  auto model = EmptyModel();
  for (int i = 0; i < 40; ++i) {
    auto* function = model.add_functions();
    function->set_name(fmt::format("F{}", i));
    function->add_input("a");
    function->add_output("b");
    for (const auto& [from, to] : {std::pair("a", "m"), std::pair("m", "b")}) {
      auto* call = function->add_node();
      call->set_op_type(i == 0 ? "Relu" : fmt::format("F{}", i - 1));
      call->add_input(from);
      call->add_output(to);
    }
  }
  AddNode(model, "F39", "all", {"x"}, "y");
  SetOutput(model, "y");
  EXPECT_THAT(ProblemsOf(model), Finds("functions", "more than 131072 nodes"));
}

class ExternalData : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) / "mpcc_external_data";
    std::filesystem::create_directories(directory_ / "inside");
    std::ofstream(directory_ / "inside/weights.bin", std::ios::binary)
        << "skip" << std::string("\0\0\x80\x3f", 4);
    std::ofstream(directory_ / "outside.bin", std::ios::binary) << std::string("\0\0\x80\x3f", 4);
  }

  std::optional<onnx::ModelProto> Load(const std::string& location, const std::string& offset,
                                       int64_t elements = 1) {
    auto model = ReluModel();
    auto* tensor = AddTensor(model, "w", onnx::TensorProto::FLOAT, {elements}, "");
    tensor->clear_raw_data();
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    for (auto [key, value] : {std::pair("location", location), std::pair("offset", offset)}) {
      auto* entry = tensor->add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    return PrepareModel(model, (directory_ / "inside").string(), problems_);
  }

  std::filesystem::path directory_;
  Problems problems_;
};

TEST_F(ExternalData, IsReadAtItsOffset) {
  auto model = Load("weights.bin", "4");
  ASSERT_TRUE(model);
  EXPECT_EQ(model->graph().initializer(0).raw_data(), std::string("\0\0\x80\x3f", 4));
}

TEST_F(ExternalData, OutsideTheModelsDirectoryIsRefused) {
  EXPECT_FALSE(Load("../outside.bin", "0"));
  EXPECT_FALSE(Load((directory_ / "outside.bin").string(), "0"));
  EXPECT_THAT(problems_, Finds("w", "outside the model's directory"));
}

TEST_F(ExternalData, LinksThatLeadOutsideAreRefused) {
  std::filesystem::remove(directory_ / "inside/link.bin");
  std::filesystem::create_symlink(directory_ / "outside.bin", directory_ / "inside/link.bin");
  EXPECT_FALSE(Load("link.bin", "0"));
}

TEST_F(ExternalData, MissingBytesAreNamed) {
  EXPECT_FALSE(Load("weights.bin", "6"));
  EXPECT_THAT(problems_, Finds("w", "no 4 bytes at offset 6 of 'weights.bin'"));
  EXPECT_EQ(problems_.size(), 1u);
}

TEST_F(ExternalData, SizesAreComparedBeforeAnythingIsRead) {
  EXPECT_FALSE(Load("weights.bin", "4", int64_t{1} << 29));
  EXPECT_THAT(problems_, Finds("w", "no 2147483648 bytes at offset 4 of 'weights.bin'"));
  EXPECT_FALSE(Load("weights.bin", "4", int64_t{1} << 40));
  EXPECT_THAT(problems_, Finds("w", "a shape or type without a size"));
}

TEST(OnnxReader, GarbageIsNotAModel) {
  const std::string path = testing::TempDir() + "/garbage.onnx";
  std::ofstream(path, std::ios::binary) << "this is not protobuf";
  Problems problems;
  EXPECT_FALSE(ReadOnnx(path, problems));
  EXPECT_FALSE(ReadOnnx(path + ".missing", problems));
  EXPECT_EQ(problems.size(), 2u);
}

// To protobuf, nothing and a first field alone are messages.
TEST(OnnxReader, AFileThatIsCutBeforeItsGraphIsNamed) {
  const std::string path = testing::TempDir() + "/cut.onnx",
                    whole = ReluModel().SerializeAsString();
  for (size_t bytes : {0, 2}) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, bytes);
    Problems problems;
    EXPECT_FALSE(ReadOnnx(path, problems));
    EXPECT_THAT(problems, Finds(path, "no graph")) << bytes;
  }
}

}  // namespace
}  // namespace mpcc
