// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_eval.h"
#include "runtime/base/rounding.h"

namespace mpcc::nn {
namespace {

using FloatFunction = double (*)(double);
using FloatOperator = double (*)(double, double);
using IntOperator = int64_t (*)(int64_t, int64_t);

double Erf(double x) { return std::erf(x); }
double Gelu(double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); }
double GeluTanh(double x) {
  return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
}

// Indexed by UnaryKind; null for the kinds handled apart.
constexpr FloatFunction kUnary[] = {
    +[](double x) { return -x; },                          // neg
    +[](double x) { return std::sqrt(x); },                // sqrt
    Erf,                                                   // erf
    +[](double x) { return std::tanh(x); },                // tanh
    +[](double x) { return x > 0 ? x : 0.0; },             // relu
    +[](double x) { return std::exp(x); },                 // exp
    +[](double x) { return 1.0 / x; },                     // reciprocal
    Gelu,                                                  // gelu
    GeluTanh,                                              // gelu_tanh
    +[](double x) { return 1.0 / (1.0 + std::exp(-x)); },  // sigmoid
    nullptr,                                               // cast
    nullptr,                                               // logical_not
    +[](double x) { return std::fabs(x); },                // abs
};

// Indexed by BinaryKind.
constexpr FloatOperator kFloatBinary[] = {
    +[](double a, double b) { return a + b; },
    +[](double a, double b) { return a - b; },
    +[](double a, double b) { return a * b; },
    +[](double a, double b) { return a / b; },
    +[](double a, double b) { return std::pow(a, b); },
    +[](double a, double b) { return std::max(a, b); },
    +[](double a, double b) { return std::min(a, b); },
    +[](double a, double b) { return double(a == b); },
    +[](double a, double b) { return double(a < b); },
    +[](double a, double b) { return double(a > b); },
    +[](double a, double b) { return double(a != 0 && b != 0); },
};

// Wraps like ONNX's integers do, without undefined behaviour.
template <typename Operator>
int64_t Wrap(int64_t a, int64_t b, Operator op) {
  return static_cast<int64_t>(op(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

int64_t IntPow(int64_t base, int64_t exponent) {
  const std::multiplies<uint64_t> times;
  int64_t result = exponent < 0 ? (base == 1) : 1;
  for (; exponent > 0; exponent >>= 1, base = Wrap(base, base, times))
    if (exponent & 1) result = Wrap(result, base, times);
  return result;
}

constexpr IntOperator kIntBinary[] = {
    +[](int64_t a, int64_t b) { return Wrap(a, b, std::plus<uint64_t>()); },
    +[](int64_t a, int64_t b) { return Wrap(a, b, std::minus<uint64_t>()); },
    +[](int64_t a, int64_t b) { return Wrap(a, b, std::multiplies<uint64_t>()); },
    +[](int64_t a, int64_t b) { return b == -1 ? Wrap(0, a, std::minus<uint64_t>()) : a / b; },
    IntPow,
    +[](int64_t a, int64_t b) { return std::max(a, b); },
    +[](int64_t a, int64_t b) { return std::min(a, b); },
    +[](int64_t a, int64_t b) { return int64_t{a == b}; },
    +[](int64_t a, int64_t b) { return int64_t{a < b}; },
    +[](int64_t a, int64_t b) { return int64_t{a > b}; },
    +[](int64_t a, int64_t b) { return int64_t{a != 0 && b != 0}; },
};

template <typename T>
std::vector<T> Spread(const std::vector<T>& values, const std::vector<int64_t>& from,
                      const std::vector<int64_t>& to) {
  if (from == to) return values;
  std::vector<T> out(ElementCount(to));
  ForEachOffset(to, BroadcastStrides(from, to), 0,
                [&](int64_t i, int64_t at) { out[i] = values[at]; });
  return out;
}

template <typename In, typename Out, typename Operator>
std::vector<Out> Zip(const Tensor& a, const Tensor& b, const std::vector<int64_t>& shape,
                     Operator op) {
  std::vector<In> left = Spread(std::get<std::vector<In>>(a.data), a.shape, shape);
  std::vector<In> right = Spread(std::get<std::vector<In>>(b.data), b.shape, shape);
  std::vector<Out> out(left.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Out>(op(left[i], right[i]));
  return out;
}

Tensor Cast(const Tensor& in, mlir::Type to) {
  Tensor out{in.shape, {}};
  if (to.isF32()) {
    out.data = in.is_float() ? in.floats() : Tensor::Floats(in.ints().begin(), in.ints().end());
    return out;
  }
  const bool to_bool = to.isInteger(1);
  Tensor::Ints ints(in.size());
  for (size_t i = 0; i < ints.size(); ++i) {
    if (to_bool) {
      ints[i] = in.is_float() ? in.floats()[i] != 0 : in.ints()[i] != 0;
    } else {
      ints[i] = in.is_float() ? TruncateToInt(in.floats()[i]) : in.ints()[i];
    }
  }
  out.data = std::move(ints);
  return out;
}

// For a per-axis type: channel of element i is (i / inner) % channels.
struct Channels {
  int64_t inner = 1, count = 1;
  Channels(mlir::quant::QuantizedType type, const std::vector<int64_t>& shape) {
    auto axis = QuantizedAxis(type);
    if (!axis) return;
    count = shape[*axis];
    for (size_t d = *axis + 1; d < shape.size(); ++d) inner *= shape[d];
  }
  int64_t Of(int64_t i) const { return count == 1 ? 0 : (i / inner) % count; }
};

absl::StatusOr<Tensor> IntUnary(UnaryKind kind, const Tensor& in) {
  Tensor::Ints out = in.ints();
  for (int64_t& x : out) {
    if (kind == UnaryKind::logical_not) {
      x = x == 0;
    } else if (kind == UnaryKind::neg || (kind == UnaryKind::abs && x < 0)) {
      x = Wrap(0, x, std::minus<uint64_t>());
    } else if (kind != UnaryKind::abs) {
      return absl::InvalidArgumentError("this unary function has no meaning on integers");
    }
  }
  return Tensor{in.shape, std::move(out)};
}

}  // namespace

double ScalarUnary(UnaryKind kind, double x) {
  FloatFunction function = kUnary[static_cast<size_t>(kind)];
  return function ? function(x) : std::nan("");
}

double ScalarBinary(BinaryKind kind, double a, double b) {
  return kFloatBinary[static_cast<size_t>(kind)](a, b);
}

absl::StatusOr<Tensor> Eval(BinaryOp op, Operands in) {
  const Tensor &a = *in[0], &b = *in[1];
  std::vector<int64_t> shape = ResultShape(op);
  auto index = static_cast<size_t>(op.getKind());
  const bool to_bool = llvm::cast<mlir::ShapedType>(op.getType()).getElementType().isInteger(1);
  if (a.is_stored()) return Tensor{shape, Zip<int32_t, int32_t>(a, b, shape, kIntBinary[index])};
  if (a.is_int()) {
    const bool divides = op.getKind() == BinaryKind::div;
    if (divides && llvm::is_contained(b.ints(), 0))
      return absl::InvalidArgumentError("integer division by zero");
    return Tensor{shape, Zip<int64_t, int64_t>(a, b, shape, kIntBinary[index])};
  }
  if (to_bool) return Tensor{shape, Zip<float, int64_t>(a, b, shape, kFloatBinary[index])};
  return Tensor{shape, Zip<float, float>(a, b, shape, kFloatBinary[index])};
}

absl::StatusOr<Tensor> Eval(UnaryOp op, Operands in) {
  if (op.getKind() == UnaryKind::cast)
    return Cast(*in[0], llvm::cast<mlir::ShapedType>(op.getType()).getElementType());
  if (in[0]->is_int()) return IntUnary(op.getKind(), *in[0]);
  FloatFunction function = kUnary[static_cast<size_t>(op.getKind())];
  if (!in[0]->is_float() || !function)
    return absl::InvalidArgumentError("this unary function has no meaning on its element type");
  Tensor::Floats out(in[0]->floats());
  for (float& x : out) x = static_cast<float>(function(x));
  return Tensor{in[0]->shape, std::move(out)};
}

absl::StatusOr<Tensor> Eval(SelectOp op, Operands in) {
  std::vector<int64_t> shape = ResultShape(op);
  Tensor::Ints condition = Spread(in[0]->ints(), in[0]->shape, shape);
  Tensor out{shape, {}};
  std::visit(
      [&](const auto& lhs) {
        using Values = std::decay_t<decltype(lhs)>;
        Values a = Spread(lhs, in[1]->shape, shape);
        Values b = Spread(std::get<Values>(in[2]->data), in[2]->shape, shape);
        for (size_t i = 0; i < a.size(); ++i)
          if (!condition[i]) a[i] = b[i];
        out.data = std::move(a);
      },
      in[1]->data);
  return out;
}

absl::StatusOr<Tensor> Eval(QuantizeOp op, Operands in) {
  auto type = QuantizedElement(op.getType());
  const auto min = static_cast<float>(type.getStorageTypeMin()),
             max = static_cast<float>(type.getStorageTypeMax());
  const Tensor::Floats& x = in[0]->floats();
  Channels channels(type, in[0]->shape);
  Tensor::Stored out(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    int64_t channel = channels.Of(static_cast<int64_t>(i));
    auto scale = static_cast<float>(ScaleOf(type, channel));
    float rounded = std::nearbyint(x[i] / scale) + static_cast<float>(ZeroPointOf(type, channel));
    out[i] = static_cast<int32_t>(std::isnan(rounded) ? min : std::clamp(rounded, min, max));
  }
  return Tensor{in[0]->shape, std::move(out)};
}

Tensor::Floats RealValues(const Tensor& tensor, mlir::Type tensor_type) {
  auto type = QuantizedElement(tensor_type);
  if (!type) return tensor.floats();
  Channels channels(type, tensor.shape);
  const Tensor::Stored& q = tensor.stored();
  Tensor::Floats out(q.size());
  for (size_t i = 0; i < q.size(); ++i) {
    int64_t channel = channels.Of(static_cast<int64_t>(i));
    out[i] = static_cast<float>(static_cast<double>(q[i] - ZeroPointOf(type, channel)) *
                                ScaleOf(type, channel));
  }
  return out;
}

absl::StatusOr<Tensor> Eval(DequantizeOp op, Operands in) {
  return Tensor{in[0]->shape, RealValues(*in[0], op.getInput().getType())};
}

absl::StatusOr<Tensor> Eval(BroadcastOp op, Operands in) {
  Tensor out{ResultShape(op), {}};
  std::visit([&](const auto& values) { out.data = Spread(values, in[0]->shape, out.shape); },
             in[0]->data);
  return out;
}

}  // namespace mpcc::nn
