// SPDX-License-Identifier: Apache-2.0
#include "frontend/visit_tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "frontend/onnx_reader.h"
#include "frontend/onnx_writer.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

// Their numbers lie in a file of their own each.
void MakeExternal(onnx::TensorProto& tensor, const std::string& location) {
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  auto* entry = tensor.add_external_data();
  entry->set_key("location");
  entry->set_value(location);
}

void AddExternalAttribute(onnx::NodeProto& node, const std::string& location) {
  auto* attribute = node.add_attribute();
  attribute->set_name("value");
  attribute->set_type(onnx::AttributeProto::TENSOR);
  MakeExternal(*attribute->mutable_t(), location);
}

// A tensor of each place that a file may have one in.
onnx::ModelProto ModelOfAllPlaces() {
  onnx::ModelProto model = EmptyModel();
  auto& graph = *model.mutable_graph();
  MakeExternal(*graph.add_initializer(), "graph.bin");
  graph.mutable_initializer(0)->set_name("w");
  AddExternalAttribute(*AddNode(model, "Constant", "constant", {}, "c"), "attribute.bin");
  onnx::NodeProto& choice = *AddNode(model, "If", "choice", {"x"}, "y");
  auto* branch = choice.add_attribute();
  branch->set_name("then_branch");
  branch->set_type(onnx::AttributeProto::GRAPH);
  MakeExternal(*branch->mutable_g()->add_initializer(), "branch.bin");
  branch->mutable_g()->mutable_initializer(0)->set_name("inner");
  AddExternalAttribute(*branch->mutable_g()->add_node(), "deep.bin");
  branch->mutable_g()->mutable_node(0)->set_name("deep");
  auto* lists = choice.add_attribute();
  MakeExternal(*lists->add_tensors(), "listed.bin");
  MakeExternal(*lists->add_graphs()->add_initializer(), "listed_graph.bin");
  lists->mutable_graphs(0)->mutable_initializer(0)->set_name("of_list");
  onnx::NodeProto& called = *model.add_functions()->add_node();
  called.set_name("called");
  AddExternalAttribute(called, "function.bin");
  return model;
}

TEST(VisitTensors, FindsThoseOfBranchesAndFunctions) {
  const onnx::ModelProto model = ModelOfAllPlaces();
  std::vector<std::string> places;
  VisitTensors(model, [&](const onnx::TensorProto& tensor, const std::string& place) {
    places.push_back(place + " " + tensor.external_data(0).value());
  });
  EXPECT_THAT(places, UnorderedElementsAre("w graph.bin", "constant attribute.bin",
                                           "inner branch.bin", "deep deep.bin", "choice listed.bin",
                                           "of_list listed_graph.bin", "called function.bin"));
}

TEST(VisitTensors, MayChangeThem) {
  onnx::ModelProto model = ModelOfAllPlaces();
  VisitTensors(model, [](onnx::TensorProto& tensor, const std::string&) { tensor.Clear(); });
  EXPECT_EQ(model.graph().initializer(0).name(), "");
  EXPECT_FALSE(model.functions(0).node(0).attribute(0).t().has_data_location());
}

TEST(VisitTensors, ExternalDataOfAllPlacesIsCopiedReadAndMissed) {
  const fs::path folder = fs::path(testing::TempDir()) / "visit_tensors";
  fs::remove_all(folder);
  fs::create_directories(folder / "other");
  const auto files = {"graph.bin",  "attribute.bin",    "branch.bin",  "deep.bin",
                      "listed.bin", "listed_graph.bin", "function.bin"};
  for (const char* file : files) std::ofstream(folder / file) << "1234";
  Problems problems;
  const std::string out = (folder / "other" / "model.onnx").string();
  ASSERT_TRUE(WriteOnnx(ModelOfAllPlaces(), folder.string(), out, problems));
  for (const char* file : files) EXPECT_TRUE(fs::exists(folder / "other" / file)) << file;

  onnx::ModelProto model = ModelOfAllPlaces();
  VisitTensors(model, [](onnx::TensorProto& tensor, const std::string&) { tensor.add_dims(1); });
  onnx::ModelProto read = model;
  LoadExternalData(read, (folder / "other").string(), problems);
  EXPECT_TRUE(problems.empty());
  VisitTensors(read, [](const onnx::TensorProto& tensor, const std::string& place) {
    EXPECT_EQ(tensor.raw_data().size(), 4u) << place;
  });

  LoadExternalData(model, (folder / "missing").string(), problems);
  std::vector<std::string> places;
  for (const Problem& problem : problems) places.push_back(problem.node);
  EXPECT_THAT(places, ElementsAre("w", "constant", "inner", "deep", "choice", "of_list", "called"));
}

}  // namespace
}  // namespace mpcc
