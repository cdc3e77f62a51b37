// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/layout.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "runtime/kernels/packed_bits.h"

namespace mpcc::kernels {
namespace {

// One dimension of a strided copy.
struct Dim {
  int64_t size;
  int64_t in;
  int64_t out;
};

// The dimensions without those of size 1, neighbours merged where both sides run on.
int Simplify(std::span<const int64_t> shape, std::span<const int64_t> in_strides,
             std::span<const int64_t> out_strides, Dim* dims) {
  int rank = 0;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) continue;
    const Dim dim{shape[d], in_strides[d], out_strides[d]};
    if (rank > 0 && dims[rank - 1].in == dim.in * dim.size &&
        dims[rank - 1].out == dim.out * dim.size) {
      dims[rank - 1] = {dims[rank - 1].size * dim.size, dim.in, dim.out};
    } else {
      dims[rank++] = dim;
    }
  }
  return rank;
}

template <LaneType T>
void CopyRow(const T* in, const Dim& d, T* out) {
  if (d.in == 1 && d.out == 1) {
    std::memcpy(out, in, d.size * sizeof(T));
  } else if (d.in == 0 && d.out == 1) {
    std::fill_n(out, d.size, *in);
  } else {
    for (int64_t i = 0; i < d.size; ++i) out[i * d.out] = in[i * d.in];
  }
}

// Two inner dimensions in square tiles: a transposition touches each cache line once a tile.
template <LaneType T>
void CopyPlane(const T* in, const Dim& d0, const Dim& d1, T* out) {
  constexpr int64_t kTile = 64 / sizeof(T);
  const bool rows = d1.in <= 1 && d1.out == 1;
  const int64_t width = rows ? d1.size : kTile;
  const int64_t height = rows ? 1 : kTile;
  for (int64_t i0 = 0; i0 < d0.size; i0 += height) {
    for (int64_t j0 = 0; j0 < d1.size; j0 += width) {
      const Dim tile{std::min(width, d1.size - j0), d1.in, d1.out};
      for (int64_t i = i0; i < std::min(i0 + height, d0.size); ++i) {
        CopyRow(in + i * d0.in + j0 * d1.in, tile, out + i * d0.out + j0 * d1.out);
      }
    }
  }
}

template <LaneType T>
void CopyDims(const T* in, const Dim* dims, int rank, T* out) {
  if (rank == 2) return CopyPlane(in, dims[0], dims[1], out);
  for (int64_t i = 0; i < dims[0].size; ++i) {
    CopyDims(in + i * dims[0].in, dims + 1, rank - 1, out + i * dims[0].out);
  }
}

// Bits in runs where they lie side by side, else one by one.
void CopyDims(ConstBitVector in, const Dim* dims, int rank, BitVector out) {
  const Dim& d = dims[0];
  if (rank == 1 && d.in == 1 && d.out == 1) return Copy(in.Slice(0, d.size), out.Slice(0, d.size));
  for (int64_t i = 0; i < d.size; ++i) {
    const ConstBitVector from = in.Slice(i * d.in, in.size() - i * d.in);
    const BitVector to = out.Slice(i * d.out, out.size() - i * d.out);
    if (rank == 1)
      to.Slice(0, 1).SetWord(0, from.Slice(0, 1).Word(0));
    else
      CopyDims(from, dims + 1, rank - 1, to);
  }
}

// Calls copy(dims, rank) with what Simplify leaves, unless there is nothing to copy.
template <typename Fn>
void WithDims(std::span<const int64_t> shape, std::span<const int64_t> in_strides,
              std::span<const int64_t> out_strides, Fn copy) {
  assert(shape.size() <= kMaxRank && shape.size() == in_strides.size() &&
         shape.size() == out_strides.size());
  if (std::ranges::find(shape, 0) != shape.end()) return;
  std::array<Dim, kMaxRank + 2> dims;
  int rank = Simplify(shape, in_strides, out_strides, dims.data());
  if (rank == 0) dims[rank++] = {1, 1, 1};
  copy(dims.data(), rank);
}

// numpy's transpose as a strided copy.
template <typename ConstVector, typename Vector>
void TransposeAny(ConstVector in, std::span<const int64_t> shape, std::span<const int64_t> perm,
                  Vector out) {
  std::array<int64_t, kMaxRank> dense, in_strides, out_shape, out_strides;
  const int rank = static_cast<int>(shape.size());
  assert(rank <= kMaxRank);
  for (int64_t d = rank - 1, stride = 1; d >= 0; stride *= shape[d--]) dense[d] = stride;
  for (int64_t d = rank - 1, stride = 1; d >= 0; stride *= out_shape[d--]) {
    out_shape[d] = shape[perm[d]];
    in_strides[d] = dense[perm[d]];
    out_strides[d] = stride;
  }
  const auto first = [rank](const auto& array) {
    return std::span<const int64_t>(array.data(), rank);
  };
  CopyStrided(in, first(out_shape), first(in_strides), out, first(out_strides));
}

}  // namespace

void CopyStrided(ConstRingVector in, std::span<const int64_t> shape,
                 std::span<const int64_t> in_strides, RingVector out,
                 std::span<const int64_t> out_strides) {
  WithDims(shape, in_strides, out_strides, [&](const Dim* dims, int rank) {
    VisitLanes(
        [&](auto from, auto to) {
          if (rank == 1)
            CopyRow(from.data(), dims[0], to.data());
          else
            CopyDims(from.data(), dims, rank, to.data());
        },
        in, out);
  });
}

void CopyStrided(ConstBitVector in, std::span<const int64_t> shape,
                 std::span<const int64_t> in_strides, BitVector out,
                 std::span<const int64_t> out_strides) {
  WithDims(shape, in_strides, out_strides,
           [&](const Dim* dims, int rank) { CopyDims(in, dims, rank, out); });
}

void Transpose(ConstRingVector in, std::span<const int64_t> shape, std::span<const int64_t> perm,
               RingVector out) {
  TransposeAny(in, shape, perm, out);
}

void Transpose(ConstBitVector in, std::span<const int64_t> shape, std::span<const int64_t> perm,
               BitVector out) {
  TransposeAny(in, shape, perm, out);
}

}  // namespace mpcc::kernels
