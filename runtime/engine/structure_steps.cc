// SPDX-License-Identifier: Apache-2.0
// Opcodes that only move elements, on shares and masks alike.
#include <cstring>

#include "runtime/engine/step_context.h"
#include "runtime/kernels/layout.h"
#include "runtime/protocol/broadcast.h"

namespace mpcc {
namespace {

using Index = std::array<int64_t, kernels::kMaxRank>;

// Row-major strides of a shape.
Index Strides(Extents shape) {
  Index strides{};
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d]) strides[d] = stride;
  return strides;
}

Index Wide(Extents shape) {
  Index wide{};
  std::copy(shape.begin(), shape.end(), wide.begin());
  return wide;
}

uint64_t BytesOfElement(const plan::Wire& wire) { return ElementBytes(wire.type(), wire.width()); }

// Calls fn(component, tag of an unsigned type as wide as an element).
template <typename Fn>
absl::Status EachComponent(StepContext& s, Fn fn) {
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    VisitLane(static_cast<int>(8 * BytesOfElement(s.Out())), [&](auto tag) { fn(c, tag); });
  return absl::OkStatus();
}

absl::Status Reshape(StepContext& s) {
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    if (s.OutData(0, c) != s.InData(0, c))
      std::memcpy(s.OutData(0, c), s.InData(0, c), ElementCount(s.Out()) * BytesOfElement(s.Out()));
  return absl::OkStatus();
}

absl::Status Transpose(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const Index shape = Wide(ShapeOf(s.In(0)));
  Index perm{};
  std::copy(s.step().ints().begin(), s.step().ints().end(), perm.begin());
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Transpose(
        reinterpret_cast<const T*>(s.InData(0, c)), std::span<const int64_t>(shape).first(rank),
        std::span<const int64_t>(perm).first(rank), reinterpret_cast<T*>(s.OutData(0, c)));
  });
}

absl::Status Slice(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const Index from = Strides(ShapeOf(s.In(0))), to = Strides(ShapeOf(s.Out())),
              shape = Wide(ShapeOf(s.Out()));
  int64_t start = 0;
  for (size_t d = 0; d < rank; ++d) start += s.Int(static_cast<int>(d)) * from[d];
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    kernels::CopyStrided(
        reinterpret_cast<const T*>(s.InData(0, c)) + start,
        std::span<const int64_t>(shape).first(rank), std::span<const int64_t>(from).first(rank),
        reinterpret_cast<T*>(s.OutData(0, c)), std::span<const int64_t>(to).first(rank));
  });
}

absl::Status Concat(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const auto axis = static_cast<size_t>(s.Int(0));
  const Index to = Strides(ShapeOf(s.Out()));
  return EachComponent(s, [&](int c, auto tag) {
    using T = typename decltype(tag)::type;
    T* out = reinterpret_cast<T*>(s.OutData(0, c));
    for (int i = 0; i < s.step().inputs_size(); ++i) {
      const Index from = Strides(ShapeOf(s.In(i))), shape = Wide(ShapeOf(s.In(i)));
      kernels::CopyStrided(reinterpret_cast<const T*>(s.InData(i, c)),
                           std::span<const int64_t>(shape).first(rank),
                           std::span<const int64_t>(from).first(rank), out,
                           std::span<const int64_t>(to).first(rank));
      out += shape[axis] * to[axis];
    }
  });
}

constexpr StepRow kRows[] = {
    {plan::RESHAPE, Reshape},
    {plan::TRANSPOSE, Transpose},
    {plan::SLICE, Slice},
    {plan::CONCAT, Concat},
};

}  // namespace

std::span<const StepRow> StructureSteps() { return kRows; }

}  // namespace mpcc
