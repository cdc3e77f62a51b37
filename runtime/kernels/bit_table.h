// SPDX-License-Identifier: Apache-2.0
// Tables whose entries are bits, as one-time truth tables (table.h): they lie packed, so that a
// rotated one is a run of bytes, and a correction is an exclusive or.
#ifndef MPCC_RUNTIME_KERNELS_BIT_TABLE_H_
#define MPCC_RUNTIME_KERNELS_BIT_TABLE_H_

#include <cstdint>
#include <span>

#include "runtime/base/bit_vector.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// log2 of the entries of a table: it has whole bytes.
inline constexpr int kLeastBitTable = 3;

// A set of tables of 2^k entries over Z_2, as RotatableTables. Zeroised when freed.
class BitTables {
 public:
  // From entries[rows, 2^k]. REQUIRES: k >= kLeastBitTable.
  BitTables(ConstRingVector entries, int k);

  // DealLut of table.h, with its side channel: D[e, u] = table[(first + e) mod rows][(u - (mask[e]
  // >> shift)) mod 2^k], and `out`, the keystream before, becomes D - out.
  void Deal(ConstRingVector mask, int64_t first, int shift, std::span<uint8_t> out) const;

 private:
  int64_t rows_;
  int k_;
  // Of each row eight times the table twice in a row, beginning at bits 0 to 7, so that every
  // rotation begins on a byte of one of them.
  SecureBuffer copies_;
};

// out[i] = bit index[i] of element i, of 2^k bits each. The index is an address: it must be public.
// REQUIRES: k >= kLeastBitTable.
void ReadBitTables(std::span<const uint8_t> packed, int k, std::span<const uint16_t> index,
                   BitVector out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_BIT_TABLE_H_
