// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "ir/nn/functions.h"
#include "ir/reference/nn_eval.h"

namespace mpcc::nn {
namespace {

TEST(SecretFunctions, ImagesHoldEveryValueAndNotMuchMore) {
  constexpr double kEnds[] = {-INFINITY, -9, -1, -0.75, -0.1, 0, 0.1, 0.75, 1, 9, INFINITY};
  constexpr int kPoints = 2000;
  for (unsigned k = 0; k <= getMaxEnumValForUnaryKind(); ++k) {
    const auto kind = symbolizeUnaryKind(k);
    const SecretFunction* function = kind ? FindSecretFunction(*kind) : nullptr;
    if (!function) continue;
    for (double low : kEnds)
      for (double high : kEnds) {
        if (low > high || (low == high && std::isinf(low))) continue;
        const Interval image = function->image({low, high});
        const double from = std::max(low, -20.0), to = std::min(high, 20.0);
        for (int i = 0; i <= kPoints; ++i) {
          const double y = ScalarUnary(*kind, from + (to - from) * i / kPoints);
          EXPECT_GE(y, image.low - 1e-6) << stringifyUnaryKind(*kind).str() << low << " " << high;
          EXPECT_LE(y, image.high + 1e-6) << stringifyUnaryKind(*kind).str() << low << " " << high;
        }
      }
  }
}

TEST(SecretFunctions, AreOfOneReal) {
  EXPECT_NE(FindSecretFunction(UnaryKind::gelu), nullptr);
  for (UnaryKind kind : {UnaryKind::sin, UnaryKind::sign, UnaryKind::cast, UnaryKind::sqrt})
    EXPECT_EQ(FindSecretFunction(kind), nullptr) << stringifyUnaryKind(kind).str();
  EXPECT_EQ(SecretFunctionNames(), "gelu, gelu_tanh, relu, tanh, erf, sigmoid, abs, neg");
}

}  // namespace
}  // namespace mpcc::nn
