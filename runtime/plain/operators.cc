// SPDX-License-Identifier: Apache-2.0
#include "runtime/plain/operators.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/base/status_macros.h"
#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

constexpr int kAny = std::numeric_limits<int>::max();
// Parameters are extents, axes, offsets, bounds: none needs more, and sums of two do not overflow.
constexpr int64_t kMaxParameter = int64_t{1} << 40;

using Real1 = double (*)(double);
using Int1 = int64_t (*)(int64_t);
using Real2 = double (*)(double, double);
using Int2 = int64_t (*)(int64_t, int64_t);

constexpr Operator Function(const char* name, Real1 real, Int1 integer = nullptr) {
  return {name, 1, 1, "", InferUnary, RunUnary, {real, integer}};
}
constexpr Operator Test(const char* name, Real1 real, Int1 integer = nullptr) {
  return {name, 1, 1, "", InferTest, RunUnary, {real, integer}, kTruth};
}
constexpr Operator Arithmetic(const char* name, Real2 real, Int2 integer,
                              RunFunction run = RunBinary) {
  return {name, 2, 2, "", InferBinary, run, {nullptr, nullptr, real, integer}};
}
constexpr Operator Comparison(const char* name, Real2 real, Int2 integer) {
  return {name, 2, 2, "", InferCompare, RunBinary, {nullptr, nullptr, real, integer}, kTruth};
}

// ---- integers wrap, without undefined behaviour

using U = uint64_t;
int64_t Add(int64_t a, int64_t b) { return static_cast<int64_t>(U(a) + U(b)); }
int64_t Sub(int64_t a, int64_t b) { return static_cast<int64_t>(U(a) - U(b)); }
int64_t Mul(int64_t a, int64_t b) { return static_cast<int64_t>(U(a) * U(b)); }
int64_t Neg(int64_t a) { return Sub(0, a); }
int64_t Abs(int64_t a) { return a < 0 ? Neg(a) : a; }
int64_t Sign(int64_t a) { return (a > 0) - (a < 0); }
int64_t Div(int64_t a, int64_t b) { return b == -1 ? Neg(a) : a / b; }
int64_t Remainder(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }  // sign of a
int64_t Modulo(int64_t a, int64_t b) {                                   // sign of b
  const int64_t rest = Remainder(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}
int64_t Power(int64_t base, int64_t exponent) {
  int64_t result = exponent < 0 ? (base == 1) : 1;
  for (; exponent > 0; exponent >>= 1, base = Mul(base, base))
    if (exponent & 1) result = Mul(result, base);
  return result;
}

// ---- real functions

double Gelu(double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); }
double GeluTanh(double x) {
  return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
}
double Softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

constexpr Operator kRows[] = {
    // ---- functions of one element
    Function(
        "neg", [](double x) { return -x; }, Neg),
    Function("sqrt", [](double x) { return std::sqrt(x); }),
    Function("erf", [](double x) { return std::erf(x); }),
    Function("tanh", [](double x) { return std::tanh(x); }),
    Function(
        "relu", [](double x) { return x > 0 ? x : 0.0; },
        [](int64_t x) { return std::max<int64_t>(x, 0); }),
    Function("exp", [](double x) { return std::exp(x); }),
    Function("reciprocal", [](double x) { return 1.0 / x; }),
    Function("gelu", Gelu),
    Function("gelu_tanh", GeluTanh),
    Function("sigmoid", [](double x) { return 1.0 / (1.0 + std::exp(-x)); }),
    Function(
        "abs", [](double x) { return std::fabs(x); }, Abs),
    Function("log", [](double x) { return std::log(x); }),
    Function("sin", [](double x) { return std::sin(x); }),
    Function("cos", [](double x) { return std::cos(x); }),
    Function(
        "sign", [](double x) { return double((x > 0) - (x < 0)); }, Sign),
    Function("ceil", [](double x) { return std::ceil(x); }),
    Function("floor", [](double x) { return std::floor(x); }),
    Function("round", [](double x) { return std::nearbyint(x); }),
    Function("softplus", Softplus),
    Test(
        "logical_not", [](double x) { return double(x == 0); },
        [](int64_t x) { return int64_t{x == 0}; }),
    Test("is_nan", [](double x) { return double(std::isnan(x)); }),
    Test("is_positive_infinity", [](double x) { return double(std::isinf(x) && x > 0); }),
    Test("is_negative_infinity", [](double x) { return double(std::isinf(x) && x < 0); }),
    {"cast", 1, 1, "0 to f32, 1 to i64, 2 to truth values", InferCast, RunCast},

    // ---- of two elements, with numpy's broadcasting
    Arithmetic(
        "add", [](double a, double b) { return a + b; }, Add),
    Arithmetic(
        "sub", [](double a, double b) { return a - b; }, Sub),
    Arithmetic(
        "mul", [](double a, double b) { return a * b; }, Mul),
    Arithmetic(
        "div", [](double a, double b) { return a / b; }, Div, RunQuotient),
    Arithmetic(
        "pow", [](double a, double b) { return std::pow(a, b); }, Power),
    Arithmetic(
        "max", [](double a, double b) { return std::max(a, b); },
        [](int64_t a, int64_t b) { return std::max(a, b); }),
    Arithmetic(
        "min", [](double a, double b) { return std::min(a, b); },
        [](int64_t a, int64_t b) { return std::min(a, b); }),
    Arithmetic("mod", nullptr, Modulo, RunQuotient),
    Arithmetic(
        "fmod", [](double a, double b) { return std::fmod(a, b); }, Remainder, RunQuotient),
    Comparison(
        "equal", [](double a, double b) { return double(a == b); },
        [](int64_t a, int64_t b) { return int64_t{a == b}; }),
    Comparison(
        "less", [](double a, double b) { return double(a < b); },
        [](int64_t a, int64_t b) { return int64_t{a < b}; }),
    Comparison(
        "greater", [](double a, double b) { return double(a > b); },
        [](int64_t a, int64_t b) { return int64_t{a > b}; }),
    Comparison(
        "logical_and", [](double a, double b) { return double(a != 0 && b != 0); },
        [](int64_t a, int64_t b) { return int64_t{a != 0 && b != 0}; }),
    Comparison("logical_xor", nullptr, [](int64_t a, int64_t b) { return int64_t{!a != !b}; }),
    {"select", 3, 3, "", InferSelect, RunSelect, {}, 1},

    // ---- reductions; the axes stay with extent 1
    {"reduce_sum", 1, 1, "axes", InferReduce, RunReduce<Fold::kSum>},
    {"reduce_mean", 1, 1, "axes", InferReduce, RunReduce<Fold::kMean>},
    {"reduce_max", 1, 1, "axes", InferReduce, RunReduce<Fold::kMax>},
    {"reduce_l2", 1, 1, "axes", InferReduce, RunReduce<Fold::kL2>},
    {"reduce_min", 1, 1, "axes", InferReduce, RunReduce<Fold::kMin>},
    {"reduce_prod", 1, 1, "axes", InferReduce, RunReduce<Fold::kProd>},
    {"reduce_l1", 1, 1, "axes", InferReduce, RunReduce<Fold::kL1>},
    {"reduce_sum_square", 1, 1, "axes", InferReduce, RunReduce<Fold::kSumSquare>},
    {"cum_sum", 1, 1, "axis, exclusive, reverse", InferCumSum, RunCumSum},

    // ---- elements moved
    {"reshape", 1, 1, "shape", InferReshape, RunReshape},
    {"transpose", 1, 1, "perm", InferTranspose, RunTranspose},
    {"slice", 1, 1, "starts, steps, extents", InferSlice, RunSlice},
    {"concat", 1, kAny, "axis", InferConcat, RunConcat},
    {"broadcast", 1, 1, "shape", InferBroadcast, RunBroadcast},
    {"tile", 1, 1, "repeats", InferTile, RunTile},
    {"pad", 2, 2, "mode (0 constant, 1 reflect, 2 edge, 3 wrap), before, after", InferPad, RunPad},
    {"triangle", 1, 1, "upper, diagonal", InferTriangle, RunTriangle},

    // ---- elements picked and placed by indices; negative ones count from the end
    {"gather", 2, 2, "axis", InferGather, RunGather},
    {"gather_nd", 2, 2, "batch_dims", InferGatherNd, RunGatherNd},
    {"gather_elements", 2, 2, "axis", InferGatherElements, RunGatherElements},
    {"scatter_nd", 3, 3, "0 puts, 1 add, 2 mul, 3 max, 4 min", InferScatterNd, RunScatterNd},
    {"scatter_elements", 3, 3, "axis, 0 puts, 1 add, 2 mul, 3 max, 4 min", InferScatterElements,
     RunScatterElements},
    {"one_hot", 2, 2, "axis, depth", InferOneHot, RunOneHot, {}, 1},

    // ---- rows, products, quantization
    {"softmax", 1, 2, "", InferSoftmax, RunSoftmax},
    {"layer_norm", 3, 3, "", InferLayerNorm, RunLayerNorm},
    {"l2_normalize", 1, 1, "", InferLastAxis, RunL2Normalize},
    {"mean_pool", 2, 2, "", InferMeanPool, RunMeanPool},
    {"matmul", 2, 2, "transpose_b", InferMatMul, RunMatMul},
    {"quantize", 3, 3, "axis, least, most", InferQuantize, RunQuantize},
    {"dequantize", 3, 3, "axis", InferDequantize, RunDequantize},
};

}  // namespace

std::span<const Operator> Operators() { return kRows; }

int FindOperator(std::string_view name) {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (name == kRows[i].name) return static_cast<int>(i);
  return -1;
}

absl::StatusOr<Form> Infer(int number, const Signature& s) {
  if (number < 0 || number >= static_cast<int>(std::size(kRows)))
    return Bad("operator {} is unknown", number);
  const Operator& row = kRows[number];
  const auto inputs = static_cast<int>(s.operands.size());
  if (inputs < row.least_inputs || inputs > row.most_inputs)
    return Bad("{} operands do not fit '{}'", inputs, row.name);
  for (int64_t value : s.ints)
    if (value < -kMaxParameter || value > kMaxParameter) return Bad("a parameter is out of range");
  if (!std::isfinite(s.real) || s.real < 0) return Bad("epsilon is negative or not finite");
  MPCC_ASSIGN_OR_RETURN(Form result, row.infer(row, s));
  if (!BoundedCount(result.shape)) return Bad("the result is too large");
  return result;
}

absl::Status Run(int number, const Call& call) { return kRows[number].run(kRows[number], call); }

}  // namespace mpcc::plain
