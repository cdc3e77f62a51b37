// SPDX-License-Identifier: Apache-2.0
// Opcodes of P1 and P2 that exchange messages or consume dealt vectors.
#include "runtime/engine/dealt_operands.h"
#include "runtime/protocol/bits.h"
#include "runtime/protocol/digits.h"
#include "runtime/protocol/exchange.h"
#include "runtime/protocol/linear.h"
#include "runtime/protocol/lookup.h"
#include "runtime/protocol/matmul.h"
#include "runtime/protocol/product.h"
#include "runtime/protocol/wrap.h"

namespace mpcc::engine {
namespace {

using ExchangeFunction = absl::Status (*)(protocol::EvalContext&, Channel&,
                                          std::span<const protocol::ExchangedVector>);

// Vector i of an exchange. A one-bit constant lies in lanes, and its result does then.
protocol::ExchangedVector VectorAt(StepContext& s, int i) {
  const plan::Step& step = s.step();
  const bool in = i < step.inputs_size(), out = i < step.outputs_size();
  const bool packed = s.IsPacked(in ? step.inputs(i) : step.outputs(i));
  return WithForm(s, packed, [&](auto form) -> protocol::ExchangedVector {
    protocol::Exchanged<decltype(form.In(i)), decltype(form.Out(i))> vector;
    if (i < step.streams_size()) vector.stream = step.streams(i);
    if (in) vector.share = form.In(i);
    if (out) {
      vector.m = form.Out(i, 0);
      vector.mask = form.Out(i, 1);
    }
    return vector;
  });
}

// Inputs are additive shares or plaintext; outputs have m and a mask, or are plaintext (reveal).
template <ExchangeFunction kExchange>
absl::Status Exchange(StepContext& s) {
  std::vector<protocol::ExchangedVector> vectors;
  for (int i = 0; i < std::max(s.step().inputs_size(), s.step().outputs_size()); ++i)
    vectors.push_back(VectorAt(s, i));
  protocol::EvalContext context = s.run.Eval();
  return kExchange(context, *s.run.peer, vectors);
}

absl::Status Linear(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateLinear(context, s.run.weights[s.step().shared(0)], s.InVector(0), s.DealtAt(0),
                           s.OutVector());
  return absl::OkStatus();
}

absl::Status MatMul(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateMatMul(context, s.State<kernels::MatMulShape>(), s.InRss(0), s.InRss(1),
                           s.DealtAt(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status Dot(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateDot(context, s.InRss(0), s.InRss(1), s.DealtAt(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status Product(StepContext& s) {
  std::vector<ConstRingVector> masked;
  masked.reserve(s.step().inputs_size());
  for (int t = 0; t < s.step().inputs_size(); ++t) masked.push_back(s.InVector(t));
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateProduct(context, s.State<protocol::ProductShape>(), masked, AllDealt(s),
                            s.OutVector());
  return absl::OkStatus();
}

absl::Status Lut(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateLut(context, WindowOf(s), s.InVector(0), s.DealtAt(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status LutPair(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  const kernels::IndexWindow window = WindowOf(s);
  if (s.IsPacked(s.step().outputs(0)) && protocol::ReadsWholeTables(window))
    protocol::EvaluateLutPair(context, window, s.InVector(0), s.DealtAt(0), s.OutBits());
  else
    protocol::EvaluateLutPair(context, window, s.InVector(0), s.DealtAt(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status Lut2(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateLut2(context, s.InVector(0), SpreadSecond(s, 0), s.DealtAt(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status Wrap(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateWrap(context, s.InVector(0), s.DealtAt(0), s.DealtAt(1), s.OutVector());
  return absl::OkStatus();
}

absl::Status HighBits(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  protocol::EvaluateHighBits(context, s.InVector(0), static_cast<int>(s.Int(0)), s.DealtAt(0),
                             s.OutVector());
  return absl::OkStatus();
}

absl::Status ReadBits(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  s.State<protocol::BitReader>().Evaluate(context, s.InVector(0), AllDealt(s), s.OutBits());
  return absl::OkStatus();
}

absl::Status FromBits(StepContext& s) {
  protocol::EvalContext context = s.run.Eval();
  const auto& sum = s.State<protocol::BitSum>();
  const auto constant_elements = static_cast<uint64_t>(s.Int(0));
  if (constant_elements == 0 && s.IsPacked(s.step().outputs(0)))
    sum.Evaluate(context, s.InBitRss(0), AllDealt(s), s.OutBits());
  else
    sum.Evaluate(context, s.InBitRss(0), constant_elements, AllDealt(s), s.OutVector());
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::INPUT, Exchange<protocol::ExchangeInput>},
    {plan::RESHARE, Exchange<protocol::ExchangeReshare>},
    {plan::REVEAL, Exchange<protocol::ExchangeReveal>},
    {plan::LINEAR, Linear},
    {plan::MATMUL, MatMul, PrepareMatMul},
    {plan::DOT, Dot},
    {plan::PRODUCT, Product, PrepareProduct},
    {plan::LUT, Lut},
    {plan::LUT_PAIR, LutPair},
    {plan::LUT2, Lut2},
    {plan::WRAP, Wrap},
    {plan::HIGH_BITS, HighBits},
    {plan::READ_BITS, ReadBits, PrepareReadBits},
    {plan::FROM_BITS, FromBits, PrepareFromBits},
};

}  // namespace

std::span<const StepRow> OnlineSteps() { return kRows; }

}  // namespace mpcc::engine
