// SPDX-License-Identifier: Apache-2.0
// What a value of the mpc dialect holds while a program is interpreted.
#ifndef MPCC_IR_REFERENCE_MPC_VALUE_H_
#define MPCC_IR_REFERENCE_MPC_VALUE_H_

#include <cstdint>
#include <variant>
#include <vector>

#include "ir/mpc/mpc.h"
#include "ir/reference/mpc_tensor.h"
#include "ir/reference/tensor.h"

namespace mpcc::reference {

// Of a share.
inline int WidthOf(mlir::Value share) { return static_cast<int>(mpc::Share(share).getWidth()); }
inline ShapeRef ShapeOf(mlir::Value share) { return mpc::Share(share).getShape(); }

using Ring = std::vector<uint64_t>;  // elements of some Z_2^l, reduced
using Int128 = __int128;             // a value before reduction; see IdealTensor

// The components of a sharing, one per holder of a piece:
//   add {a1, a2}, x = a1 + a2    rss {m, L1, L2}, x = m - L1 - L2    mask {L1, L2}    private {x}
struct Components {
  mpc::ShareKind kind;
  Shape shape;
  int width;
  std::vector<Ring> parts;
};

// The ring elements that the components stand for; of a mask, L1 + L2.
Ring Reconstruct(const Components& components);

// Integers mod 2^width that no ring has reduced yet: each is congruent to the ring element, and
// equal to its representative as long as nothing wrapped.
struct IdealTensor {
  Shape shape;
  int width;
  std::vector<Int128> values;
};

// Plaintext at P1: floats, or integers of any type as int64.
using LocalTensor = nn::Tensor;

using Wire = std::variant<LocalTensor, Components, IdealTensor>;

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_VALUE_H_
