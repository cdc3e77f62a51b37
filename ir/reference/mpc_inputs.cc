// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_inputs.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "fmt/format.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "nlohmann/json.hpp"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

using Json = nlohmann::json;

// What an argument's tensor holds.
struct Kind {
  Shape shape;
  mlir::Type element;  // null for a sharing
  int width = 0;       // of a sharing
};

Kind KindOf(mlir::Type type) {
  if (auto share = llvm::dyn_cast<mpc::ShareType>(type))
    return {share.getShape().vec(), {}, static_cast<int>(share.getWidth())};
  auto shaped = llvm::cast<mlir::ShapedType>(type);
  return {shaped.getShape().vec(), shaped.getElementType(), 0};
}

void Flatten(const Json& value, std::vector<double>& out) {
  if (value.is_array()) {
    for (const Json& element : value) Flatten(element, out);
  } else if (value.is_boolean()) {
    out.push_back(value.get<bool>());
  } else {
    out.push_back(value.get<double>());
  }
}

// 53 bits of a double are enough for what tests write by hand.
LocalTensor TensorOf(const Kind& kind, const std::vector<double>& values) {
  if (kind.element && kind.element.isF32())
    return {kind.shape, std::vector<float>(values.begin(), values.end())};
  if (kind.element && nn::IsQuantized(mlir::RankedTensorType::get(kind.shape, kind.element)))
    return {kind.shape, std::vector<int32_t>(values.begin(), values.end())};
  return {kind.shape, std::vector<int64_t>(values.begin(), values.end())};
}

absl::StatusOr<LocalTensor> FromJson(const Kind& kind, const Json& inputs,
                                     const std::string& name) {
  if (!inputs.contains(name))
    return absl::InvalidArgumentError(fmt::format("inputs have no '{}'", name));
  std::vector<double> values;
  Flatten(inputs[name], values);
  if (values.size() != ElementCount(kind.shape))
    return absl::InvalidArgumentError(fmt::format("input '{}' has {} elements, expected {}", name,
                                                  values.size(), ElementCount(kind.shape)));
  return TensorOf(kind, values);
}

// Bounds of the numbers that make sense for an argument.
std::pair<double, double> Bounds(mlir::BlockArgument argument, const Kind& kind,
                                 const RandomInputs& options) {
  if (!kind.element) {
    const double quarter = std::ldexp(1.0, std::min(kind.width, 53) - 3);
    return {-quarter, quarter};
  }
  if (kind.element.isF32()) return {-options.magnitude, options.magnitude};
  if (auto quantized = llvm::dyn_cast<mlir::quant::QuantizedType>(kind.element))
    return {quantized.getStorageTypeMin(), quantized.getStorageTypeMax()};
  for (mlir::Operation* user : argument.getUsers())
    if (auto gather = llvm::dyn_cast<nn::GatherOp>(user); gather && gather.getIds() == argument)
      return {0, KindOf(gather.getTable().getType()).shape[0] - 1};
  return {0, options.most_id};
}

}  // namespace

std::string ArgumentName(mlir::func::FuncOp function, unsigned argument) {
  auto name = function.getArgAttrOfType<mlir::StringAttr>(argument, nn::kNameAttr);
  return name ? name.getValue().str() : fmt::format("arg{}", argument);
}

absl::StatusOr<std::vector<LocalTensor>> InputsFromJson(mlir::func::FuncOp function,
                                                        const std::string& json) {
  try {
    const Json inputs = Json::parse(json);
    std::vector<LocalTensor> out;
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      MPCC_ASSIGN_OR_RETURN(LocalTensor tensor, FromJson(KindOf(function.getArgument(i).getType()),
                                                         inputs, ArgumentName(function, i)));
      out.push_back(std::move(tensor));
    }
    return out;
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(fmt::format("inputs: {}", error.what()));
  }
}

std::vector<LocalTensor> InputsFromSeed(mlir::func::FuncOp function, const RandomInputs& options) {
  std::mt19937_64 random(options.seed);
  std::vector<LocalTensor> out;
  for (mlir::BlockArgument argument : function.getArguments()) {
    const Kind kind = KindOf(argument.getType());
    const auto [low, high] = Bounds(argument, kind, options);
    const bool real = kind.element && kind.element.isF32();
    std::vector<double> values(ElementCount(kind.shape));
    for (double& x : values) {
      // One draw of 53 bits an element, so that a seed means the same everywhere.
      const double unit = std::ldexp(static_cast<double>(random() >> 11), -53);
      x = real ? low + unit * (high - low) : low + std::floor(unit * (high - low + 1));
    }
    out.push_back(TensorOf(kind, values));
  }
  return out;
}

}  // namespace mpcc::reference
