// SPDX-License-Identifier: Apache-2.0
// What table.h must compute, written as the protocol defines it. For tests.
#ifndef MPCC_RUNTIME_KERNELS_TABLE_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_TABLE_REFERENCE_H_

#include <cstdint>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/kernels/lane.h"
#include "runtime/kernels/pack_reference.h"

namespace mpcc::kernels::reference {

// D[e, u] for e = first .. first+n.
template <LaneType L, LaneType T>
std::vector<T> LutValues(const std::vector<T>& table, int k, const std::vector<L>& mask,
                         int64_t first, int shift) {
  const auto rows = static_cast<int64_t>(table.size() >> k);
  std::vector<T> out;
  for (int64_t e = first; e < first + static_cast<int64_t>(mask.size()); ++e) {
    for (uint64_t u = 0; u < uint64_t{1} << k; ++u) {
      const uint64_t entry = Reduce(u - (uint64_t{mask[e - first]} >> shift), k);
      out.push_back(table[(e % rows << k) + entry]);
    }
  }
  return out;
}

template <LaneType LA, LaneType LB, LaneType T>
std::vector<T> Lut2Values(const std::vector<T>& table, int k1, int k2,
                          const std::vector<LA>& mask_a, const std::vector<LB>& mask_b) {
  std::vector<T> out;
  for (size_t e = 0; e < mask_a.size(); ++e) {
    for (uint64_t ua = 0; ua < uint64_t{1} << k1; ++ua) {
      for (uint64_t ub = 0; ub < uint64_t{1} << k2; ++ub) {
        out.push_back(table[(Reduce(ua - mask_a[e], k1) << k2) + Reduce(ub - mask_b[e], k2)]);
      }
    }
  }
  return out;
}

// values - keystream, packed.
template <LaneType T>
std::vector<uint8_t> Correction(std::vector<T> values, const std::vector<uint8_t>& keystream,
                                int l) {
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] =
        static_cast<T>(Reduce(values[i] - reference::ReadBits(keystream.data(), i * l, l), l));
  }
  std::vector<uint8_t> out(PackedBytes(values.size(), l));
  reference::Pack(values.data(), values.size(), l, out.data());
  return out;
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_TABLE_REFERENCE_H_
