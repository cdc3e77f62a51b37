// SPDX-License-Identifier: Apache-2.0
// P0's opcodes: drawing masks and dealing.
#include "runtime/engine/dealt_shapes.h"
#include "runtime/protocol/exchange.h"

namespace mpcc {
namespace {

absl::Status DrawMask(StepContext& s) {
  DealContext context = s.run.Deal();
  DealMask(context, s.step().streams(0), ElementCount(s.Out()), Width(s.Out()),
           s.Int(0) == static_cast<int64_t>(MaskOf::kInput), s.OutData(0, 0), s.OutData(0, 1));
  return absl::OkStatus();
}

absl::Status Linear(StepContext& s) {
  DealContext context = s.run.Deal();
  DealLinear(context, *s.run.weights[s.step().shared(0)],
             s.step().constants_size() == 2 ? s.Constant(1) : nullptr, s.InMask(0), Rows(s.In(0)),
             s.step().streams(0), s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status MatMul(StepContext& s) {
  DealContext context = s.run.Deal();
  DealMatMul(context, MatMulShapeOf(s), s.InMask(0), s.InMask(1), s.step().streams(0),
             s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status Dot(StepContext& s) {
  DealContext context = s.run.Deal();
  DealDot(context, Rows(s.In(0)), LastExtent(s.In(0)), Width(s.In(0)), s.InMask(0), s.InMask(1),
          s.step().streams(0), s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status Product(StepContext& s) {
  std::vector<MaskPair> masks;
  for (int t = 0; t < s.step().inputs_size(); ++t) masks.push_back(s.InMask(t));
  std::vector<uint8_t*> corrections;
  for (int i = 0; i < s.step().streams_size(); ++i) corrections.push_back(s.CorrectionAt(i));
  const std::vector<uint32_t> streams(s.step().streams().begin(), s.step().streams().end());
  DealContext context = s.run.Deal();
  DealProduct(context, ProductShapeOf(s), masks, s.Int(0) ? s.Constant(0) : nullptr, streams,
              corrections);
  return absl::OkStatus();
}

absl::Status Lut(StepContext& s) {
  DealContext context = s.run.Deal();
  const int64_t rows = s.run.plan.plan().constants(s.step().constants(0)).shape(0);
  DealLut(context, LutShapeOf(s), s.Constant(0), rows, s.InMask(0), s.step().streams(0),
          s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status Lut2(StepContext& s) {
  DealContext context = s.run.Deal();
  const MaskPair b{SpreadSecond(s, 0), SpreadSecond(s, 1)};
  DealLut2(context, Lut2ShapeOf(s), s.Constant(0), s.InMask(0), b, s.step().streams(0),
           s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status Exp(StepContext& s) {
  DealContext context = s.run.Deal();
  DealExp(context, ExpShapeOf(s), s.Constant(0), s.InMask(0), s.step().streams(0),
          s.CorrectionAt(0));
  return absl::OkStatus();
}

absl::Status Wrap(StepContext& s) {
  DealContext context = s.run.Deal();
  DealWrap(context, WrapShapeOf(s), s.InMask(0), s.step().streams(0), s.step().streams(1),
           s.CorrectionAt(0), s.CorrectionAt(1));
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::DRAW_MASK, DrawMask}, {plan::LINEAR, Linear}, {plan::MATMUL, MatMul}, {plan::DOT, Dot},
    {plan::PRODUCT, Product},    {plan::LUT, Lut},       {plan::LUT2, Lut2},     {plan::EXP, Exp},
    {plan::WRAP, Wrap},
};

}  // namespace

std::span<const StepRow> DealSteps() { return kRows; }

}  // namespace mpcc
