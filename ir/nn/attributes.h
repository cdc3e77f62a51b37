// SPDX-License-Identifier: Apache-2.0
// What locations tell about the node that an operation comes from.
#ifndef MPCC_IR_NN_ATTRIBUTES_H_
#define MPCC_IR_NN_ATTRIBUTES_H_

#include <string>

#include "ir/nn/nn.h"
#include "mlir/IR/Location.h"

#define GET_ATTRDEF_CLASSES
#include "ir/nn/nn_attributes.h.inc"

namespace mpcc::nn {

// The first node that a location tells of, and the first with a part; null for none.
NodeAttr NodeOf(mlir::Location location);
PartAttr PartOf(mlir::Location location);

// The location with the part in its first node; one of no node gets a node without an operator.
mlir::Location WithPart(mlir::Location location, PartAttr part);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_ATTRIBUTES_H_
