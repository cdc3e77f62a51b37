// SPDX-License-Identifier: Apache-2.0
// What inferences cost.
#ifndef MPCC_COST_H_
#define MPCC_COST_H_

#include <cstdint>

#include "mpcc/export.h"

namespace mpcc {

// Totals. Bytes are payload: framing and TLS are not counted.
struct MPCC_EXPORT Cost {
  uint64_t rounds = 0;
  uint64_t messages_p1_to_p2 = 0;
  uint64_t messages_p2_to_p1 = 0;
  uint64_t bytes_p1_to_p2 = 0;
  uint64_t bytes_p2_to_p1 = 0;
  uint64_t material_bytes = 0;  // P0 to P2, per inference
  uint64_t setup_bytes = 0;     // P0 to P2, once

  Cost& operator+=(const Cost& other);
  bool operator==(const Cost&) const = default;
};

}  // namespace mpcc

#endif  // MPCC_COST_H_
