// SPDX-License-Identifier: Apache-2.0
// Products of integers as products of reals.
//
// 1. A dynamic quantizer hands its input on, with scale 1 and zero point 0: its scale and zero
//    point become these constants, so that whatever reads them, in whatever order, stays right.
// 2. MatMulInteger of integers q = x / s + z is then MatMul of what the integers stand for: the
//    quantizer's input, DequantizeLinear with the quantizer's scale (which the result is divided
//    by), or DequantizeLinear of a constant with scale 1.
// 3. The constants that the result is multiplied by are the scale of the constant operand.
#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/rewrite/rewrite.h"

namespace mpcc {
namespace {

// The operators that are a product of integers with scales and a bias, by input; -1: has none.
struct Fused {
  const char* op;
  bool is_dynamic;  // input 0 is real
  int a_scale, b_scale, a_zero, b_zero, bias;
};
constexpr Fused kFused[] = {{"DynamicQuantizeMatMul", true, -1, 2, -1, 3, 4},
                            {"MatMulIntegerToFloat", false, 2, 3, 4, 5, 6}};

class FusedProducts {
 public:
  explicit FusedProducts(onnx::ModelProto& model) : graph_(model) {}

  void Run() {
    graph_.Run([this](const onnx::NodeProto& node) {
      for (const Fused& row : kFused)
        if (node.op_type() == row.op && node.output_size() == 1) return Expand(row, node);
      return false;
    });
  }

 private:
  bool Expand(const Fused& row, const onnx::NodeProto& node) {
    const std::string& name = node.name();
    std::string a = InputName(node, 0), a_scale = InputName(node, row.a_scale),
                a_zero = InputName(node, row.a_zero);
    if (row.is_dynamic) {
      onnx::NodeProto& quantize = graph_.Emit("DynamicQuantizeLinear", {a}, name + "/quantize");
      a = quantize.output(0), a_scale = a + "_scale", a_zero = a + "_zero_point";
      quantize.add_output(a_scale);
      quantize.add_output(a_zero);
    }
    std::vector<std::string> inputs{a, InputName(node, 1), a_zero, InputName(node, row.b_zero)};
    std::string y = graph_.Emit("MatMulInteger", inputs, name).output(0);
    onnx::NodeProto& cast = graph_.Emit("Cast", {y}, name + "/cast");
    SetInt(cast, "to", onnx::TensorProto::FLOAT);
    y = graph_.Emit("Mul", {cast.output(0), a_scale}, name + "/scale_a").output(0);
    const std::string bias = InputName(node, row.bias);
    y = graph_
            .Emit("Mul", {y, InputName(node, row.b_scale)}, name + "/scale_b",
                  bias.empty() ? node.output(0) : "")
            .output(0);
    if (!bias.empty()) graph_.Emit("Add", {y, bias}, name + "/bias", node.output(0));
    return true;
  }

  GraphRewriter graph_;
};

class IntegerProducts {
 public:
  IntegerProducts(onnx::ModelProto& model, Problems& problems)
      : graph_(model), problems_(problems) {}

  void Run() {
    graph_.Run([this](const onnx::NodeProto& node) {
      return node.op_type() == "DynamicQuantizeLinear" && FreeQuantizer(node);
    });
    bool any = !zeros_.empty();
    graph_.Run([&](const onnx::NodeProto& node) {
      if (node.op_type() != "MatMulInteger") return absorbed_.count(node.name()) > 0;
      any = true;
      return Rewrite(node);
    });
    if (any) graph_.DropDead();
  }

 private:
  // An operand: `real` / `scale` are its integers without their zero point. A constant one has no
  // `real` yet.
  struct Operand {
    std::string real;
    float scale = 1;
  };
  // What follows a product: constants that multiply it, and the name of the result.
  struct Tail {
    nn::Tensor factor{{}, nn::Tensor::Floats{1}};
    std::string result;
  };

  bool Fail(const onnx::NodeProto& node, const std::string& found, const std::string& accepted) {
    problems_.push_back({node.name(), node.op_type(), found, accepted,
                         "quantize with quantize_static or quantize_dynamic of ONNX Runtime"});
    return false;
  }

  bool FreeQuantizer(const onnx::NodeProto& node) {
    if (node.output_size() != 3 || node.input_size() != 1)
      return Fail(node, "other inputs or outputs", "one input and three outputs");
    graph_.Emit(kFreeQuantizer, {node.input(0)}, node.name(), node.output(0))
        .set_domain(kMpccDomain);
    graph_.DefineConstant(node.output(1), {{}, nn::Tensor::Floats{1}});
    graph_.DefineConstant(node.output(2), {{}, nn::Tensor::Ints{0}}, onnx::TensorProto::UINT8);
    zeros_[node.output(0)] = node.output(2);
    return true;
  }

  bool Rewrite(const onnx::NodeProto& node) {
    if (node.input_size() < 2 || node.output_size() != 1)
      return Fail(node, "fewer than two operands", "two operands");
    auto a = Read(node, 0), b = Read(node, 1);
    if (!a || !b) return false;
    const bool linear = b->real.empty();
    Tail tail = ReadTail(node, linear);
    auto& factor = std::get<nn::Tensor::Floats>(tail.factor.data);
    for (float& f : factor) f /= a->scale * b->scale;
    const nn::Tensor one{{}, nn::Tensor::Floats{1}};
    if (linear) b->real = Constant(node, 1, std::exchange(tail.factor, one));
    if (a->real.empty()) a->real = Constant(node, 0, std::exchange(tail.factor, one));
    const float rest = tail.factor.floats()[0];
    onnx::NodeProto& product =
        graph_.Emit("MatMul", {a->real, b->real}, node.name(), rest == 1 ? tail.result : "");
    if (rest == 1) return true;
    const std::string y = product.output(0);
    graph_.Emit("Mul", {y, graph_.AddScalar(node.name() + "/factor", rest)}, node.name() + "/scale",
                tail.result);
    return true;
  }

  std::optional<Operand> Read(const onnx::NodeProto& node, int i) {
    auto constant = graph_.Constant(node.input(i));
    if (constant && constant->is_int() && constant->shape.size() == 2) {
      if (ZerosFit(node, i, constant->shape[1])) return Operand();
      Fail(node,
           fmt::format("a zero point of matrix {} that is computed, real or of another shape", i),
           "integers in the file: one, or one for each column of the second operand");
      return std::nullopt;
    }
    const std::string& q = node.input(i);
    const onnx::NodeProto* source = Source(q);
    const std::string zero = InputName(node, i + 2);
    if (source && source->op_type() == kFreeQuantizer) {
      if (zeros_[source->output(0)] == zero) return Operand{q, 1};
      Fail(node, "a zero point that is not the dynamic quantizer's", "the quantizer's");
      return std::nullopt;
    }
    if (source && source->op_type() == "QuantizeLinear") return Static(node, i, *source);
    Fail(node, fmt::format("operand {} of unknown scale", i),
         "an integer matrix in the file, or the result of a quantizer");
    return std::nullopt;
  }

  // Whether the zero point of a constant matrix is known, and one or, at the right, one a column.
  bool ZerosFit(const onnx::NodeProto& node, int i, int64_t columns) const {
    const std::string name = InputName(node, i + 2);
    if (name.empty()) return true;
    const auto zero = graph_.Constant(name);
    return zero && zero->is_int() && (zero->size() == 1 || (i == 1 && zero->size() == columns));
  }

  // Integers of a quantizer with constant parameters.
  std::optional<Operand> Static(const onnx::NodeProto& node, int i, const onnx::NodeProto& source) {
    auto scale = graph_.Constant(InputName(source, 1));
    const std::string zero = InputName(source, 2);
    if (!scale || !scale->is_float() || scale->size() != 1 ||
        ZeroOf(zero) != ZeroOf(InputName(node, i + 2))) {
      Fail(node, "a scale or zero point other than the quantizer's", "one of each, constant");
      return std::nullopt;
    }
    const std::string name = fmt::format("{}/operand_{}", node.name(), i);
    return Operand{graph_.Dequantize(node.input(i), {source.input(1), zero}, name),
                   scale->floats()[0]};
  }

  // The zero point of one element; nothing if it is computed.
  std::optional<int64_t> ZeroOf(const std::string& name) const {
    if (name.empty()) return 0;
    auto value = graph_.Constant(name);
    const bool one = value && value->is_int() && value->size() == 1;
    return one ? std::optional(value->ints()[0]) : std::nullopt;
  }

  // The quantizer behind rearrangements.
  const onnx::NodeProto* Source(const std::string& tensor) const {
    const onnx::NodeProto* node = graph_.Producer(tensor);
    while (node && IsLayout(*node)) node = graph_.Producer(node->input(0));
    return node;
  }

  // Cast to float and Mul with a constant number, or row of the matrix's columns if `rows`, as long
  // as nothing else reads what is between.
  Tail ReadTail(const onnx::NodeProto& product, bool rows) {
    Tail tail;
    tail.result = product.output(0);
    while (!graph_.IsOutput(tail.result) && graph_.Users(tail.result).size() == 1) {
      const onnx::NodeProto& user = *graph_.Users(tail.result)[0];
      const bool casts =
          user.op_type() == "Cast" && IntAttribute(user, "to", 0) == onnx::TensorProto::FLOAT;
      if (!casts && !(user.op_type() == "Mul" && Multiply(product, user, rows, tail))) break;
      absorbed_.insert(user.name());
      tail.result = user.output(0);
    }
    return tail;
  }

  // Takes the constant operand of `user` into the tail's factor.
  bool Multiply(const onnx::NodeProto& product, const onnx::NodeProto& user, bool rows,
                Tail& tail) {
    if (user.input_size() != 2) return false;
    auto value = graph_.Constant(user.input(user.input(0) == tail.result ? 1 : 0));
    if (!value || !value->is_float() || value->size() == 0) return false;
    const auto matrix = rows ? graph_.Constant(product.input(1)) : std::nullopt;
    const bool row = matrix && value->size() == matrix->shape[1] && !value->shape.empty() &&
                     value->shape.back() == value->size();
    if (value->size() != 1 && !row) return false;
    auto& factor = std::get<nn::Tensor::Floats>(tail.factor.data);
    if (factor.size() < static_cast<size_t>(value->size())) factor.resize(value->size(), factor[0]);
    tail.factor.shape =
        factor.size() == 1 ? std::vector<int64_t>() : std::vector{int64_t(factor.size())};
    for (size_t i = 0; i < factor.size(); ++i)
      factor[i] *= value->floats()[value->size() == 1 ? 0 : i];
    return true;
  }

  // The integer matrix at input i with this scale; one for each column if there are several scales
  // or zero points.
  std::string Constant(const onnx::NodeProto& node, int i, nn::Tensor scale) {
    const std::string name = fmt::format("{}/operand_{}", node.name(), i);
    nn::Tensor matrix = *graph_.Constant(node.input(i));
    nn::Tensor zero =
        graph_.Constant(InputName(node, i + 2)).value_or(nn::Tensor{{}, nn::Tensor::Ints{0}});
    auto& scales = std::get<nn::Tensor::Floats>(scale.data);
    auto& zeros = std::get<nn::Tensor::Ints>(zero.data);
    const size_t count = std::max(scales.size(), zeros.size());
    scales.resize(count, scales[0]), zeros.resize(count, zeros[0]);
    scale.shape = zero.shape = count == 1 ? std::vector<int64_t>() : std::vector{int64_t(count)};
    const onnx::TensorProto* raw = graph_.Raw(node.input(i));
    const int type = raw ? raw->data_type() : TypeOf(matrix, zero);
    const std::string q =
        raw ? node.input(i) : graph_.AddConstant(name + "/integers", matrix, type);
    const std::string zeros_name = graph_.AddConstant(name + "/zero_point", zero, type);
    return graph_.Dequantize(q, {graph_.AddConstant(name + "/scale", scale), zeros_name, 1}, name);
  }

  // The type of integers that came through other operators, by their values.
  static int TypeOf(const nn::Tensor& matrix, const nn::Tensor& zero) {
    const auto negative = [](int64_t v) { return v < 0; };
    return std::any_of(matrix.ints().begin(), matrix.ints().end(), negative) ||
                   std::any_of(zero.ints().begin(), zero.ints().end(), negative)
               ? onnx::TensorProto::INT8
               : onnx::TensorProto::UINT8;
  }

  GraphRewriter graph_;
  Problems& problems_;
  std::map<std::string, std::string> zeros_;  // zero point of each free quantizer, by its result
  std::set<std::string> absorbed_;            // nodes that a product has taken in
};

}  // namespace

void RewriteIntegerProducts(onnx::ModelProto& model, Problems& problems) {
  FusedProducts(model).Run();
  IntegerProducts(model, problems).Run();
}

}  // namespace mpcc
