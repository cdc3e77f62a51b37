// SPDX-License-Identifier: Apache-2.0
// P0's opcodes: drawing masks and dealing.
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

absl::Status DrawMask(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  const bool input = s.Int(0) == static_cast<int64_t>(MaskOf::kInput);
  const uint32_t stream = s.step().streams(0);
  return WithForm(s, s.IsPacked(s.step().outputs(0)), [&](auto form) {
    if (input)
      protocol::DealInputMask(context, stream, form.Out(0, 0), form.Out(0, 1));
    else
      protocol::DealMask(context, stream, form.Out(0, 0), form.Out(0, 1));
    return absl::OkStatus();
  });
}

absl::Status Linear(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  const bool biased = s.step().constants_size() == 2;
  protocol::DealLinear(context, s.run.weights[s.step().shared(0)],
                       biased ? s.Constant(1) : ConstRingVector(), s.InMask(0), s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status MatMul(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  protocol::DealMatMul(context, s.State<kernels::MatMulShape>(), s.InMask(0), s.InMask(1),
                       s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status Dot(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  const ShapeView shape = ShapeOf(s.In(0));
  protocol::DealDot(context, static_cast<int64_t>(ElementCount(shape) / shape.back()), s.InMask(0),
                    s.InMask(1), s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status Product(StepContext& s) {
  std::vector<protocol::MaskPair> masks;
  masks.reserve(s.step().inputs_size());
  for (int t = 0; t < s.step().inputs_size(); ++t) masks.push_back(s.InMask(t));
  protocol::DealContext context = s.run.Deal();
  protocol::DealProduct(context, s.State<protocol::ProductShape>(), masks,
                        s.Int(0) ? s.Constant(0) : ConstRingVector(), AllTargets(s));
  return absl::OkStatus();
}

absl::Status Lut(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  protocol::DealLut(context, WindowOf(s), s.Constant(0), s.InMask(0), s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status Lut2(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  protocol::DealLut2(context, s.Constant(0), s.InMask(0), {SpreadSecond(s, 0), SpreadSecond(s, 1)},
                     s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status Wrap(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  protocol::DealWrap(context, s.InMask(0), static_cast<int>(s.Int(0)), s.TargetAt(0),
                     s.TargetAt(1));
  return absl::OkStatus();
}

absl::Status HighBits(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  protocol::DealHighBits(context, s.InMask(0), static_cast<int>(s.Int(0)),
                         static_cast<int>(s.Int(1)), s.TargetAt(0));
  return absl::OkStatus();
}

absl::Status ReadBits(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  s.State<protocol::BitReader>().Deal(context, s.InMask(0), AllTargets(s));
  return absl::OkStatus();
}

absl::Status FromBits(StepContext& s) {
  protocol::DealContext context = s.run.Deal();
  const uint64_t elements = ElementCount(s.In(0)) / s.In(0).shape(0);
  s.State<protocol::BitSum>().Deal(context, {s.InBitMask(0), elements},
                                   s.Int(0) ? s.Constant(0) : ConstRingVector(), AllTargets(s));
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::DRAW_MASK, DrawMask},
    {plan::LINEAR, Linear},
    {plan::MATMUL, MatMul, PrepareMatMul},
    {plan::DOT, Dot},
    {plan::PRODUCT, Product, PrepareProduct},
    {plan::LUT, Lut},
    {plan::LUT_PAIR, Lut},  // one dealt table
    {plan::LUT2, Lut2},
    {plan::WRAP, Wrap},
    {plan::HIGH_BITS, HighBits},
    {plan::READ_BITS, ReadBits, PrepareReadBits},
    {plan::FROM_BITS, FromBits, PrepareFromBits},
};

}  // namespace

std::span<const StepRow> DealSteps() { return kRows; }

}  // namespace mpcc::engine
