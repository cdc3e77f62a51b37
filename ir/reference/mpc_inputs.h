// SPDX-License-Identifier: Apache-2.0
// Tensors for the arguments of a function: from JSON, or from a seed.
#ifndef MPCC_IR_REFERENCE_MPC_INPUTS_H_
#define MPCC_IR_REFERENCE_MPC_INPUTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/reference/mpc_value.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::reference {

// The name of an argument in inputs: its `nn.name`, else "arg<number>".
std::string ArgumentName(mlir::func::FuncOp function, unsigned argument);

// `json` is an object from argument names to arrays, nested or flat; every argument has its member.
// INVALID_ARGUMENT for text that is no such object, and for arrays of another size or element type.
absl::StatusOr<std::vector<LocalTensor>> InputsFromJson(mlir::func::FuncOp function,
                                                        const std::string& json);

// Reals in [-magnitude, magnitude], sharings of integers in a quarter of the signed range of their
// ring, quantized integers within their storage bounds, ids of an nn.gather among the rows of its
// table, other integers (masks) in [0, most_id].
struct RandomInputs {
  uint64_t seed = 0;
  double magnitude = 1;
  int64_t most_id = 1;
};
std::vector<LocalTensor> InputsFromSeed(mlir::func::FuncOp function, const RandomInputs& options);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_INPUTS_H_
