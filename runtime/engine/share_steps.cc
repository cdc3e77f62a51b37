// SPDX-License-Identifier: Apache-2.0
// Opcodes that act on the components of shares and masks alone.
#include <algorithm>

#include "runtime/engine/step.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/wrap.h"

namespace mpcc::engine {
namespace {

// Calls fn(component, its vector) for every component of the result.
template <typename Fn>
absl::Status EachComponent(StepContext& s, Fn fn) {
  for (int c = 0; c < Components(s.Out().kind()); ++c) fn(c, s.OutVector(0, c));
  return absl::OkStatus();
}

// Modulo 2 a sum is a difference.
bool CombinesBits(const StepContext& s) {
  return s.IsPacked(s.step().outputs(0)) && s.IsPacked(s.step().inputs(0)) &&
         s.IsPacked(s.step().inputs(1)) && std::ranges::equal(ShapeOf(s.In(0)), ShapeOf(s.In(1)));
}

template <protocol::BinaryKernel kKernel>
absl::Status Combine(StepContext& s) {
  if (CombinesBits(s)) {
    for (int c = 0; c < Components(s.Out().kind()); ++c)
      kernels::Add(s.InBits(0, c), s.InBits(1, c), s.OutBits(0, c));
    return absl::OkStatus();
  }
  return EachComponent(s, [&](int c, RingVector out) {
    protocol::Broadcasted(kKernel, {s.InVector(0, c), ShapeOf(s.In(0))},
                          {s.InVector(1, c), ShapeOf(s.In(1))}, s.run.arena, out);
  });
}

// The public constant changes one summand of x only: a1 of an additive share, m of an RSS one,
// nothing of a mask.
bool TakesConstant(const StepContext& s, int component) {
  if (s.Out().kind() == plan::RSS) return component == 0;
  return s.Out().kind() == plan::ADD && s.run.self == PartyId::kP1;
}

absl::Status AddPublic(StepContext& s) {
  return EachComponent(s, [&](int c, RingVector out) {
    const ConstRingVector in = s.InVector(0, c);
    if (TakesConstant(s, c))
      kernels::AddScalar(in, static_cast<uint64_t>(s.Int(0)), out);
    else if (out.bytes().data() != in.bytes().data())
      std::ranges::copy(in.bytes(), out.bytes().begin());
  });
}

absl::Status MulPublic(StepContext& s) {
  return EachComponent(s, [&](int c, RingVector out) {
    kernels::MulScalar(s.InVector(0, c), static_cast<uint64_t>(s.Int(0)), out);
  });
}

absl::Status RowSum(StepContext& s) {
  return EachComponent(s, [&](int c, RingVector out) { kernels::RowSum(s.InVector(0, c), out); });
}

absl::Status Resize(StepContext& s) {
  return EachComponent(s, [&](int c, RingVector out) { kernels::Convert(s.InVector(0, c), out); });
}

absl::Status Extract(StepContext& s) {
  protocol::EvaluateExtract(s.run.self, s.InVector(0), s.OutVector());
  return absl::OkStatus();
}

absl::Status Join(StepContext& s) {
  return EachComponent(s, [&](int c, RingVector out) {
    protocol::JoinComponent(s.InVector(0, c), s.InVector(1, c), s.run.arena, out);
  });
}

// P1: m - L1, P2: -L2.
absl::Status OpenFree(StepContext& s) {
  const protocol::Rss x = s.InRss(0);
  if (s.run.self == PartyId::kP1)
    kernels::Sub(x.m, x.mask, s.OutVector());
  else
    kernels::Neg(x.mask, s.OutVector());
  return absl::OkStatus();
}

// P1: the value itself, P2: zero.
absl::Status InputLocal(StepContext& s) {
  if (s.run.self == PartyId::kP1)
    std::ranges::copy(s.InVector(0).bytes(), s.OutVector().bytes().begin());
  else
    std::ranges::fill(s.OutVector().bytes(), uint8_t{0});
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::INPUT_LOCAL, InputLocal},
    {plan::OPEN_FREE, OpenFree},
    {plan::ADD_SHARES, Combine<kernels::Add>},
    {plan::SUB_SHARES, Combine<kernels::Sub>},
    {plan::ADD_PUBLIC, AddPublic},
    {plan::MUL_PUBLIC, MulPublic},
    {plan::ROW_SUM, RowSum},
    {plan::RESIZE, Resize},
    {plan::EXTRACT, Extract},
    {plan::JOIN, Join},
};

}  // namespace

std::span<const StepRow> ShareSteps() { return kRows; }

}  // namespace mpcc::engine
