// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

// An index in [0, extent), negative ones counted from the end.
absl::Status Resolve(int64_t index, int64_t extent, int64_t* out) {
  if (index < -extent || index >= extent)
    return Bad("id {} is outside a table of {} rows: ids from 0 to {} are possible", index, extent,
               extent - 1);
  *out = index < 0 ? index + extent : index;
  return absl::OkStatus();
}

absl::Status AreIndices(const Form& form) {
  return form.type == Type::kI64 ? absl::OkStatus() : Bad("the indices are not i64");
}

// What a scatter does where it writes.
template <typename T>
void Combine(int64_t how, T value, T& place) {
  switch (how) {
    case 1:
      if constexpr (std::is_integral_v<T>)
        place = static_cast<T>(static_cast<uint64_t>(place) + static_cast<uint64_t>(value));
      else
        place += value;
      break;
    case 2:
      if constexpr (std::is_integral_v<T>)
        place = static_cast<T>(static_cast<uint64_t>(place) * static_cast<uint64_t>(value));
      else
        place *= value;
      break;
    case 3:
      place = std::max(place, value);
      break;
    case 4:
      place = std::min(place, value);
      break;
    default:
      place = value;
  }
}

template <typename T>
void CopyOperand(const Call& call) {
  const int64_t count = Count(call.result.shape);
  if (count > 0) std::memcpy(call.out, call.in[0], count * sizeof(T));
}

// Tuples of indices into the dimensions of `table` from `first` on.
class Tuples {
 public:
  Tuples(const Shape& table, const Shape& indices, size_t first)
      : table_(table), strides_(Strides(table)), first_(first), depth_(indices.back()) {}

  // The offset that tuple t adds.
  absl::Status Offset(const int64_t* indices, int64_t t, int64_t* offset) const {
    *offset = 0;
    for (int64_t k = 0; k < depth_; ++k) {
      int64_t index = 0;
      const absl::Status status = Resolve(indices[t * depth_ + k], table_[first_ + k], &index);
      if (!status.ok()) return status;
      *offset += index * strides_[first_ + k];
    }
    return absl::OkStatus();
  }

 private:
  const Shape& table_;
  Shape strides_;
  size_t first_;
  int64_t depth_;
};

// Whether indices that replace those of one axis lie within the table in all other dimensions.
absl::Status FitTable(const Shape& indices, const Shape& table, int64_t axis) {
  for (size_t d = 0; d < table.size(); ++d)
    if (static_cast<int64_t>(d) != axis && indices[d] > table[d])
      return Bad("more indices than elements in dimension {}", d);
  return absl::OkStatus();
}

// Calls visit(i, at) for each of the indices, which replaces that of the axis in its own place and
// so names element `at` of the table.
template <typename F>
absl::Status ForEachElement(const Call& call, F visit) {
  const Shape& table = call.Operand(0).shape;
  const auto axis = static_cast<size_t>(call.Int(0));
  Shape strides = Strides(table);
  const int64_t step = std::exchange(strides[axis], 0);
  absl::Status status;
  Walk<1>(call.Operand(1).shape, {strides}, {}, [&](int64_t i, const auto& at) {
    int64_t row = 0;
    absl::Status found = Resolve(call.In<int64_t>(1)[i], table[axis], &row);
    if (found.ok())
      visit(i, at[0] + row * step);
    else
      status = std::move(found);
  });
  return status;
}

}  // namespace

FormOr InferGather(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[1]); !status.ok()) return status;
  if (s.ints.size() != 1 || !IsAxis(s.ints[0], Rank(s))) return Bad("the axis is out of range");
  const Shape &table = s.operands[0].shape, &ids = s.operands[1].shape;
  Form result{s.operands[0].type, Shape(table.begin(), table.begin() + s.ints[0])};
  result.shape.insert(result.shape.end(), ids.begin(), ids.end());
  result.shape.insert(result.shape.end(), table.begin() + s.ints[0] + 1, table.end());
  return result;
}

absl::Status RunGather(const Operator&, const Call& call) {
  const AroundAxis table(call.Operand(0).shape, call.Int(0));
  const int64_t count = Count(call.Operand(1).shape);
  const size_t bytes = table.inner * (call.result.type == Type::kI64 ? 8 : 4);
  auto* out = call.Out<char>();
  for (int64_t o = 0; o < table.outer; ++o) {
    for (int64_t k = 0; k < count; ++k, out += bytes) {
      int64_t row = 0;
      const absl::Status status = Resolve(call.In<int64_t>(1)[k], table.extent, &row);
      if (!status.ok()) return status;
      if (bytes > 0) std::memcpy(out, call.In<char>(0) + (o * table.extent + row) * bytes, bytes);
    }
  }
  return absl::OkStatus();
}

FormOr InferGatherNd(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[1]); !status.ok()) return status;
  const Shape &table = s.operands[0].shape, &indices = s.operands[1].shape;
  if (s.ints.size() != 1 || indices.empty()) return Bad("no indices");
  const int64_t batch = s.ints[0], rank = static_cast<int64_t>(table.size());
  if (batch < 0 || batch >= static_cast<int64_t>(indices.size()) ||
      indices.back() > rank - std::min(batch, rank))
    return Bad("indices with more coordinates than the operand has dimensions");
  for (int64_t d = 0; d < batch; ++d)
    if (table[d] != indices[d]) return Bad("batches of different extents");
  Form result{s.operands[0].type, Shape(indices.begin(), indices.end() - 1)};
  result.shape.insert(result.shape.end(), table.begin() + batch + indices.back(), table.end());
  return result;
}

absl::Status RunGatherNd(const Operator&, const Call& call) {
  const Shape &table = call.Operand(0).shape, &indices = call.Operand(1).shape;
  const auto batch = static_cast<size_t>(call.Int(0));
  const Tuples tuples(table, indices, batch);
  const int64_t batches = Count(Shape(table.begin(), table.begin() + batch));
  const int64_t per_batch = Count(Shape(table.begin() + batch, table.end()));
  const int64_t all = Count(Shape(indices.begin(), indices.end() - 1));
  const int64_t slice = Count(Shape(table.begin() + batch + indices.back(), table.end()));
  const size_t element = call.result.type == Type::kI64 ? 8 : 4;
  auto* out = call.Out<char>();
  for (int64_t t = 0; t < all; ++t, out += slice * element) {
    int64_t at = 0;
    const absl::Status status = tuples.Offset(call.In<int64_t>(1), t, &at);
    if (!status.ok()) return status;
    at += t / std::max<int64_t>(all / std::max<int64_t>(batches, 1), 1) * per_batch;
    if (slice > 0) std::memcpy(out, call.In<char>(0) + at * element, slice * element);
  }
  return absl::OkStatus();
}

FormOr InferGatherElements(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[1]); !status.ok()) return status;
  const Shape &table = s.operands[0].shape, &indices = s.operands[1].shape;
  if (s.ints.size() != 1 || !IsAxis(s.ints[0], table.size()) || table.size() != indices.size())
    return Bad("the axis is out of range or the ranks differ");
  if (absl::Status fit = FitTable(indices, table, s.ints[0]); !fit.ok()) return fit;
  return Form{s.operands[0].type, indices};
}

absl::Status RunGatherElements(const Operator&, const Call& call) {
  return Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    return ForEachElement(call,
                          [&](int64_t i, int64_t at) { call.Out<T>()[i] = call.In<T>(0)[at]; });
  });
}

FormOr InferScatterNd(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[1]); !status.ok()) return status;
  const Shape &table = s.operands[0].shape, &indices = s.operands[1].shape;
  if (s.ints.size() != 1 || s.ints[0] < 0 || s.ints[0] > 4) return Bad("an unknown reduction");
  if (indices.empty() || indices.back() > static_cast<int64_t>(table.size()))
    return Bad("indices with more coordinates than the operand has dimensions");
  Shape updates(indices.begin(), indices.end() - 1);
  updates.insert(updates.end(), table.begin() + indices.back(), table.end());
  if (s.operands[2] != Form{s.operands[0].type, updates})
    return Bad("updates of another shape or type than the places they go to");
  return s.operands[0];
}

absl::Status RunScatterNd(const Operator&, const Call& call) {
  const Shape &table = call.Operand(0).shape, &indices = call.Operand(1).shape;
  const Tuples tuples(table, indices, 0);
  const int64_t all = Count(Shape(indices.begin(), indices.end() - 1));
  const int64_t slice = Count(Shape(table.begin() + indices.back(), table.end()));
  return Visit(call.result.type, [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    CopyOperand<T>(call);
    for (int64_t t = 0; t < all; ++t) {
      int64_t at = 0;
      absl::Status status = tuples.Offset(call.In<int64_t>(1), t, &at);
      if (!status.ok()) return status;
      for (int64_t i = 0; i < slice; ++i)
        Combine(call.Int(0), call.In<T>(2)[t * slice + i], call.Out<T>()[at + i]);
    }
    return absl::OkStatus();
  });
}

FormOr InferScatterElements(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[1]); !status.ok()) return status;
  const Shape &table = s.operands[0].shape, &indices = s.operands[1].shape;
  if (s.ints.size() != 2 || !IsAxis(s.ints[0], table.size()) || s.ints[1] < 0 || s.ints[1] > 4)
    return Bad("the axis or the reduction is out of range");
  if (s.operands[2] != Form{s.operands[0].type, indices} || indices.size() != table.size())
    return Bad("updates of another shape or type than the indices");
  if (absl::Status fit = FitTable(indices, table, s.ints[0]); !fit.ok()) return fit;
  return s.operands[0];
}

absl::Status RunScatterElements(const Operator&, const Call& call) {
  return Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    CopyOperand<T>(call);
    return ForEachElement(call, [&](int64_t i, int64_t at) {
      Combine(call.Int(1), call.In<T>(2)[i], call.Out<T>()[at]);
    });
  });
}

FormOr InferOneHot(const Operator&, const Signature& s) {
  if (absl::Status status = AreIndices(s.operands[0]); !status.ok()) return status;
  Form result{s.operands[1].type, s.operands[0].shape};
  if (s.ints.size() != 2 || !IsAxis(s.ints[0], result.shape.size() + 1) || s.ints[1] < 0)
    return Bad("the axis or the depth is out of range");
  if (s.operands[1].shape != Shape{2}) return Bad("the two values are missing");
  result.shape.insert(result.shape.begin() + s.ints[0], s.ints[1]);
  return result;
}

absl::Status RunOneHot(const Operator&, const Call& call) {
  const AroundAxis a(call.result.shape, call.Int(0));
  return Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    const T *values = call.In<T>(1), off = values[0], on = values[1];
    std::fill_n(call.Out<T>(), Count(call.result.shape), off);
    for (int64_t i = 0; i < a.outer * a.inner; ++i) {
      const int64_t id = call.In<int64_t>(0)[i];
      if (id < -a.extent || id >= a.extent) continue;  // by ONNX's definition, all are off
      const int64_t row = id < 0 ? id + a.extent : id;
      call.Out<T>()[(i / a.inner * a.extent + row) * a.inner + i % a.inner] = on;
    }
    return absl::OkStatus();
  });
}

}  // namespace mpcc::plain
