// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

Shape Ints(const Signature& s, size_t first, size_t count) {
  return Shape(s.ints.begin() + first, s.ints.begin() + first + count);
}

size_t Bytes(Type type) { return type == Type::kI64 ? 8 : 4; }

// The elements of the operand at the offsets that strides and start visit.
void Pick(const Call& call, const Shape& strides, int64_t start) {
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    Walk<1>(call.result.shape, {strides}, {start},
            [&](int64_t i, const auto& at) { call.Out<T>()[i] = call.In<T>(0)[at[0]]; });
  });
}

}  // namespace

FormOr InferReshape(const Operator&, const Signature& s) {
  Form result{s.operands[0].type, Ints(s, 0, s.ints.size())};
  const auto count = BoundedCount(result.shape);
  if (!count || count != BoundedCount(s.operands[0].shape))
    return Bad("the number of elements changes");
  return result;
}

absl::Status RunReshape(const Operator&, const Call& call) {
  if (call.out != call.in[0])
    std::memcpy(call.out, call.in[0], Count(call.result.shape) * Bytes(call.result.type));
  return absl::OkStatus();
}

FormOr InferTranspose(const Operator&, const Signature& s) {
  std::vector<bool> seen(Rank(s), false);
  Form result{s.operands[0].type, {}};
  for (int64_t axis : s.ints) {
    if (!IsAxis(axis, seen.size()) || seen[axis]) return Bad("the axes are not a permutation");
    seen[axis] = true;
    result.shape.push_back(s.operands[0].shape[axis]);
  }
  if (result.shape.size() != seen.size()) return Bad("the axes are not a permutation");
  return result;
}

absl::Status RunTranspose(const Operator&, const Call& call) {
  const Shape from = Strides(call.Operand(0).shape);
  Shape strides;
  for (int64_t axis : call.signature.ints) strides.push_back(from[axis]);
  Pick(call, strides, 0);
  return absl::OkStatus();
}

FormOr InferSlice(const Operator&, const Signature& s) {
  const size_t rank = Rank(s);
  if (s.ints.size() != 3 * rank) return Bad("start, step and extent are needed for each dimension");
  for (size_t d = 0; d < rank; ++d) {
    const int64_t start = s.ints[d], step = s.ints[rank + d], extent = s.ints[2 * rank + d];
    const int64_t have = s.operands[0].shape[d];
    if (extent == 0) continue;
    // The last index without an overflow: |step| (extent - 1) stays below `have` or is refused.
    const int64_t last_step = std::abs(step);
    const bool fits = extent > 0 && start >= 0 && start < have &&
                      (extent == 1 || (last_step > 0 && extent - 1 <= (have - 1) / last_step));
    if (!fits || start + step * (extent - 1) < 0 || start + step * (extent - 1) >= have)
      return Bad("dimension {} is outside the operand", d);
  }
  return Form{s.operands[0].type, Ints(s, 2 * rank, rank)};
}

absl::Status RunSlice(const Operator&, const Call& call) {
  Shape strides = Strides(call.Operand(0).shape);
  const size_t rank = strides.size();
  int64_t start = 0;
  for (size_t d = 0; d < rank; ++d) {
    start += call.Int(d) * strides[d];
    strides[d] *= call.Int(rank + d);
  }
  Pick(call, strides, start);
  return absl::OkStatus();
}

FormOr InferConcat(const Operator&, const Signature& s) {
  Form result = s.operands[0];
  if (s.ints.size() != 1 || !IsAxis(s.ints[0], result.shape.size()))
    return Bad("the axis is out of range");
  const int64_t axis = s.ints[0];
  result.shape[axis] = 0;
  for (const Form& operand : s.operands) {
    Shape part = operand.shape;
    if (part.size() != result.shape.size() || operand.type != result.type)
      return Bad("the operands differ in rank or type");
    const int64_t extent = std::exchange(part[axis], result.shape[axis]);
    if (part != result.shape) return Bad("the operands differ outside the axis");
    result.shape[axis] += extent;
  }
  return result;
}

absl::Status RunConcat(const Operator&, const Call& call) {
  const size_t element = Bytes(call.result.type);
  const AroundAxis whole(call.result.shape, call.Int(0));
  auto* out = call.Out<char>();
  for (int64_t o = 0; o < whole.outer; ++o) {
    for (size_t k = 0; k < call.in.size(); ++k) {
      const AroundAxis part(call.Operand(k).shape, call.Int(0));
      const size_t bytes = part.extent * part.inner * element;
      if (bytes > 0) std::memcpy(out, call.In<char>(k) + o * bytes, bytes);
      out += bytes;
    }
  }
  return absl::OkStatus();
}

FormOr InferBroadcast(const Operator&, const Signature& s) {
  Form result{s.operands[0].type, Ints(s, 0, s.ints.size())};
  if (!BoundedCount(result.shape) || Broadcast(s.operands[0].shape, result.shape) != result.shape)
    return Bad("the operand does not broadcast to the result");
  return result;
}

absl::Status RunBroadcast(const Operator&, const Call& call) {
  Pick(call, BroadcastStrides(call.Operand(0).shape, call.result.shape), 0);
  return absl::OkStatus();
}

FormOr InferTile(const Operator&, const Signature& s) {
  Form result = s.operands[0];
  if (s.ints.size() != Rank(s)) return Bad("one repeat is needed for each dimension");
  for (size_t d = 0; d < result.shape.size(); ++d) {
    const auto extent = BoundedCount({result.shape[d], s.ints[d]});
    if (!extent) return Bad("the repeats are negative or too many");
    result.shape[d] = *extent;
  }
  return result;
}

absl::Status RunTile(const Operator&, const Call& call) {
  const Shape &from = call.Operand(0).shape, strides = Strides(from);
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    const Shape to = Strides(call.result.shape);
    for (int64_t i = 0, n = Count(call.result.shape); i < n; ++i) {
      int64_t at = 0;
      for (size_t d = 0; d < from.size(); ++d)
        at += i / to[d] % call.result.shape[d] % from[d] * strides[d];
      call.Out<T>()[i] = call.In<T>(0)[at];
    }
  });
  return absl::OkStatus();
}

FormOr InferPad(const Operator&, const Signature& s) {
  const size_t rank = Rank(s);
  Form result = s.operands[0];
  if (s.ints.size() != 1 + 2 * rank || s.ints[0] < 0 || s.ints[0] > 3)
    return Bad("a mode and two widths for each dimension are needed");
  if (s.operands[1].type != result.type || BoundedCount(s.operands[1].shape) != 1)
    return Bad("the value that pads is not one element of the operand's type");
  for (size_t d = 0; d < rank; ++d) {
    const int64_t before = s.ints[1 + d], after = s.ints[1 + rank + d], have = result.shape[d];
    const bool mirrors = s.ints[0] == 1, copies = s.ints[0] != 0;
    if (copies && (before > 0 || after > 0) && have == 0) return Bad("nothing to pad with");
    if (mirrors && std::max(before, after) >= have && (before > 0 || after > 0))
      return Bad("a reflection that is wider than the operand");
    result.shape[d] = before + have + after;
    if (result.shape[d] < 0) return Bad("more is cut off than there is");
  }
  return result;
}

absl::Status RunPad(const Operator&, const Call& call) {
  const Shape &from = call.Operand(0).shape, strides = Strides(from),
              to = Strides(call.result.shape);
  // The operand's index for index i of the result along one dimension; nothing for the value.
  const auto source = [&](int64_t i, int64_t have) -> std::optional<int64_t> {
    if (i >= 0 && i < have) return i;
    switch (call.Int(0)) {
      case 0:
        return std::nullopt;
      case 1:
        return i < 0 ? -i : 2 * (have - 1) - i;
      case 2:
        return i < 0 ? 0 : have - 1;
      default:
        return (i % have + have) % have;
    }
  };
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    for (int64_t i = 0, n = Count(call.result.shape); i < n; ++i) {
      std::optional<int64_t> at = 0;
      for (size_t d = 0; d < from.size() && at; ++d) {
        const auto index = source(i / to[d] % call.result.shape[d] - call.Int(1 + d), from[d]);
        at = index ? std::optional(*at + *index * strides[d]) : std::nullopt;
      }
      call.Out<T>()[i] = at ? call.In<T>(0)[*at] : call.In<T>(1)[0];
    }
  });
  return absl::OkStatus();
}

FormOr InferTriangle(const Operator&, const Signature& s) {
  if (s.ints.size() != 2 || Rank(s) < 2) return Bad("a triangle of something that is no matrix");
  return s.operands[0];
}

absl::Status RunTriangle(const Operator&, const Call& call) {
  const Shape& shape = call.result.shape;
  const int64_t rows = shape[shape.size() - 2], columns = shape.back(), k = call.Int(1);
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    for (int64_t i = 0, n = Count(shape); i < n; ++i) {
      const int64_t diagonal = i % columns - i / columns % rows;
      const bool keep = call.Int(0) ? diagonal >= k : diagonal <= k;
      call.Out<T>()[i] = keep ? call.In<T>(0)[i] : T{};
    }
  });
  return absl::OkStatus();
}

}  // namespace mpcc::plain
