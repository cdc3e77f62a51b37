// SPDX-License-Identifier: Apache-2.0
// Names of a network's layers, for reports, from the ONNX node names in locations. Node names are
// public.
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

// `layer.N` for an operation whose location names a node such as
// "/encoder/layer.3/attention/MatMul"; other operations belong to "embedding" before the first such
// layer, to "head" if they have a node name of their own after it, and without a name to the layer
// of the operation before.
Layers LayersOf(mlir::func::FuncOp function);

// N of a node name with a scope "layer.N" or "layers.N" (also with '_' or '/'); -1 if it has none.
int LayerNumber(llvm::StringRef node_name);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_LAYERS_H_
