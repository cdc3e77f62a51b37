// SPDX-License-Identifier: Apache-2.0
#include "frontend/check_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/onnx_reader.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Where onnx has the text, or the number, in a node y = op<attribute>(x).
struct OneNode {
  onnx::ModelProto model = EmptyModel();
  onnx::NodeProto* node;

  explicit OneNode(const std::string& op, int opset = 21, const std::string& domain = "") {
    model.mutable_opset_import(0)->set_version(opset);
    node = AddNode(model, op, "n", {"x"}, "y");
    node->set_domain(domain);
    SetOutput(model, "y");
  }
  onnx::AttributeProto* Add(const std::string& name, onnx::AttributeProto::AttributeType type) {
    auto* attribute = node->add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
  }
  // "found; accepted" of each problem.
  std::vector<std::string> Faults() const {
    Problems problems;
    (void)PrepareModel(model, "", problems);
    std::vector<std::string> texts;
    for (const Problem& problem : problems) {
      EXPECT_EQ(problem.node, "n");
      texts.push_back(problem.found + "; " + problem.accepted);
    }
    return texts;
  }
};

TEST(CheckAttributes, OfAnotherTypeAreRefused) {
  OneNode elu("Elu");
  elu.Add("alpha", onnx::AttributeProto::INT)->set_i(3);
  EXPECT_THAT(elu.Faults(), ElementsAre("attribute 'alpha' of type INT; FLOAT"));
  OneNode softmax("Softmax");
  softmax.Add("axis", onnx::AttributeProto::FLOAT)->set_f(1);
  EXPECT_THAT(softmax.Faults(), ElementsAre("attribute 'axis' of type FLOAT; INT"));
}

TEST(CheckAttributes, WithAValueOfAnotherTypeAreRefused) {
  OneNode elu("Elu");
  elu.Add("alpha", onnx::AttributeProto::FLOAT)->set_i(3);
  EXPECT_THAT(elu.Faults(), ElementsAre(HasSubstr("with a value of another one")));
}

TEST(CheckAttributes, ThatTheOperatorDoesNotHaveAreRefused) {
  OneNode leaky("LeakyRelu", 17);
  leaky.Add("aplha", onnx::AttributeProto::FLOAT)->set_f(0.5);
  EXPECT_THAT(leaky.Faults(),
              ElementsAre("attribute 'aplha', which LeakyRelu of opset 17 does not have; alpha"));
  OneNode relu("Relu");
  relu.Add("alpha", onnx::AttributeProto::FLOAT)->set_f(0.5);
  EXPECT_THAT(relu.Faults(), ElementsAre(HasSubstr("does not have; no attributes")));
}

TEST(CheckAttributes, GivenTwiceAreRefused) {
  OneNode leaky("LeakyRelu");
  for (float alpha : {0.5f, 0.25f}) leaky.Add("alpha", onnx::AttributeProto::FLOAT)->set_f(alpha);
  EXPECT_THAT(leaky.Faults(), ElementsAre("attribute 'alpha' twice; each attribute once"));
}

TEST(CheckAttributes, ChangeWithTheOpset) {
  const std::vector<std::tuple<const char*, const char*, int, int>> rows = {
      {"Squeeze", "axes", 11, 12},  // first and last of the opsets that have it
      {"ReduceMean", "axes", 11, 17},
      {"ReduceMean", "noop_with_empty_axes", 18, kMaxOpset},
      {"Split", "num_outputs", 18, kMaxOpset},
      {"Cast", "to", kMinOpset, kMaxOpset},
      {"QuantizeLinear", "axis", 13, kMaxOpset},
      {"QuantizeLinear", "output_dtype", 21, kMaxOpset},
      {"QuantizeLinear", "precision", 23, kMaxOpset}};
  for (const auto& [op, name, first, last] : rows) {
    const bool several = std::string(name) == "axes";
    for (int opset = kMinOpset; opset <= kMaxOpset; ++opset) {
      OneNode node(op, opset);
      auto* attribute =
          node.Add(name, several ? onnx::AttributeProto::INTS : onnx::AttributeProto::INT);
      several ? attribute->add_ints(1) : attribute->set_i(1);
      EXPECT_EQ(node.Faults().empty(), first <= opset && opset <= last)
          << op << " " << name << " " << opset;
    }
  }
}

TEST(CheckAttributes, OfOtherDomainsAreCheckedWhereTheyAreKnown) {
  OneNode quick("QuickGelu", 17, "com.microsoft");
  quick.Add("alpha", onnx::AttributeProto::INT)->set_i(1);
  EXPECT_THAT(quick.Faults(), ElementsAre("attribute 'alpha' of type INT; FLOAT"));
  OneNode unknown("Sampling", 17, "com.microsoft");
  unknown.Add("alpha", onnx::AttributeProto::INT)->set_i(1);
  EXPECT_THAT(unknown.Faults(), IsEmpty());
}

TEST(CheckAttributes, OfTwoUnderscoresAreNotes) {
  OneNode relu("Relu");
  relu.Add("__origin", onnx::AttributeProto::INT)->set_i(1);
  EXPECT_THAT(relu.Faults(), IsEmpty());
  OneNode one("Relu");
  one.Add("_origin", onnx::AttributeProto::INT)->set_i(1);
  EXPECT_THAT(one.Faults(), ElementsAre(HasSubstr("does not have")));
}

// Of which the library may not know the version either.
TEST(CheckAttributes, OfOperatorsThatAreNotTakenAreNotLookedAt) {
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"Resize", "antialias"},
      {"LpPool", "ceil_mode"},
      {"AveragePool", "dilations"},
      {"ReduceLogSum", "noop_with_empty_axes"}};
  for (const auto& [op, name] : rows) {
    OneNode node(op, 18);
    node.Add(name, onnx::AttributeProto::INT)->set_i(0);
    EXPECT_THAT(node.Faults(), IsEmpty()) << op;
  }
  OneNode product("MatMulInteger");  // is taken, though no importer has it
  product.Add("alpha", onnx::AttributeProto::INT)->set_i(0);
  EXPECT_THAT(product.Faults(), ElementsAre(HasSubstr("does not have")));
}

}  // namespace
}  // namespace mpcc
