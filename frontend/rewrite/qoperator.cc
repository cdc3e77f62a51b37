// SPDX-License-Identifier: Apache-2.0
// A QLinear operator is its real operator between DequantizeLinear of its operands and
// QuantizeLinear of its result (ONNX and com.microsoft define them so).
#include "fmt/format.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/rewrite/rewrite.h"

namespace mpcc {
namespace {

struct Row {
  const char* op;
  const char* real;                    // the operator on real values
  std::vector<int> operands;           // inputs that a scale and a zero point follow
  int result = 0;                      // the result's scale; its zero point follows
  std::vector<std::string> kept = {};  // attributes of the real operator
  int leading = 0;                     // inputs before the operands, handed on as they are
  int bias = -1;                       // input of integers in the unit of the product
  bool real_result = false;            // the result may have no scale, and is real then
  std::optional<int> axis = {};        // default of `axis`, where ONNX's depends on the opset
};

constexpr int kAllTriples = -1;  // operands of QLinearConcat: as many as there are

const std::vector<Row>& Rows() {
  static const auto* rows = new std::vector<Row>{
      {.op = "QLinearMatMul", .real = "MatMul", .operands = {0, 3}, .result = 6},
      {.op = "QGemm",
       .real = "Gemm",
       .operands = {0, 3},
       .result = 7,
       .kept = {"transA", "transB"},
       .bias = 6,
       .real_result = true},
      {.op = "QLinearAdd", .real = "Add", .operands = {0, 3}, .result = 6},
      {.op = "QLinearMul", .real = "Mul", .operands = {0, 3}, .result = 6},
      {.op = "QLinearSigmoid", .real = "Sigmoid", .operands = {0}, .result = 3},
      {.op = "QLinearLeakyRelu",
       .real = "LeakyRelu",
       .operands = {0},
       .result = 3,
       .kept = {"alpha"}},
      {.op = "QLinearSoftmax", .real = "Softmax", .operands = {0}, .result = 3, .axis = -1},
      {.op = "QLinearReduceMean",
       .real = "ReduceMean",
       .operands = {0},
       .result = 3,
       .kept = {"axes", "keepdims"}},
      {.op = "QLinearAveragePool",
       .real = "AveragePool",
       .operands = {0},
       .result = 3,
       .kept = {"auto_pad", "ceil_mode", "count_include_pad", "kernel_shape", "pads", "strides"}},
      {.op = "QLinearGlobalAveragePool", .real = "GlobalAveragePool", .operands = {0}, .result = 3},
      {.op = "QLinearWhere", .real = "Where", .operands = {1, 4}, .result = 7, .leading = 1},
      {.op = "QLinearConcat",
       .real = "Concat",
       .operands = {kAllTriples},
       .result = 0,
       .kept = {"axis"}},
  };
  return *rows;
}

std::vector<int> OperandsOf(const Row& row, const onnx::NodeProto& node) {
  if (row.operands[0] != kAllTriples) return row.operands;
  std::vector<int> operands;
  for (int i = 2; i + 1 < node.input_size(); i += 3) operands.push_back(i);
  return operands;
}

class QOperatorRewriter {
 public:
  QOperatorRewriter(onnx::ModelProto& model, Problems& problems)
      : graph_(model), problems_(problems) {}

  void Run() {
    graph_.Run([this](const onnx::NodeProto& node) {
      for (const Row& row : Rows())
        if (node.op_type() == row.op) return Rewrite(row, node);
      return false;
    });
  }

 private:
  bool Rewrite(const Row& row, const onnx::NodeProto& node) {
    if (!Check(row, node)) return false;
    std::vector<std::string> inputs(node.input().begin(), node.input().begin() + row.leading);
    for (int i : OperandsOf(row, node)) inputs.push_back(Operand(row, node, i));
    if (!InputName(node, row.bias).empty()) inputs.push_back(Bias(row, node));
    const bool is_real = IsReal(row, node);
    onnx::NodeProto& real =
        graph_.Emit(row.real, inputs, node.name(), is_real ? node.output(0) : "");
    for (const auto& attribute : node.attribute())
      if (std::find(row.kept.begin(), row.kept.end(), attribute.name()) != row.kept.end())
        *real.add_attribute() = attribute;
    if (row.axis) SetInt(real, "axis", IntAttribute(node, "axis", *row.axis));
    if (is_real) return true;
    const std::string x = real.output(0);
    graph_.Quantize(x, {InputName(node, row.result), ResultZero(row, node)},
                    node.name() + "/quantize", node.output(0));
    return true;
  }

  static bool IsReal(const Row& row, const onnx::NodeProto& node) {
    return row.real_result && InputName(node, row.result).empty();
  }

  // Every operand and the result has a constant scale.
  bool Check(const Row& row, const onnx::NodeProto& node) {
    const std::vector<int> operands = OperandsOf(row, node);
    if (operands.empty() || node.output_size() != 1)
      return Fail(node, "no operands or no result", "both", kInvalidFile);
    for (int i : operands)
      if (!CheckScale(node, i, InputName(node, i + 1))) return false;
    return IsReal(row, node) || CheckScale(node, row.result, InputName(node, row.result));
  }

  bool CheckScale(const onnx::NodeProto& node, int input, const std::string& scale) {
    auto value = graph_.Constant(scale);
    if (value && value->is_float() && value->size() > 0) return true;
    return Fail(node, fmt::format("input {} with a scale that is no constant", input),
                "constant scales", "quantize statically");
  }

  bool Fail(const onnx::NodeProto& node, const std::string& found, const std::string& accepted,
            const std::string& remedy) {
    problems_.push_back({node.name(), node.op_type(), found, accepted, remedy});
    return false;
  }

  std::string Operand(const Row& row, const onnx::NodeProto& node, int i) {
    const std::string name = fmt::format("{}/operand_{}", node.name(), i);
    return graph_.Dequantize(InputName(node, i),
                             {Scale(node, i), InputName(node, i + 2), ColumnAxis(row, node, i)},
                             name);
  }

  // alpha, which QGemm has, is a factor of the second operand.
  std::string Scale(const onnx::NodeProto& node, int i) {
    const std::string scale = InputName(node, i + 1);
    for (const auto& attribute : node.attribute())
      if (attribute.name() == "alpha" && i == 3 && attribute.f() != 1)
        return Scaled(*graph_.Constant(scale), attribute.f(), node.name() + "/scale");
    return scale;
  }

  std::string Scaled(nn::Tensor scale, float factor, const std::string& name) {
    for (float& s : std::get<nn::Tensor::Floats>(scale.data)) s *= factor;
    return graph_.AddConstant(name, scale);
  }

  // Several scales of a matrix are those of its columns; of other operands, of the last axis.
  std::optional<int64_t> ColumnAxis(const Row& row, const onnx::NodeProto& node, int i) {
    if (row.real == std::string("Gemm")) return IntAttribute(node, "transB", 0) ? 0 : 1;
    const onnx::TensorProto* raw = graph_.Raw(InputName(node, i));
    return raw ? raw->dims_size() - 1 : -1;
  }

  // int32 with the product of both scales, per tensor or per column.
  std::string Bias(const Row& row, const onnx::NodeProto& node) {
    const float a = graph_.Constant(InputName(node, 1))->floats()[0];
    const std::string scale =
        Scaled(*graph_.Constant(Scale(node, 3)), a, node.name() + "/bias_scale");
    return graph_.Dequantize(InputName(node, row.bias), {scale, "", -1}, node.name() + "/bias");
  }

  // An absent zero point is 0 in the type of the operands.
  std::string ResultZero(const Row& row, const onnx::NodeProto& node) {
    const std::string given = InputName(node, row.result + 1);
    if (!given.empty()) return given;
    const onnx::TensorProto* like = graph_.Raw(InputName(node, OperandsOf(row, node)[0] + 2));
    if (!like) return "";
    return graph_.AddConstant(node.name() + "/zero", {{}, nn::Tensor::Ints{0}}, like->data_type());
  }

  GraphRewriter graph_;
  Problems& problems_;
};

}  // namespace

void RewriteQOperators(onnx::ModelProto& model, Problems& problems) {
  QOperatorRewriter(model, problems).Run();
}

}  // namespace mpcc
