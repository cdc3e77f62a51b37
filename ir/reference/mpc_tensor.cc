// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_tensor.h"

#include <algorithm>

namespace mpcc::reference {
namespace {

Shape RowMajorStrides(ShapeRef shape) {
  Shape strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

Offsets StridedOffsets(ShapeRef shape, ShapeRef strides, int64_t base) {
  Offsets out{static_cast<size_t>(base)};
  for (size_t d = 0; d < shape.size(); ++d) {
    Offsets next;
    next.reserve(out.size() * shape[d]);
    for (size_t offset : out)
      for (int64_t i = 0; i < shape[d]; ++i) next.push_back(offset + i * strides[d]);
    out = std::move(next);
  }
  return out;
}

}  // namespace

size_t ElementCount(ShapeRef shape) {
  size_t count = 1;
  for (int64_t extent : shape) count *= extent;
  return count;
}

Shape Broadcast(ShapeRef a, ShapeRef b) {
  if (a.size() < b.size()) std::swap(a, b);
  Shape out(a.begin(), a.end());
  const size_t lead = a.size() - b.size();
  for (size_t d = 0; d < b.size(); ++d) out[lead + d] = std::max(out[lead + d], b[d]);
  return out;
}

Offsets BroadcastOffsets(ShapeRef from, ShapeRef to) {
  const Shape own = RowMajorStrides(from);
  Shape strides(to.size(), 0);
  const size_t lead = to.size() - from.size();
  for (size_t d = 0; d < from.size(); ++d) strides[lead + d] = from[d] == 1 ? 0 : own[d];
  return StridedOffsets(to, strides, 0);
}

Offsets TransposeOffsets(ShapeRef from, llvm::ArrayRef<int64_t> perm) {
  const Shape own = RowMajorStrides(from);
  Shape shape, strides;
  for (int64_t p : perm) {
    shape.push_back(from[p]);
    strides.push_back(own[p]);
  }
  return StridedOffsets(shape, strides, 0);
}

Offsets SliceOffsets(ShapeRef from, llvm::ArrayRef<int64_t> begin, ShapeRef to) {
  const Shape strides = RowMajorStrides(from);
  int64_t base = 0;
  for (size_t d = 0; d < from.size(); ++d) base += begin[d] * strides[d];
  return StridedOffsets(to, strides, base);
}

MatMulShape MatMulShapeOf(ShapeRef a, ShapeRef b, bool transposed_b) {
  const size_t rank = a.size();
  MatMulShape s;
  s.batch = ElementCount(a.drop_back(2));
  s.m = a[rank - 2];
  s.k = a[rank - 1];
  s.n = b[b.size() - (transposed_b ? 2 : 1)];
  s.transposed_b = transposed_b;
  return s;
}

}  // namespace mpcc::reference
