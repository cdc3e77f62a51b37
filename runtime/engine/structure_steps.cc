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

absl::Status Reshape(StepContext& s) {
  for (int c = 0; c < Components(s.Out().kind()); ++c) {
    const auto from = s.InVector(0, c).bytes();
    const auto to = s.OutVector(0, c).bytes();
    if (to.data() != from.data()) std::ranges::copy(from, to.begin());
  }
  return absl::OkStatus();
}

absl::Status Transpose(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const Index shape = Wide(ShapeOf(s.In(0)));
  Index perm{};
  std::ranges::copy(s.step().ints(), perm.begin());
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    kernels::Transpose(s.InVector(0, c), {shape.data(), rank}, {perm.data(), rank},
                       s.OutVector(0, c));
  return absl::OkStatus();
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
  for (int c = 0; c < Components(s.Out().kind()); ++c)
    kernels::CopyStrided(From(s.InVector(0, c), start), {shape.data(), rank}, {from.data(), rank},
                         s.OutVector(0, c), {to.data(), rank});
  return absl::OkStatus();
}

absl::Status Concat(StepContext& s) {
  const size_t rank = s.In(0).shape_size();
  const auto axis = static_cast<size_t>(s.Int(0));
  const Index to = Strides(ShapeOf(s.Out()));
  for (int c = 0; c < Components(s.Out().kind()); ++c) {
    int64_t start = 0;
    for (int i = 0; i < s.step().inputs_size(); ++i) {
      const Index from = Strides(ShapeOf(s.In(i))), shape = Wide(ShapeOf(s.In(i)));
      kernels::CopyStrided(s.InVector(i, c), {shape.data(), rank}, {from.data(), rank},
                           From(s.OutVector(0, c), start), {to.data(), rank});
      start += shape[axis] * to[axis];
    }
  }
  return absl::OkStatus();
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
