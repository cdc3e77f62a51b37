// SPDX-License-Identifier: Apache-2.0
// Opcodes that act on the components of shares and masks alone.
#include <cstring>

#include "runtime/engine/step_context.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/wrap.h"

namespace mpcc {
namespace {

template <typename T>
const T* Lanes(const uint8_t* p) {
  return reinterpret_cast<const T*>(p);
}

int64_t Count(const plan::Wire& wire) { return static_cast<int64_t>(ElementCount(wire)); }

// Calls fn(component, tag of the lane) for every component of the result.
template <typename Fn>
absl::Status EachComponent(StepContext& s, Fn fn) {
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    VisitLane(static_cast<int>(s.Out().width()), [&](auto tag) { fn(c, tag); });
  return absl::OkStatus();
}

template <bool kSubtract>
absl::Status AddShares(StepContext& s) {
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    Broadcasted(kSubtract ? kernels::Sub<T> : kernels::Add<T>, Lanes<T>(s.InData(0, c)),
                ShapeOf(s.In(0)), Lanes<T>(s.InData(1, c)), ShapeOf(s.In(1)),
                static_cast<int>(s.Out().width()), s.run.arena,
                reinterpret_cast<T*>(s.OutData(0, c)));
  });
}

// The public constant changes one summand of x only: a1 of an additive share, m of an RSS one,
// nothing of a mask.
bool TakesConstant(const StepContext& s, int component) {
  if (s.Out().kind() == plan::RSS) return component == 0;
  return s.Out().kind() == plan::ADD && s.run.self == PartyId::kP1;
}

absl::Status AddPublic(StepContext& s) {
  const int l = static_cast<int>(s.Out().width());
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    const T constant =
        TakesConstant(s, c) ? static_cast<T>(Reduce(static_cast<uint64_t>(s.Int(0)), l)) : T{0};
    kernels::AddScalar(Lanes<T>(s.InData(0, c)), constant, Count(s.Out()), l,
                       reinterpret_cast<T*>(s.OutData(0, c)));
  });
}

absl::Status MulPublic(StepContext& s) {
  const int l = static_cast<int>(s.Out().width());
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    kernels::MulScalar(Lanes<T>(s.InData(0, c)),
                       static_cast<T>(Reduce(static_cast<uint64_t>(s.Int(0)), l)), Count(s.Out()),
                       l, reinterpret_cast<T*>(s.OutData(0, c)));
  });
}

absl::Status RowSum(StepContext& s) {
  const int64_t rows = Count(s.Out());
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    kernels::RowSum(Lanes<T>(s.InData(0, c)), rows, Count(s.In(0)) / rows,
                    static_cast<int>(s.Out().width()), reinterpret_cast<T*>(s.OutData(0, c)));
  });
}

absl::Status Resize(StepContext& s) {
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    ResizeComponent(s.InData(0, c), static_cast<int>(s.In(0).width()),
                    static_cast<int>(s.Out().width()), ElementCount(s.Out()), s.OutData(0, c));
  return absl::OkStatus();
}

absl::Status Extract(StepContext& s) {
  EvaluateExtract(s.run.self, s.InData(0), static_cast<int>(s.In(0).width()),
                  static_cast<int>(s.Out().width()), ElementCount(s.Out()), s.OutData());
  return absl::OkStatus();
}

absl::Status Join(StepContext& s) {
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    JoinComponent(s.InData(0, c), static_cast<int>(s.In(0).width()), s.InData(1, c),
                  static_cast<int>(s.In(1).width()), ElementCount(s.Out()), s.run.arena,
                  s.OutData(0, c));
  return absl::OkStatus();
}

// P1: m - L1, P2: -L2.
absl::Status OpenFree(StepContext& s) {
  const int l = static_cast<int>(s.Out().width());
  return EachComponent(s, [&](int, auto tag) {
    using T = typename decltype(tag)::type;
    T* out = reinterpret_cast<T*>(s.OutData());
    if (s.run.self == PartyId::kP1)
      kernels::Sub(Lanes<T>(s.InData(0, 0)), Lanes<T>(s.InData(0, 1)), {1, Count(s.Out())}, l, out);
    else
      kernels::Neg(Lanes<T>(s.InData(0, 1)), Count(s.Out()), l, out);
  });
}

// P1: the value itself, P2: zero.
absl::Status InputLocal(StepContext& s) {
  const uint64_t bytes = LaneVectorBytes(ElementCount(s.Out()), static_cast<int>(s.Out().width()));
  if (s.run.self == PartyId::kP1)
    std::memcpy(s.OutData(), s.InData(0), bytes);
  else
    std::memset(s.OutData(), 0, bytes);
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::INPUT_LOCAL, InputLocal},
    {plan::OPEN_FREE, OpenFree},
    {plan::ADD_SHARES, AddShares<false>},
    {plan::SUB_SHARES, AddShares<true>},
    {plan::ADD_PUBLIC, AddPublic},
    {plan::MUL_PUBLIC, MulPublic},
    {plan::ROW_SUM, RowSum},
    {plan::RESIZE, Resize},
    {plan::EXTRACT, Extract},
    {plan::JOIN, Join},
};

}  // namespace

std::span<const StepRow> ShareSteps() { return kRows; }

}  // namespace mpcc
