// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/layers/assign_layers.h"
#include "frontend/layers/layer_names.h"
#include "frontend/layers/layer_structure.h"
#include "ir/nn/types.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

namespace mpcc {
namespace {

using testing::ElementsAre;

onnx::NodeProto Node(const std::string& name, const std::string& op = "Softmax") {
  onnx::NodeProto node;
  node.set_name(name);
  node.set_op_type(op);
  return node;
}

// What a newer library writes into field 9 of a node.
onnx::NodeProto WithMetadata(const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto entry;
  entry.set_key(key);
  entry.set_value(value);
  const std::string bytes = entry.SerializeAsString();
  onnx::NodeProto node = Node("node_Softmax_12"), parsed;
  std::string all = node.SerializeAsString() + "\x4a";
  all.push_back(static_cast<char>(bytes.size()));
  EXPECT_TRUE(parsed.ParseFromString(all + bytes));
  return parsed;
}

TEST(LayerNames, ScopesComeFromEveryExportersNames) {
  EXPECT_THAT(*ScopesOf(Node("/encoder/layer.3/attention/self/Softmax")),
              ElementsAre("encoder", "layer", "3", "attention", "self"));
  EXPECT_THAT(*ScopesOf(Node("tf_bert/encoder/layer_._3/attention/Softmax")),
              ElementsAre("tf_bert", "encoder", "layer", "3", "attention"));
  EXPECT_THAT(*ScopesOf(Node("encoder.layer.0.query.bias_DequantizeLinear")),
              ElementsAre("encoder", "layer", "0", "query"));
  EXPECT_THAT(
      *ScopesOf(WithMetadata("pkg.torch.onnx.name_scopes",
                             "['', 'bert', 'bert.layer.1', 'bert.layer.1.self', 'softmax']")),
      ElementsAre("bert", "layer", "1", "self"));
  EXPECT_THAT(
      *ScopesOf(WithMetadata("pkg.torch.onnx.namespace",
                             ": Model/bert: Bert/bert.layer.1: Layer/softmax: aten.softmax")),
      ElementsAre("bert", "layer", "1"));
  EXPECT_THAT(*ScopesOf(Node("/Softmax_1")), ElementsAre());
  EXPECT_FALSE(ScopesOf(Node("node_Softmax_12")));
  EXPECT_FALSE(ScopesOf(WithMetadata("another", "a.0.b")));
}

TEST(LayerNames, LayersAreTheNumbersOfTheContainerWithMostSoftmaxes) {
  onnx::GraphProto graph;
  for (const char* name :
       {"/0/model/transformer/layer.0/Softmax", "/0/model/transformer/layer.1/Softmax",
        "/0/model/transformer/layer.2/blocks.0/Softmax", "/1/pool/Softmax"})
    *graph.add_node() = Node(name);
  const LayerNames names(graph);
  EXPECT_EQ(names.count(), 3);
  EXPECT_EQ(names.Of(Node("/0/model/transformer/layer.2/ffn/MatMul")).layer, 2);
  EXPECT_EQ(names.Of(Node("/0/model/embeddings/Add")).layer, std::nullopt);
  EXPECT_TRUE(names.Of(Node("/0/model/embeddings/Add")).scoped);
  EXPECT_FALSE(names.Of(Node("MatMul_3")).scoped);
}

// Two layers behind a projection, with a mask and a pooler; the second one with names of the first.
constexpr char kEncoder[] = R"(
!h = tensor<1x2x4xf32>
!w = tensor<4x4xf32>
!s = tensor<1x2x2xf32>
func.func @main(%x: !h {nn.owner = "data"}, %m: !s {nn.owner = "data"}) -> tensor<1x1x4xf32> {
  %w = nn.constant dense<1.0> : !w : !w
  %mask = nn.unary neg %m : !s -> !s loc("embedding")
  %h = nn.linear %x, %w : (!h, !w) -> !h loc("embedding")
  %q0 = nn.linear %h, %w : (!h, !w) -> !h loc("layer.0")
  %s0 = nn.matmul %q0, %h {transpose_b} : (!h, !h) -> !s loc("layer.0")
  %a0 = nn.binary add %s0, %mask : (!s, !s) -> !s loc("layer.0")
  %p0 = nn.softmax %a0 : (!s) -> !s loc("layer.0")
  %c0 = nn.matmul %p0, %h : (!s, !h) -> !h loc("layer.0")
  %r0 = nn.binary add %h, %c0 : (!h, !h) -> !h loc("layer.0")
  %f0 = nn.linear %r0, %w : (!h, !w) -> !h loc("layer.0")
  %y0 = nn.binary add %r0, %f0 : (!h, !h) -> !h loc("layer.0")
  %n0 = nn.unary tanh %y0 : !h -> !h loc("layer.0")
  %q1 = nn.linear %n0, %w : (!h, !w) -> !h loc("layer.1")
  %s1 = nn.matmul %q1, %n0 {transpose_b} : (!h, !h) -> !s loc("layer.1")
  %a1 = nn.binary add %s1, %mask : (!s, !s) -> !s loc("layer.1")
  %p1 = nn.softmax %a1 : (!s) -> !s loc("layer.1")
  %c1 = nn.matmul %p1, %n0 : (!s, !h) -> !h loc("layer.1")
  %r1 = nn.binary add %n0, %c1 : (!h, !h) -> !h loc("layer.1")
  %f1 = nn.linear %r1, %w : (!h, !w) -> !h loc("layer.1")
  %y1 = nn.binary add %r1, %f1 : (!h, !h) -> !h loc("layer.1")
  %n1 = nn.unary tanh %y1 : !h -> !h loc("layer.1")
  %first = nn.slice %n1 [0, 0, 0] : !h -> tensor<1x1x4xf32> loc("head")
  %l = nn.linear %first, %w : (tensor<1x1x4xf32>, !w) -> tensor<1x1x4xf32> loc("head")
  return %l : tensor<1x1x4xf32>
}
)";

class Layers : public testing::Test {
 protected:
  Layers() {
    context_.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
    module_ = mlir::parseSourceString<mlir::ModuleOp>(kEncoder, &context_);
    function_ = *module_->getOps<mlir::func::FuncOp>().begin();
  }

  // What the names of the locations say, beside the parts that are found.
  void ExpectAsNamed() {
    function_.walk([](mlir::Operation* op) {
      if (op->getNumResults() == 0 || llvm::isa<nn::ConstantOp>(op)) return;
      nn::PartAttr part = nn::PartOf(op->getLoc());
      ASSERT_TRUE(part);
      EXPECT_EQ(part.text(), nn::NodeName(op->getLoc()));
    });
  }

  mlir::MLIRContext context_;
  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::func::FuncOp function_;
};

TEST_F(Layers, AreFoundByTheStructure) {
  EXPECT_EQ(FindLayers(function_).count, 2);
  AssignLayers(function_, 0);
  ExpectAsNamed();
}

TEST_F(Layers, ThatShareANameAreFoundByTheStructure) {
  function_.walk([&](nn::LinearOp op) {
    op->setLoc(nn::WithPart(op->getLoc(), nn::PartAttr::get(&context_, nn::PartKind::layer, 0)));
  });
  AssignLayers(function_, 1);
  ExpectAsNamed();
}

TEST_F(Layers, AreThoseOfTheNamesWhereTheseTellAsMany) {
  function_.walk([&](mlir::Operation* op) {
    const std::string name = nn::NodeName(op->getLoc());
    if (op->getNumResults() == 0 || llvm::isa<nn::UnaryOp>(op)) return;  // no name of their own
    const bool layer = llvm::StringRef(name).starts_with("layer");
    op->setLoc(nn::WithPart(
        op->getLoc(),
        nn::PartAttr::get(&context_, layer ? nn::PartKind::layer : nn::PartKind::embedding,
                          layer ? name.back() - '0' : 0)));
  });
  AssignLayers(function_, 2);
  ExpectAsNamed();
}

}  // namespace
}  // namespace mpcc
