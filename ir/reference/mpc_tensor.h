// SPDX-License-Identifier: Apache-2.0
// Row-major tensors as plain vectors: the loops that both interpreters of the mpc dialect are made
// of. Nothing here knows a ring; callers reduce.
#ifndef MPCC_IR_REFERENCE_MPC_TENSOR_H_
#define MPCC_IR_REFERENCE_MPC_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "llvm/ADT/ArrayRef.h"

namespace mpcc::reference {

using Shape = std::vector<int64_t>;
using ShapeRef = llvm::ArrayRef<int64_t>;
using Offsets = std::vector<size_t>;

size_t ElementCount(ShapeRef shape);

// The numpy broadcast of two shapes. REQUIRES: they fit.
Shape Broadcast(ShapeRef a, ShapeRef b);

// For each element of the result in row-major order, the offset of the input element it copies.
Offsets BroadcastOffsets(ShapeRef from, ShapeRef to);
Offsets TransposeOffsets(ShapeRef from, llvm::ArrayRef<int64_t> perm);
Offsets SliceOffsets(ShapeRef from, llvm::ArrayRef<int64_t> begin, ShapeRef to);

// result[i] = in[offsets[i]].
template <typename T>
std::vector<T> Pick(const std::vector<T>& in, const Offsets& offsets) {
  std::vector<T> out(offsets.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = in[offsets[i]];
  return out;
}

// result[i] = fn(in[i]).
template <typename T, typename Fn>
std::vector<T> Map(const std::vector<T>& in, Fn fn) {
  std::vector<T> out(in.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = fn(in[i]);
  return out;
}

// result[i] = fn(a[i], b[i]). REQUIRES: equal sizes.
template <typename T, typename Fn>
std::vector<T> Zip(const std::vector<T>& a, const std::vector<T>& b, Fn fn) {
  std::vector<T> out(a.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = fn(a[i], b[i]);
  return out;
}

template <typename T>
std::vector<T> Add(const std::vector<T>& a, const std::vector<T>& b) {
  return Zip(a, b, [](T x, T y) { return x + y; });
}
template <typename T>
std::vector<T> Sub(const std::vector<T>& a, const std::vector<T>& b) {
  return Zip(a, b, [](T x, T y) { return x - y; });
}
template <typename T>
std::vector<T> Mul(const std::vector<T>& a, const std::vector<T>& b) {
  return Zip(a, b, [](T x, T y) { return x * y; });
}

// Sums of runs of `extent` neighbours.
template <typename T>
std::vector<T> RowSum(const std::vector<T>& in, size_t extent) {
  std::vector<T> out(in.size() / extent);
  for (size_t i = 0; i < in.size(); ++i) out[i / extent] += in[i];
  return out;
}

// Tensors side by side: `runs[i]` elements of inputs[i] in turn until all are used.
template <typename T>
std::vector<T> Concat(llvm::ArrayRef<const std::vector<T>*> inputs, llvm::ArrayRef<size_t> runs) {
  std::vector<T> out;
  const size_t outer = inputs[0]->size() / runs[0];
  for (size_t o = 0; o < outer; ++o)
    for (size_t i = 0; i < inputs.size(); ++i)
      out.insert(out.end(), inputs[i]->begin() + o * runs[i],
                 inputs[i]->begin() + (o + 1) * runs[i]);
  return out;
}

// Extents of a batched product [batch, m, k] x [batch, k, n]; with transposed_b, b is [batch, n,
// k].
struct MatMulShape {
  size_t batch, m, k, n;
  bool transposed_b;
};
MatMulShape MatMulShapeOf(ShapeRef a, ShapeRef b, bool transposed_b);

// The loop order keeps the innermost accesses contiguous.
template <typename T>
std::vector<T> MatMul(const std::vector<T>& a, const std::vector<T>& b, const MatMulShape& s) {
  std::vector<T> out(s.batch * s.m * s.n);
  for (size_t row = 0; row < s.batch * s.m; ++row) {
    const size_t base = row / s.m * s.k * s.n;
    T* sum = &out[row * s.n];
    for (size_t k = 0; k < s.k; ++k) {
      const T x = a[row * s.k + k];
      const T* y = &b[base + (s.transposed_b ? k : k * s.n)];
      const size_t step = s.transposed_b ? s.k : 1;
      for (size_t n = 0; n < s.n; ++n) sum[n] += x * y[n * step];
    }
  }
  return out;
}

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_TENSOR_H_
