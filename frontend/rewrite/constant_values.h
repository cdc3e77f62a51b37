// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_REWRITE_CONSTANT_VALUES_H_
#define MPCC_FRONTEND_REWRITE_CONSTANT_VALUES_H_

#include <optional>
#include <string>

#include "ir/reference/tensor.h"

namespace mpcc {

class GraphRewriter;

// The value of a tensor that depends on initializers alone, through the few operators with which
// exporters and quantizers arrange weights and scales; nothing for others.
std::optional<nn::Tensor> ConstantValue(const GraphRewriter& graph, const std::string& tensor);

// Whether there is one, by the operators alone.
bool IsConstantValue(const GraphRewriter& graph, const std::string& tensor);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_REWRITE_CONSTANT_VALUES_H_
