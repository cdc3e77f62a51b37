// SPDX-License-Identifier: Apache-2.0
// Names of a network's layers, for reports, from locations. They are public.
#ifndef MPCC_PASSES_OFFLINE_LAYERS_H_
#define MPCC_PASSES_OFFLINE_LAYERS_H_

#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

struct Layers {
  std::vector<std::string> names;                 // in order of first operation
  llvm::DenseMap<mlir::Operation*, uint32_t> of;  // index into names, for every operation
};

// The part of the network that an operation's location tells (ir/nn/attributes.h); without one that
// of the operation before, at first the embedding.
Layers LayersOf(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_LAYERS_H_
