// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/sites.h"

#include <algorithm>
#include <set>

namespace mpcc::quantize {
namespace {

constexpr int kMaxSteps = 32;  // rearrangements between a product and its operand

// Operators that hand factors of their result's columns on to their operands.
bool HandsOn(const onnx::NodeProto& node) {
  static const auto* operators = new std::set<std::string>{
      "Add",  "Cast",  "Concat",         "DequantizeLinear", "Div", "Dropout", "Mul",
      "Mean", "Quant", "QuantizeLinear", "ReduceMean",       "Sub", "Sum",     "Where"};
  return IsLayout(node) || operators->count(node.op_type()) > 0;
}

// Whether the last axis becomes another one.
bool MovesLastAxis(const onnx::NodeProto& node) {
  if (node.op_type() != "Transpose") return false;
  for (const auto& attribute : node.attribute())
    if (attribute.name() == "perm")
      return attribute.ints_size() > 0 &&
             attribute.ints(attribute.ints_size() - 1) + 1 != attribute.ints_size();
  return true;  // all axes turn round
}

bool IsProduct(const onnx::NodeProto& node) {
  return (node.op_type() == "MatMul" || node.op_type() == "Gemm") && node.input_size() >= 2 &&
         node.output_size() == 1;
}

class SiteFinder {
 public:
  SiteFinder(const GraphRewriter& graph, const Rows& rows) : graph_(graph), rows_(rows) {}

  Sites Find() {
    for (const onnx::NodeProto& node : graph_.nodes()) {
      bool secret = std::any_of(node.input().begin(), node.input().end(),
                                [this](const std::string& name) { return secret_.count(name); });
      if (IsProduct(node)) secret |= Product(node, secret);
      if (!secret) continue;
      secret_.insert(node.output().begin(), node.output().end());
      if (IsRigid(node)) rigid_.insert(node.output().begin(), node.output().end());
    }
    return std::move(found_);
  }

 private:
  // Whether the result is secret.
  bool Product(const onnx::NodeProto& node, bool secret) {
    const bool a = graph_.IsConstant(node.input(0)), b = graph_.IsConstant(node.input(1));
    if (a == b && !a) {
      if (secret) AttentionProduct(node);
      return secret;
    }
    if (b && !a) LinearLayer(node);
    return true;
  }

  void LinearLayer(const onnx::NodeProto& node) {
    const onnx::NodeProto* producer = graph_.Producer(node.input(1));
    const bool integers = producer && producer->op_type() == "DequantizeLinear";
    const bool is_matrix = rows_(node.input(0)) != 1;
    if (IsQuantized(node.input(0)) || (!integers && !is_matrix)) return;
    found_.linears.push_back(
        {node.name(), node.input(0), WeightKey(graph_, node.input(1)), integers});
    AddSite(node.input(0), Kind::kInput, 1, node);
  }

  void AttentionProduct(const onnx::NodeProto& node) {
    const std::string &a = node.input(0), &b = node.input(1);
    const bool context = IsProbability(a);
    if (!IsQuantized(a)) AddSite(a, context ? Kind::kProbability : Kind::kHead, 1, node);
    if (!IsQuantized(b))
      AddSite(b, IsProbability(b) ? Kind::kProbability : Kind::kHead, context ? 1 : 2, node);
    found_.attentions.push_back({node.name(), a, b, context});
  }

  void AddSite(const std::string& tensor, Kind kind, int axis, const onnx::NodeProto& reader) {
    Site& site = found_.sites[tensor];
    if (site.readers.empty()) site = {tensor, kind, axis, {}, rigid_.count(tensor) == 0};
    site.readers.push_back(reader.name());
  }

  // Whether factors of the columns of a secret node's result find no place.
  bool IsRigid(const onnx::NodeProto& node) const {
    if (IsProduct(node)) return IsComputed(node);
    if (MovesLastAxis(node) || JoinsRows(node)) return true;
    auto in = [&node](const std::set<std::string>& names) {
      return std::ranges::count_if(node.input(),
                                   [&](const std::string& name) { return names.count(name) > 0; });
    };
    const bool scales = node.op_type() == "Mul" || node.op_type() == "Div";
    if (scales && in(secret_) > 1) return false;  // of a normalization or a function in pieces
    return HandsOn(node) && in(rigid_) > 0;
  }

  // Whether a row of the result is no part of a row before.
  bool JoinsRows(const onnx::NodeProto& node) const {
    static const auto* operators =
        new std::set<std::string>{"Flatten", "Reshape", "Squeeze", "Unsqueeze"};
    if (operators->count(node.op_type()) == 0) return false;
    const int64_t before = rows_(node.input(0)), after = rows_(node.output(0));
    return before > 0 && after % before != 0;
  }

  bool IsComputed(const onnx::NodeProto& product) const {
    return !graph_.IsConstant(product.input(0)) && !graph_.IsConstant(product.input(1));
  }

  // The node behind rearrangements.
  const onnx::NodeProto* Source(const std::string& tensor) const {
    const onnx::NodeProto* node = graph_.Producer(tensor);
    for (int i = 0; node && (IsLayout(*node) || Passes(*node)) && i < kMaxSteps; ++i)
      node = graph_.Producer(node->input(0));
    return node;
  }

  static bool Passes(const onnx::NodeProto& node) {
    return node.input_size() > 0 && (node.op_type() == "Dropout" || node.op_type() == "Cast");
  }

  bool IsQuantized(const std::string& tensor) const {
    const onnx::NodeProto* source = Source(tensor);
    return source && source->op_type() == "DequantizeLinear";
  }

  // A softmax, or one whose rows without a place to attend to are replaced by zeros.
  bool IsProbability(const std::string& tensor) const {
    const onnx::NodeProto* source = Source(tensor);
    if (source && source->op_type() == "Where" && source->input_size() == 3) {
      const onnx::NodeProto *a = Source(source->input(1)), *b = Source(source->input(2));
      return (a && a->op_type() == "Softmax") || (b && b->op_type() == "Softmax");
    }
    return source && source->op_type() == "Softmax";
  }

  const GraphRewriter& graph_;
  const Rows& rows_;
  std::set<std::string> secret_;
  std::set<std::string> rigid_;  // secret, and columns take no factors
  Sites found_;
};

}  // namespace

Sites FindSites(const GraphRewriter& graph, const Rows& rows) {
  return SiteFinder(graph, rows).Find();
}

std::string WeightKey(const GraphRewriter& graph, const std::string& tensor) {
  std::string root = tensor;
  bool transposed = false;
  for (int i = 0; i < kMaxSteps; ++i) {
    const onnx::NodeProto* node = graph.Producer(root);
    const bool moves = node && node->op_type() == "Transpose";
    if (!node || (!moves && node->op_type() != "Identity")) break;
    transposed ^= moves;
    root = node->input(0);
  }
  return transposed ? root + "^T" : root;
}

}  // namespace mpcc::quantize
