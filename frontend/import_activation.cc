// SPDX-License-Identifier: Apache-2.0
// Activations that ONNX defines by other operators: their definitions. The library's own function
// bodies do not serve, because a library may be older than the file.
#include "fmt/format.h"
#include "frontend/node_context.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

using nn::BinaryKind;
using nn::UnaryKind;

// A value in the making, so that definitions read as in ONNX.
struct Term {
  NodeContext* node;
  mlir::Value value;
};

Term Number(Term like, double value) { return {like.node, like.node->EmitFloat(value)}; }

template <BinaryKind kind>
Term Of(Term a, Term b) {
  return {a.node, a.node->Binary(kind, a.value, b.value)};
}

template <UnaryKind kind>
Term Of(Term x) {
  return {x.node, x.node->Unary(kind, x.value)};
}

Term operator+(Term a, Term b) { return Of<BinaryKind::add>(a, b); }
Term operator-(Term a, Term b) { return Of<BinaryKind::sub>(a, b); }
Term operator*(Term a, Term b) { return Of<BinaryKind::mul>(a, b); }
Term operator/(Term a, Term b) { return Of<BinaryKind::div>(a, b); }
Term operator<(Term a, Term b) { return Of<BinaryKind::less>(a, b); }
Term operator+(Term a, double b) { return a + Number(a, b); }
Term operator-(Term a, double b) { return a - Number(a, b); }
Term operator*(Term a, double b) { return a * Number(a, b); }
Term operator/(Term a, double b) { return a / Number(a, b); }
Term operator<(Term a, double b) { return a < Number(a, b); }
Term operator<(double a, Term b) { return Number(b, a) < b; }

Term Min(Term x, double bound) { return Of<BinaryKind::min>(x, Number(x, bound)); }
Term Max(Term x, double bound) { return Of<BinaryKind::max>(x, Number(x, bound)); }

// `yes` where the condition holds, else `no`; one of them has the condition's shape.
Term Where(Term condition, Term yes, Term no) {
  auto type = mlir::RankedTensorType::get(ShapeOf(condition.value), ElementOf(yes.value));
  return {yes.node, yes.node->Emit<nn::SelectOp>(type, condition.value, yes.value, no.value)};
}

double Alpha(Term x, double otherwise) { return x.node->Float("alpha", otherwise); }

Term Gate(Term x, double alpha, double beta) { return Max(Min(x * alpha + beta, 1), 0); }

Term HardSigmoid(Term x) { return Gate(x, Alpha(x, 0.2), x.node->Float("beta", 0.5)); }
Term HardSwish(Term x) { return x * Gate(x, 1.0 / 6, 0.5); }
Term Swish(Term x) { return x * Of<UnaryKind::sigmoid>(x * Alpha(x, 1)); }
Term QuickGelu(Term x) { return x * Of<UnaryKind::sigmoid>(x * Alpha(x, 1.702)); }
Term Mish(Term x) { return x * Of<UnaryKind::tanh>(Of<UnaryKind::softplus>(x)); }
Term Softsign(Term x) { return x / (Of<UnaryKind::abs>(x) + 1); }
Term LeakyRelu(Term x) { return Where(x < 0, x * Alpha(x, 0.01), x); }
Term Elu(Term x) { return Where(x < 0, (Of<UnaryKind::exp>(x) - 1) * Alpha(x, 1), x); }

Term Selu(Term x) {
  const double alpha = Alpha(x, 1.67326319217681884765625),
               gamma = x.node->Float("gamma", 1.05070102214813232421875);
  return Where(x < 0, (Of<UnaryKind::exp>(x) - 1) * alpha, x) * gamma;
}

Term Celu(Term x) {
  const double alpha = Alpha(x, 1);
  return Max(x, 0) + Min((Of<UnaryKind::exp>(x / alpha) - 1) * alpha, 0);
}

Term ThresholdedRelu(Term x) { return Where(Alpha(x, 1) < x, x, Number(x, 0)); }

Term Shrink(Term x) {
  const double threshold = x.node->Float("lambd", 0.5), bias = x.node->Float("bias", 0);
  return Where(x < -threshold, x + bias, Where(threshold < x, x - bias, Number(x, 0)));
}

template <Term (*function)(Term)>
mlir::LogicalResult ImportActivation(NodeContext& node) {
  if (failed(CheckReal(node, 0))) return mlir::failure();
  node.SetOutput(0, function({&node, node.Input(0)}).value);
  return mlir::success();
}

// Without a choice, so that a slope for each channel is a product with a row.
mlir::LogicalResult ImportPRelu(NodeContext& node) {
  if (failed(CheckReal(node, 0)) || failed(CheckReal(node, 1))) return mlir::failure();
  const Term x{&node, node.Input(0)}, slope{&node, node.Input(1)};
  const Shape shape = ShapeOf(x.value);
  if (auto both = nn::BroadcastShapes(shape, ShapeOf(slope.value));
      !both || !llvm::equal(*both, shape))
    return node.Fail(
        fmt::format("shapes {} and {}", ShapeText(shape), ShapeText(ShapeOf(slope.value))),
        "slopes that broadcast to the operand", "check the fixed input shapes");
  const Term negative = Of<UnaryKind::relu>(Of<UnaryKind::neg>(x));
  node.SetOutput(0, (Of<UnaryKind::relu>(x) - negative * slope).value);
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"Celu", ImportActivation<Celu>},
    {"Elu", ImportActivation<Elu>},
    {"HardSigmoid", ImportActivation<HardSigmoid>},
    {"HardSwish", ImportActivation<HardSwish>},
    {"LeakyRelu", ImportActivation<LeakyRelu>},
    {"Mish", ImportActivation<Mish>},
    {"PRelu", ImportPRelu},
    {"QuickGelu", ImportActivation<QuickGelu>},
    {"Selu", ImportActivation<Selu>},
    {"Shrink", ImportActivation<Shrink>},
    {"Softsign", ImportActivation<Softsign>},
    {"Swish", ImportActivation<Swish>},
    {"ThresholdedRelu", ImportActivation<ThresholdedRelu>},
};

}  // namespace

llvm::ArrayRef<ImportRow> ActivationImporters() { return kRows; }

}  // namespace mpcc
