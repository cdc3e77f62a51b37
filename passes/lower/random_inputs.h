// SPDX-License-Identifier: Apache-2.0
// Inputs for a network of which only the graph is known.
#ifndef MPCC_PASSES_LOWER_RANDOM_INPUTS_H_
#define MPCC_PASSES_LOWER_RANDOM_INPUTS_H_

#include <cstdint>
#include <vector>

#include "ir/reference/tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Sample `number` of a function, the same for a seed each time: texts of all lengths that fit, the
// first of full length, all of them where the function is of exact length. Ids are drawn from the
// table that they index, between the usual first and last tokens ([CLS] 101 and [SEP] 102 of BERT,
// or <s> 0 and </s> 2 of RoBERTa, in turn: the file does not tell which), then padded; masks are
// ones then zeros, types one or two segments, positions count from 0. Other integers are 1, other
// numbers standard normal.
std::vector<nn::Tensor> RandomInputs(mlir::func::FuncOp function, unsigned number, unsigned seed);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_RANDOM_INPUTS_H_
