// SPDX-License-Identifier: Apache-2.0
// Opcodes of P1 and P2 that exchange messages or consume dealt vectors.
#include "runtime/engine/dealt_shapes.h"
#include "runtime/protocol/exchange.h"

namespace mpcc {
namespace {

// Inputs are additive shares or plaintext; outputs have m and a mask, or are plaintext (reveal).
template <absl::Status (*kExchange)(EvalContext&, Channel&, std::span<const ExchangedVector>)>
absl::Status Exchange(StepContext& s) {
  const plan::Step& step = s.step();
  const int count = std::max(step.inputs_size(), step.outputs_size());
  ExchangedVector* vectors = s.run.arena.Take<ExchangedVector>(count);
  for (int i = 0; i < count; ++i) {
    const plan::Wire& wire = i < step.inputs_size() ? s.In(i) : s.Out(i);
    vectors[i] = {ElementCount(wire), Width(wire)};
    if (i < step.streams_size()) vectors[i].stream = step.streams(i);
    if (i < step.inputs_size()) vectors[i].share = s.InData(i);
    if (i < step.outputs_size()) vectors[i].m = s.OutData(i, 0), vectors[i].mask = s.OutData(i, 1);
  }
  EvalContext context = s.run.Eval();
  return kExchange(context, *s.run.peer, {vectors, static_cast<size_t>(count)});
}

absl::Status Linear(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateLinear(context, *s.run.weights[s.step().shared(0)], s.InData(0), Rows(s.In(0)),
                 s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status MatMul(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateMatMul(context, MatMulShapeOf(s), s.InRss(0), s.InRss(1), s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status Dot(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateDot(context, Rows(s.In(0)), LastExtent(s.In(0)), Width(s.In(0)), s.InRss(0), s.InRss(1),
              s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status Product(StepContext& s) {
  const int factors = s.step().inputs_size(), subsets = s.step().streams_size();
  const uint8_t** masked = s.run.arena.Take<const uint8_t*>(factors);
  for (int t = 0; t < factors; ++t) masked[t] = s.InData(t);
  Dealt* dealt = s.run.arena.Take<Dealt>(subsets);
  for (int i = 0; i < subsets; ++i) dealt[i] = s.DealtAt(i);
  EvalContext context = s.run.Eval();
  EvaluateProduct(context, ProductShapeOf(s), {masked, static_cast<size_t>(factors)},
                  {dealt, static_cast<size_t>(subsets)}, s.OutData());
  return absl::OkStatus();
}

absl::Status Lut(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateLut(context, LutShapeOf(s), s.InData(0), s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status Lut2(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateLut2(context, Lut2ShapeOf(s), s.InData(0), SpreadSecond(s, 0), s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status Exp(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateExp(context, ExpShapeOf(s), s.InData(0), s.Constant(0), s.DealtAt(0), s.OutData());
  return absl::OkStatus();
}

absl::Status Wrap(StepContext& s) {
  EvalContext context = s.run.Eval();
  EvaluateWrap(context, WrapShapeOf(s), s.InData(0), s.DealtAt(0), s.DealtAt(1), s.OutData());
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::INPUT, Exchange<ExchangeInput>},
    {plan::RESHARE, Exchange<ExchangeReshare>},
    {plan::REVEAL, Exchange<ExchangeReveal>},
    {plan::LINEAR, Linear},
    {plan::MATMUL, MatMul},
    {plan::DOT, Dot},
    {plan::PRODUCT, Product},
    {plan::LUT, Lut},
    {plan::LUT2, Lut2},
    {plan::EXP, Exp},
    {plan::WRAP, Wrap},
};

}  // namespace

std::span<const StepRow> OnlineSteps() { return kRows; }

}  // namespace mpcc
