// SPDX-License-Identifier: Apache-2.0
// Layers by the structure of a network, whatever its nodes are called.
#ifndef MPCC_FRONTEND_LAYERS_LAYER_STRUCTURE_H_
#define MPCC_FRONTEND_LAYERS_LAYER_STRUCTURE_H_

#include "ir/nn/attributes.h"
#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

struct LayerStructure {
  int64_t count = 0;
  llvm::DenseMap<mlir::Operation*, nn::PartAttr> parts;  // of all operations but constants
};

// The residual stream is what every path to the last result goes through: the dominators of that
// result among secret values. A layer begins at the last value of the stream before a softmax, and
// ends where the next one begins; the last one at the end of its last block with a product, and of
// what follows on the stream without a product or another shape (a normalization). What P1 computes
// is the embedding, and so is what comes before the first layer; what comes after the last one is
// the head. REQUIRES: MarkPublic has run.
LayerStructure FindLayers(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_LAYERS_LAYER_STRUCTURE_H_
