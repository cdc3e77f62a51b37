// SPDX-License-Identifier: Apache-2.0
// Opcodes that only move elements, on shares and masks alike.
#include <algorithm>

#include "runtime/base/shape.h"
#include "runtime/engine/step.h"
#include "runtime/kernels/layout.h"

namespace mpcc::engine {
namespace {

using Index = std::array<int64_t, kernels::kMaxRank>;

// Row-major strides of a shape.
Index Strides(ShapeView shape) {
  Index strides{};
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0; stride *= shape[d]) strides[d] = stride;
  return strides;
}

Index Wide(ShapeView shape) {
  Index wide{};
  std::ranges::copy(shape, wide.begin());
  return wide;
}

// Whether a step moves bits as they lie packed.
bool MovesBits(const StepContext& s) {
  return s.IsPacked(s.step().outputs(0)) &&
         std::ranges::all_of(s.step().inputs(), [&](uint32_t wire) { return s.IsPacked(wire); });
}

// Calls fn(in, out) for every component: in(i) is operand i, both in the form in which they lie.
template <typename Fn>
absl::Status EachComponent(StepContext& s, Fn fn) {
  return WithForm(s, MovesBits(s), [&](auto form) {
    for (int c = 0; c < Components(s.Out().kind()); ++c)
      fn([&](int i) { return form.In(i, c); }, form.Out(0, c));
    return absl::OkStatus();
  });
}

absl::Status Reshape(StepContext& s) {
  return EachComponent(s, [](auto in, auto out) {
    const auto from = in(0).bytes();
    if (out.bytes().data() != from.data()) std::ranges::copy(from, out.bytes().begin());
  });
}

absl::Status Transpose(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const Index shape = Wide(ShapeOf(s.In(0)));
  Index perm{};
  std::ranges::copy(s.step().ints(), perm.begin());
  return EachComponent(s, [&](auto in, auto out) {
    kernels::Transpose(in(0), {shape.data(), rank}, {perm.data(), rank}, out);
  });
}

// The elements of `v` from element `first` on.
template <typename Vector>
Vector From(Vector v, int64_t first) {
  return v.Slice(first, v.size() - first);
}

absl::Status Slice(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const Index from = Strides(ShapeOf(s.In(0))), to = Strides(ShapeOf(s.Out())),
              shape = Wide(ShapeOf(s.Out()));
  int64_t start = 0;
  for (size_t d = 0; d < rank; ++d) start += s.Int(static_cast<int>(d)) * from[d];
  return EachComponent(s, [&](auto in, auto out) {
    kernels::CopyStrided(From(in(0), start), {shape.data(), rank}, {from.data(), rank}, out,
                         {to.data(), rank});
  });
}

absl::Status Concat(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const auto axis = static_cast<size_t>(s.Int(0));
  const Index to = Strides(ShapeOf(s.Out()));
  return EachComponent(s, [&](auto in, auto out) {
    int64_t start = 0;
    for (int i = 0; i < s.step().inputs_size(); ++i) {
      const Index from = Strides(ShapeOf(s.In(i))), shape = Wide(ShapeOf(s.In(i)));
      kernels::CopyStrided(in(i), {shape.data(), rank}, {from.data(), rank}, From(out, start),
                           {to.data(), rank});
      start += shape[axis] * to[axis];
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

}  // namespace mpcc::engine
