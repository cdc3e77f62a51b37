// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/functions.h"

#include <algorithm>
#include <cmath>

namespace mpcc::nn {
namespace {

constexpr double kGeluDip = 0.1701;  // no value of either form is further below zero

Interval OfGelu(Interval x) {
  return {std::max(std::min(x.low, 0.0), -kGeluDip), std::max(x.high, 0.0)};
}

// Between 0 and `slope` times x, and at most 1.
Interval OfSigmoidal(Interval x, double slope) {
  return {std::max(slope * std::min(x.low, 0.0), -1.0),
          std::min(slope * std::max(x.high, 0.0), 1.0)};
}

constexpr SecretFunction kFunctions[] = {
    {UnaryKind::gelu, OfGelu},
    {UnaryKind::gelu_tanh, OfGelu},
    {UnaryKind::relu,
     [](Interval x) {
       return Interval{std::max(x.low, 0.0), std::max(x.high, 0.0)};
     }},
    {UnaryKind::tanh, [](Interval x) { return OfSigmoidal(x, 1); }},
    {UnaryKind::erf, [](Interval x) { return OfSigmoidal(x, 1.13); }},
    {UnaryKind::sigmoid,
     [](Interval) {
       return Interval{0, 1};
     }},
    {UnaryKind::abs,
     [](Interval x) {
       return Interval{0, std::max(std::abs(x.low), std::abs(x.high))};
     }},
    {UnaryKind::neg,
     [](Interval x) {
       return Interval{-x.high, -x.low};
     }},
};

}  // namespace

bool Interval::IsFinite() const { return std::isfinite(low) && std::isfinite(high); }

const SecretFunction* FindSecretFunction(UnaryKind kind) {
  for (const SecretFunction& function : kFunctions)
    if (function.kind == kind) return &function;
  return nullptr;
}

std::string SecretFunctionNames() {
  std::string names;
  for (const SecretFunction& function : kFunctions)
    names += (names.empty() ? "" : ", ") + stringifyUnaryKind(function.kind).str();
  return names;
}

}  // namespace mpcc::nn
