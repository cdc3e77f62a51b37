// SPDX-License-Identifier: Apache-2.0
#include "test/random/nn_generator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace mpcc {
namespace {

using Dims = std::vector<int>;

// A value in the text.
struct Value {
  std::string name;
  Dims dims;
  std::string element;  // "f32", "i64" or a quantized type

  std::string Type() const {
    return dims.empty() ? fmt::format("tensor<{}>", element)
                        : fmt::format("tensor<{}x{}>", fmt::join(dims, "x"), element);
  }
};

std::string SignedType(int bits, double scale) {
  const int top = 1 << (bits - 1);
  return fmt::format("!quant.uniform<i8<{}:{}>:f32, {:.6e}>", bits == 1 ? -1 : -top,
                     bits == 1 ? 1 : top - 1, scale);
}

std::string UnsignedType(int bits, double scale, int zero_point) {
  return fmt::format("!quant.uniform<u8<0:{}>:f32, {:.6e}:{}>", (1 << bits) - 1, scale, zero_point);
}

class Generator {
 public:
  Generator(const NetworkShape& shape, uint64_t seed) : shape_(shape), random_(seed) {}

  std::string Run() {
    const int tokens = shape_.tokens;
    Value ids{"%ids", {1, tokens}, "i64"};
    Value x = Normalize(Op("gather", {Reals({shape_.vocabulary, shape_.width()}, 0, 1, true), ids},
                           {1, tokens, shape_.width()}),
                        true);
    if (shape_.masked) mask_ = Mask();
    for (char block : shape_.blocks) x = Block(block, x);
    const Value y = Head(x);
    return fmt::format(
        "func.func @main(%ids: tensor<1x{0}xi64> {{nn.owner = \"data\", nn.name = "
        "\"input_ids\"}}{1})"
        " -> ({2} {{nn.name = \"output\"}}) {{\n{3}  return {4} : {2}\n}}\n",
        tokens, MaskArgument(), y.Type(), body_, y.name);
  }

 private:
  // ---- text

  Value Define(const std::string& right_side, Dims dims, const std::string& element = "f32") {
    Value value{fmt::format("%{}", next_++), std::move(dims), element};
    body_ += fmt::format("  {} = {}\n", value.name, right_side);
    return value;
  }

  // An op in the form `nn.op operands attributes : (types) -> type`.
  Value Op(const std::string& op, const std::vector<Value>& operands, const Dims& dims,
           const std::string& attributes = "", const std::string& separator = ", ") {
    std::string names, types;
    for (const Value& v : operands) {
      names += (names.empty() ? "" : separator) + v.name;
      types += (types.empty() ? "" : ", ") + v.Type();
    }
    const Value result{"", dims, "f32"};
    return Define(
        fmt::format("nn.{} {} {}: ({}) -> {}", op, names, attributes, types, result.Type()), dims);
  }

  // The same with one operand and without parentheses.
  Value Unary(const std::string& op, const Value& x, const Dims& dims,
              const std::string& attributes = "", const std::string& element = "") {
    const Value result{"", dims, element.empty() ? x.element : element};
    return Define(
        fmt::format("nn.{} {} {}: {} -> {}", op, x.name, attributes, x.Type(), result.Type()), dims,
        result.element);
  }

  // ---- parameters

  template <typename T>
  static std::string Hex(const std::vector<T>& values) {
    std::string out;
    for (T value : values) {
      uint8_t bytes[sizeof(T)];
      std::memcpy(bytes, &value, sizeof(T));
      for (uint8_t byte : bytes) out += fmt::format("{:02X}", byte);
    }
    return out;
  }

  static size_t Count(const Dims& dims) {
    size_t count = 1;
    for (int d : dims) count *= d;
    return count;
  }

  Value Constant(const std::string& hex, const std::string& container, const Value& type,
                 bool is_public) {
    return Define(fmt::format("nn.constant {}dense<\"0x{}\"> : tensor<{}x{}> : {}",
                              is_public ? "public " : "", hex, fmt::join(type.dims, "x"), container,
                              type.Type()),
                  type.dims, type.element);
  }

  Value Reals(const Dims& dims, double mean, double deviation, bool is_public = false) {
    std::vector<float> values(Count(dims));
    std::normal_distribution<float> normal(mean, deviation);
    for (float& v : values) v = normal(random_);
    return Constant(Hex(values), "f32", {"", dims, "f32"}, is_public);
  }

  Value Scalar(double value, bool is_public = false) {
    return Define(fmt::format("nn.constant {}dense<{:.6e}> : tensor<f32> : tensor<f32>",
                              is_public ? "public " : "", value),
                  {});
  }

  // Weights that keep the variance of their input.
  Value Weight(int in, int out) {
    const int bits = shape_.weight_bits, top = bits == 1 ? 1 : (1 << (bits - 1)) - 1;
    std::vector<int8_t> values(in * out);
    double squares = 0;
    for (int8_t& v : values) {
      v = bits == 1 ? (random_() % 2 ? 1 : -1) : static_cast<int>(random_() % (2 * top + 1)) - top;
      squares += v * v;
    }
    const double scale = 1 / std::sqrt(std::max(squares, 1.0) / out);
    return Constant(Hex(values), "i8", {"", {in, out}, SignedType(bits, scale)}, false);
  }

  // ---- layers

  Value Quantize(const Value& x, double largest = 3) {
    const int bits = shape_.activation_bits;
    const bool shifted = random_() % 3 == 0 && bits > 4;  // narrower ones have zero point 0
    const double scale = largest / (1 << (bits - 1));
    return Unary("quantize", x, x.dims, "",
                 shifted ? UnsignedType(bits, scale, 1 << (bits - 1)) : SignedType(bits, scale));
  }

  Value Linear(const Value& quantized, int out) {
    Dims dims = quantized.dims;
    const int in = dims.back();
    dims.back() = out;
    return Op("linear", {quantized, Weight(in, out), Reals({out}, 0, 0.1)}, dims);
  }

  Value Normalize(const Value& x, bool is_public = false) {
    const int width = x.dims.back();
    return Op("layer_norm",
              {x, Reals({width}, 1, 0.1, is_public), Reals({width}, 0, 0.1, is_public)}, x.dims,
              "{epsilon = 1.000000e-05 : f64} ");
  }

  Value Rounded(const Value& quantized) {
    return Unary("dequantize", quantized, quantized.dims, "", "f32");
  }

  // What an exporter writes for a normalization, quantized throughout: a variance that is rounded
  // to zero has no inverse.
  Value Standardize(const Value& x) {
    const int bits = shape_.activation_bits;
    const Value row = Rounded(Quantize(x));
    Dims one = x.dims;
    one.back() = 1;
    Value variance = Unary("variance", row, one);
    variance = Rounded(
        Unary("quantize", variance, one, "", UnsignedType(bits, 4.0 / ((1 << bits) - 1), 0)));
    const std::string type = variance.Type(), number = "tensor<f32>";
    const Value factor = Define(
        fmt::format("nn.map {0} {{\n  ^bb0(%v: {1}):\n    %root = nn.unary sqrt %v : {1} -> {1}\n"
                    "    %inverse = nn.unary reciprocal %root : {1} -> {1}\n"
                    "    nn.yield %inverse : {1}\n  }} : {2} -> {2}",
                    variance.name, number, type),
        one);
    Value y = Rounded(Quantize(Op("standardize", {row, factor}, x.dims)));
    const int width = x.dims.back();
    y = Op("binary mul", {y, Reals({width}, 1, 0.1)}, x.dims);
    return Op("binary add", {y, Reals({width}, 0, 0.1)}, x.dims);
  }

  Value Residual(const Value& x, const Value& y) {
    const Value sum = Op("binary add", {x, y}, x.dims);
    return shape_.rounded ? Standardize(sum) : Normalize(sum);
  }

  Value Block(char kind, const Value& x) {
    if (kind == 'a') return Residual(x, Attention(x));
    const Value quantized = Quantize(x);
    if (kind == 'd') return Residual(x, Linear(quantized, shape_.width()));
    static constexpr const char* kFunctions[] = {"gelu", "relu", "gelu_tanh", "tanh"};
    Value hidden = Linear(quantized, 2 * shape_.width());
    hidden = Unary(fmt::format("unary {}", kFunctions[random_() % 4]), hidden, hidden.dims);
    return Residual(x, Linear(Quantize(hidden), shape_.width()));
  }

  // [1, S, D] to [1, H, S, d], quantized.
  Value Heads(const Value& quantized) {
    const int s = shape_.tokens, h = shape_.heads, d = shape_.head_width;
    Value y = Linear(quantized, shape_.width());
    y = Unary("reshape", y, {1, s, h, d});
    return Quantize(Unary("transpose", y, {1, h, s, d}, "[0, 2, 1, 3] "));
  }

  Value Attention(const Value& x) {
    const int s = shape_.tokens, h = shape_.heads, d = shape_.head_width;
    const Value quantized = Quantize(x);
    const Value q = Heads(quantized), k = Heads(quantized), v = Heads(quantized);
    Value scores = Op("matmul", {q, k}, {1, h, s, s}, "{transpose_b} ");
    scores = Op("binary div", {scores, Scalar(std::sqrt(d))}, scores.dims);
    Value p = mask_.name.empty() ? Op("softmax", {scores}, scores.dims)
                                 : Op("softmax", {scores, mask_}, scores.dims, "", " mask ");
    const int bits = shape_.activation_bits;
    p = Unary("quantize", p, p.dims, "", UnsignedType(bits, 1.0 / ((1 << bits) - 1), 0));
    Value y = Op("matmul", {p, v}, {1, h, s, d});
    y = Unary("transpose", y, {1, s, h, d}, "[0, 2, 1, 3] ");
    y = Unary("reshape", y, {1, s, shape_.width()});
    return Linear(Quantize(y, 2), shape_.width());
  }

  // ---- mask and head

  bool HasMask() const { return shape_.masked || shape_.head == "p"; }

  std::string MaskArgument() const {
    if (!HasMask()) return "";
    return fmt::format(
        ", %mask: tensor<1x{}xi64> {{nn.owner = \"data\", nn.name = \"attention_mask\"}}",
        shape_.tokens);
  }

  Value Kept() {
    return Unary("unary cast", {"%mask", {1, shape_.tokens}, "i64"}, {1, shape_.tokens}, "", "f32");
  }

  // 0 where a token is kept, -10000 where it is not.
  Value Mask() {
    const Dims dims = {1, shape_.tokens};
    Value m = Op("binary sub", {Scalar(1, true), Kept()}, dims);
    m = Op("binary mul", {m, Scalar(-10000, true)}, dims);
    return Unary("reshape", m, {1, 1, 1, shape_.tokens});
  }

  Value UnitLength(const Value& x) {
    return Op("l2_normalize", {x}, x.dims, "{epsilon = 1.000000e-12 : f64} ");
  }

  Value Head(const Value& x) {
    if (shape_.head == "p") return UnitLength(Op("mean_pool", {x, Kept()}, {1, shape_.width()}));
    Value first = Unary("slice", x, {1, 1, shape_.width()}, "[0, 0, 0] ");
    first = Unary("reshape", first, {1, shape_.width()});
    if (shape_.head == "n") return UnitLength(first);
    if (shape_.head == "t") {
      first = Linear(Quantize(first), shape_.width());
      first = Unary("unary tanh", first, first.dims);
    }
    return Linear(Quantize(first), 3);
  }

  NetworkShape shape_;
  std::mt19937_64 random_;
  std::string body_;
  int next_ = 0;
  Value mask_;
};

}  // namespace

NetworkShape RandomNetworkShape(uint64_t seed) {
  std::mt19937_64 random(seed);
  auto in = [&](int low, int high) { return low + static_cast<int>(random() % (high - low + 1)); };
  static constexpr const char* kBlocks[] = {"a", "f", "d", "af", "fa", "dd", "aaf", "fd"};
  static constexpr const char* kHeads[] = {"c", "t", "p", "n"};
  NetworkShape shape;
  shape.tokens = in(1, 5);
  shape.heads = in(1, 3);
  shape.head_width = in(2, 6);
  shape.vocabulary = in(2, 12);
  shape.weight_bits = in(1, 8);
  shape.activation_bits = in(2, 8);
  shape.masked = in(0, 1);
  shape.blocks = kBlocks[in(0, 7)];
  shape.head = kHeads[in(0, 3)];
  shape.rounded = in(0, 2) == 0;
  return shape;
}

std::string Describe(const NetworkShape& s) {
  return fmt::format("{} tokens, {} heads of {}, W{}A{}, {}{}blocks '{}', head '{}'", s.tokens,
                     s.heads, s.head_width, s.weight_bits, s.activation_bits,
                     s.masked ? "masked, " : "", s.rounded ? "rounded, " : "", s.blocks, s.head);
}

std::string GenerateNetwork(const NetworkShape& shape, uint64_t weight_seed) {
  return Generator(shape, weight_seed).Run();
}

}  // namespace mpcc
