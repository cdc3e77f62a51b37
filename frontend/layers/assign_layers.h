// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_LAYERS_ASSIGN_LAYERS_H_
#define MPCC_FRONTEND_LAYERS_ASSIGN_LAYERS_H_

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Gives the location of every operation but constants its part (ir/nn/attributes.h). Parts that the
// importer has put there, a layer by the node's name or the embedding for names of no layer, hold
// if `named`, the number of layers that names tell, is at least 2 and at least as many as the
// structure shows: layers that share their weights, or have been renamed, are seen by structure
// alone. REQUIRES: MarkPublic has run.
void AssignLayers(mlir::func::FuncOp function, int64_t named);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_LAYERS_ASSIGN_LAYERS_H_
