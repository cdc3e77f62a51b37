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

// A set of `rows` tables of 2^k entries over Z_2^l in lanes T, each stored twice in a row, so that
// every rotation of it is one contiguous run. Zeroised when freed.
template <LaneType T>
class RotatableTables {
 public:
  // From entries[rows, 2^k], for `lut`.
  static RotatableTables FromRows(const T* entries, int64_t rows, int k);
  // From F[2^k + 2^j], for `exp`: one row of 2^(k-j) entries for each value of the mask's low j
  // bits.
  static RotatableTables FromExp(const T* f, int k, int j);

  int64_t rows() const { return rows_; }
  int k() const { return k_; }
  // Entries u = 0 .. 2^k of row[(u - rotation) mod 2^k]. rotation < 2^k.
  const T* Rotated(int64_t row, uint64_t rotation) const {
    const int64_t size = int64_t{1} << k_;
    return reinterpret_cast<const T*>(buffer_.data()) + (row * 2 + 1) * size - rotation;
  }

 private:
  int64_t rows_ = 0;
  int k_ = 0;
  SecureBuffer buffer_;
};

// The three dealers below write, for elements e = first .. first+n, P2's correction
//   out = D - keystream mod 2^l,
// both packed with l bits an entry; D[e] is one rotated table after another. `keystream` and `out`
// point at the first entry of element `first`; out may be exactly keystream (in place).
// REQUIRES: first * entries-per-element * l is a multiple of 8 (first a multiple of 8 always does).
//
// Side channel: the run that is copied starts at an address that depends on the mask. The mask is
// P0's own secret and the copy runs on P0's machine only, offline; a doubled table is kept small
// enough for the first-level cache. Nobody else's secrets steer an address.

// lut: D[e, u] = table[e mod rows][(u - (mask[e] >> shift)) mod 2^k], entries per element 2^k.
// mask[e - first] is the element's mask, reduced in its ring.
template <LaneType L, LaneType T>
void DealLut(const RotatableTables<T>& tables, const L* mask, int64_t first, int64_t n, int shift,
             int l, const uint8_t* keystream, uint8_t* out);

// exp with j low bits: tables from FromExp(f, k, j), D[e, mh] = F[mh*2^j - mask[e] + 2^j] as the
// protocol defines it; entries per element 2^(k-j) = 2^tables.k().
template <LaneType L, LaneType T>
void DealExp(const RotatableTables<T>& tables, const L* mask, int64_t first, int64_t n, int j,
             int l, const uint8_t* keystream, uint8_t* out);

// lut2: tables from FromRows(table, 2^k1, k2),
// D[e, ua*2^k2 + ub] = table[(ua - mask_a[e]) mod 2^k1][(ub - mask_b[e]) mod 2^k2].
template <LaneType LA, LaneType LB, LaneType T>
void DealLut2(const RotatableTables<T>& tables, const LA* mask_a, const LB* mask_b, int64_t first,
              int64_t n, int l, const uint8_t* keystream, uint8_t* out);

// The entries that P1 and P2 read. m is the opened, masked value: public, so it may be an index.
// index[e - first] = e * 2^k + ((m[e - first] >> shift) mod 2^k), for UnpackAt.
template <LaneType L>
void LutIndices(const L* m, int64_t first, int64_t n, int shift, int k, uint64_t* index);
// index = e * 2^(k1+k2) + ma * 2^k2 + mb.
template <LaneType LA, LaneType LB>
void Lut2Indices(const LA* ma, const LB* mb, int64_t first, int64_t n, int k1, int k2,
                 uint64_t* index);

// out[i] = table[m[i] mod 2^j]: a public table at opened, public indices (G of `exp`).
template <LaneType L, LaneType T>
void Gather(const T* table, const L* m, int64_t n, int j, T* out);

// out = a - b mod 2^l, a in lanes, b and out packed, n elements: P2's correction of any dealt
// vector a with keystream b, in one pass. out may be exactly b.
template <LaneType T>
void SubPacked(const T* a, const uint8_t* b, int64_t n, int l, uint8_t* out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_TABLE_H_
