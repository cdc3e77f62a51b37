// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"

#include <algorithm>

namespace mpcc::nn {

using mlir::cast;
using mlir::dyn_cast;
using mlir::quant::QuantizedType;
using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

QuantizedType QuantizedElement(mlir::Type type) {
  if (auto shaped = dyn_cast<mlir::ShapedType>(type)) type = shaped.getElementType();
  return dyn_cast<QuantizedType>(type);
}

bool IsQuantized(mlir::Type type) { return static_cast<bool>(QuantizedElement(type)); }

double ScaleOf(QuantizedType type, int64_t channel) {
  if (auto per_axis = dyn_cast<UniformQuantizedPerAxisType>(type))
    return per_axis.getScales()[channel];
  return cast<UniformQuantizedType>(type).getScale();
}

int64_t ZeroPointOf(QuantizedType type, int64_t channel) {
  if (auto per_axis = dyn_cast<UniformQuantizedPerAxisType>(type))
    return per_axis.getZeroPoints()[channel];
  return cast<UniformQuantizedType>(type).getZeroPoint();
}

std::optional<int64_t> QuantizedAxis(QuantizedType type) {
  if (auto per_axis = dyn_cast<UniformQuantizedPerAxisType>(type))
    return per_axis.getQuantizedDimension();
  return std::nullopt;
}

int BitWidth(QuantizedType type) {
  int64_t min = type.getStorageTypeMin(), max = type.getStorageTypeMax();
  if (min == -1 && max == 1) return 1;
  int bits = 1;
  if (min >= 0) {
    while ((int64_t{1} << bits) <= max) ++bits;
  } else {
    while (-(int64_t{1} << (bits - 1)) > min || (int64_t{1} << (bits - 1)) <= max) ++bits;
  }
  return bits;
}

namespace {

QuantizedType Rebuild(QuantizedType type, double factor, int64_t min, int64_t max,
                      std::optional<int64_t> axis) {
  if (auto per_axis = dyn_cast<UniformQuantizedPerAxisType>(type)) {
    llvm::SmallVector<double> scales(per_axis.getScales());
    for (double& scale : scales) scale *= factor;
    return UniformQuantizedPerAxisType::get(
        type.getFlags(), type.getStorageType(), type.getExpressedType(), scales,
        per_axis.getZeroPoints(), axis ? *axis : per_axis.getQuantizedDimension(), min, max);
  }
  auto uniform = cast<UniformQuantizedType>(type);
  return UniformQuantizedType::get(type.getFlags(), type.getStorageType(), type.getExpressedType(),
                                   uniform.getScale() * factor, uniform.getZeroPoint(), min, max);
}

}  // namespace

QuantizedType WithBounds(QuantizedType type, int64_t min, int64_t max) {
  return Rebuild(type, 1.0, min, max, std::nullopt);
}

QuantizedType WithAxis(QuantizedType type, int64_t axis) {
  return Rebuild(type, 1.0, type.getStorageTypeMin(), type.getStorageTypeMax(), axis);
}

QuantizedType Rescaled(QuantizedType type, double factor, int64_t min, int64_t max) {
  return Rebuild(type, factor, min, max, std::nullopt);
}

std::string NodeName(mlir::Location loc) {
  if (auto named = llvm::dyn_cast<mlir::NameLoc>(loc)) return named.getName().str();
  if (auto fused = llvm::dyn_cast<mlir::FusedLoc>(loc))
    for (mlir::Location part : fused.getLocations())
      if (std::string name = NodeName(part); !name.empty()) return name;
  return "";
}

std::optional<llvm::SmallVector<int64_t>> BroadcastShapes(llvm::ArrayRef<int64_t> a,
                                                          llvm::ArrayRef<int64_t> b) {
  llvm::SmallVector<int64_t> result(std::max(a.size(), b.size()));
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t da = i < a.size() ? a[a.size() - 1 - i] : 1;
    int64_t db = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (da != db && da != 1 && db != 1) return std::nullopt;
    result[result.size() - 1 - i] = da == 1 ? db : da;
  }
  return result;
}

}  // namespace mpcc::nn
