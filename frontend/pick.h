// SPDX-License-Identifier: Apache-2.0
// Elements that constants name, as slices that are joined: so secrets are moved.
#ifndef MPCC_FRONTEND_PICK_H_
#define MPCC_FRONTEND_PICK_H_

#include "frontend/node_context.h"

namespace mpcc {

// x from the offsets on, in that shape.
mlir::Value EmitSlice(NodeContext& node, mlir::Value x, const Shape& offsets, const Shape& shape);

// Whether Pick takes them: indices of reals that are no weight, in few runs of neighbours.
bool CanPick(mlir::Value x, const Shape& indices);

// x with the indices along an axis. REQUIRES: CanPick, and they lie in x.
mlir::Value Pick(NodeContext& node, mlir::Value x, int64_t axis, const Shape& indices);

// What a Slice with steps takes, by axis; null if Pick does not take that.
mlir::Value PickSteps(NodeContext& node, mlir::Value x, const Shape& offsets, const Shape& strides,
                      const Shape& shape);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_PICK_H_
