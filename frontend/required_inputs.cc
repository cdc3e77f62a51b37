// SPDX-License-Identifier: Apache-2.0
#include "frontend/required_inputs.h"

#include <map>

namespace mpcc {

int RequiredInputs(const std::string& op) {
  static const std::map<std::string, int> kInputs = {{"Constant", 0},
                                                     {"Add", 2},
                                                     {"Sub", 2},
                                                     {"Mul", 2},
                                                     {"Div", 2},
                                                     {"Pow", 2},
                                                     {"Equal", 2},
                                                     {"Less", 2},
                                                     {"Greater", 2},
                                                     {"And", 2},
                                                     {"Or", 2},
                                                     {"LessOrEqual", 2},
                                                     {"GreaterOrEqual", 2},
                                                     {"Where", 3},
                                                     {"MatMul", 2},
                                                     {"Gemm", 2},
                                                     {"Reshape", 2},
                                                     {"Expand", 2},
                                                     {"Gather", 2},
                                                     {"Range", 3},
                                                     {"CumSum", 2},
                                                     {"PRelu", 2},
                                                     {"Mod", 2},
                                                     {"Xor", 2},
                                                     {"CastLike", 2},
                                                     {"Tile", 2},
                                                     {"GatherND", 2},
                                                     {"GatherElements", 2},
                                                     {"ScatterND", 3},
                                                     {"ScatterElements", 3},
                                                     {"OneHot", 3},
                                                     {"LayerNormalization", 2},
                                                     {"SkipLayerNormalization", 3},
                                                     {"QuantizeLinear", 2},
                                                     {"DequantizeLinear", 2},
                                                     {"Quant", 4},
                                                     {"BipolarQuant", 2}};
  auto row = kInputs.find(op);
  return row == kInputs.end() ? 1 : row->second;
}

}  // namespace mpcc
