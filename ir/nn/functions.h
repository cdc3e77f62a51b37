// SPDX-License-Identifier: Apache-2.0
// The functions of one real that the protocol computes of secret values.
#ifndef MPCC_IR_NN_FUNCTIONS_H_
#define MPCC_IR_NN_FUNCTIONS_H_

#include <string>

#include "ir/nn/nn.h"

namespace mpcc::nn {

struct Interval {
  double low, high;

  bool IsFinite() const;
};

struct SecretFunction {
  UnaryKind kind;
  // Holds f(x) for every x in `x`, whose ends may be infinite.
  Interval (*image)(Interval x);
};

// Null for other kinds.
const SecretFunction* FindSecretFunction(UnaryKind kind);

// "gelu, tanh, ..."
std::string SecretFunctionNames();

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_FUNCTIONS_H_
