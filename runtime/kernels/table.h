// SPDX-License-Identifier: Apache-2.0
// One-time truth tables: P0 deals each element a table rotated by its mask, P1 and P2 read entry m
// of it (Ishai, Kushilevitz, Meldgaard, Orlandi, Paskin-Cherniavsky, "On the Power of Correlated
// Randomness in Secure Computation", TCC 2013, section 3).
#ifndef MPCC_RUNTIME_KERNELS_TABLE_H_
#define MPCC_RUNTIME_KERNELS_TABLE_H_

#include <cstdint>
#include <span>

#include "runtime/base/secure_buffer.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// A set of `rows` tables of 2^k entries over Z_2^width in lanes, each stored twice in a row, so
// that every rotation of it is one contiguous run. Zeroised when freed.
class RotatableTables {
 public:
  // From entries[rows, 2^k].
  static RotatableTables FromRows(ConstRingVector entries, int k);

  int64_t rows() const { return rows_; }
  int k() const { return k_; }
  int width() const { return width_; }

  // The entries in lanes T of this width: 2^(k+1) a row.
  template <LaneType T>
  std::span<const T> entries() const {
    return buffer_.span<T>();
  }

 private:
  int64_t rows_ = 0;
  int k_ = 0;
  int width_ = 1;
  SecureBuffer buffer_;
};

// Bits [shift, shift + k) of an index, less `below` modulo 2^k.
struct IndexWindow {
  int k, shift;
  uint64_t below = 0;
};

// Both dealers below write, for as many elements as there are masks, P2's correction
//   out = D - out mod 2^width,
// packed; `out` holds the keystream before. D[e] is one rotated table after another.
//
// Side channel: the run that is copied starts at an address that depends on the mask. The mask is
// P0's own secret and the copy runs on P0's machine only, offline; a doubled table is kept small
// enough for the first-level cache. Nobody else's secrets steer an address.

// lut: D[e, u] = table[(first + e) mod rows][(u - (mask[e] >> shift)) mod 2^k], entries per element
// 2^k. mask[e] is the element's mask, reduced in its ring.
void DealLut(const RotatableTables& tables, ConstRingVector mask, int64_t first, int shift,
             std::span<uint8_t> out);

// lut2: tables from FromRows(table, k2) of 2^k1 rows, masks over Z_2^k1 and Z_2^k2,
// D[e, ua*2^k2 + ub] = table[(ua - mask_a[e]) mod 2^k1][(ub - mask_b[e]) mod 2^k2].
void DealLut2(const RotatableTables& tables, ConstRingVector mask_a, ConstRingVector mask_b,
              std::span<uint8_t> out);

// The entries that P1 and P2 read of elements 0, 1, ... m is the opened, masked value: public, so
// it may be an index. index[e] = e * 2^k + the window of m[e], for UnpackAt.
void LutIndices(ConstRingVector m, const IndexWindow& window, std::span<uint64_t> index);
// index[e] = e * 2^(k1+k2) + ma[e] * 2^k2 + mb[e], k1 and k2 the widths of ma and mb.
void Lut2Indices(ConstRingVector ma, ConstRingVector mb, std::span<uint64_t> index);

// out = a - out mod 2^width, out packed and the keystream before: P2's correction of any dealt
// vector a, in one pass.
void SubPacked(ConstRingVector a, std::span<uint8_t> out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_TABLE_H_
