// SPDX-License-Identifier: Apache-2.0
// QuantizeLinear and DequantizeLinear of ONNX and com.microsoft; Quant and BipolarQuant of QONNX.
#include <cmath>

#include "fmt/format.h"
#include "frontend/node_context.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

using mlir::quant::QuantizedType;
using mlir::quant::UniformQuantizedPerAxisType;
using mlir::quant::UniformQuantizedType;

// Everything a quantized type is made of.
struct Spec {
  std::vector<double> scales;
  std::vector<int64_t> zero_points;
  std::optional<int64_t> axis;
  int storage_bits = 8;
  bool is_signed = true;
  int64_t min = 0, max = 0;
};

QuantizedType MakeType(mlir::MLIRContext* context, const Spec& spec) {
  auto storage = mlir::IntegerType::get(context, spec.storage_bits);
  auto real = mlir::Float32Type::get(context);
  const unsigned flags = spec.is_signed ? mlir::quant::QuantizationFlags::Signed : 0;
  if (!spec.axis)
    return UniformQuantizedType::get(flags, storage, real, spec.scales[0], spec.zero_points[0],
                                     spec.min, spec.max);
  return UniformQuantizedPerAxisType::get(flags, storage, real, spec.scales, spec.zero_points,
                                          static_cast<int32_t>(*spec.axis), spec.min, spec.max);
}

// The ONNX integer types that can be quantized values; containers below 8 bits keep their bounds in
// 8 bits.
mlir::LogicalResult SetStorage(NodeContext& node, int data_type, Spec& spec) {
  const ElementInfo* element = FindElement(data_type);
  const bool fits = element && element->cls == ElementClass::kInt && element->bits <= 32 &&
                    !(element->bits == 32 && !element->is_signed);
  if (!fits)
    return node.Fail(ElementName(data_type), "int2 to int32 or uint2 to uint16",
                     "quantize to integers");
  spec.storage_bits = std::max(8, element->bits);
  spec.is_signed = element->is_signed;
  spec.min = element->is_signed ? -(int64_t{1} << (element->bits - 1)) : 0;
  spec.max = (int64_t{1} << (element->bits - (element->is_signed ? 1 : 0))) - 1;
  return mlir::success();
}

mlir::LogicalResult CheckScales(NodeContext& node, const Spec& spec) {
  for (double scale : spec.scales) {
    if (std::isfinite(scale) && scale > 0) continue;
    return node.Fail(fmt::format("scale {}", scale), "finite positive scales",
                     "calibrate the quantizer again");
  }
  for (int64_t zero : spec.zero_points) {
    if (zero >= spec.min && zero <= spec.max) continue;
    return node.Fail(fmt::format("zero point {}", zero),
                     fmt::format("{} to {}", spec.min, spec.max), "calibrate the quantizer again");
  }
  return mlir::success();
}

// Scale and zero point (inputs 1 and 2), per tensor or along `axis` of a value of `shape`.
mlir::LogicalResult ReadScales(NodeContext& node, const Shape& shape, Spec& spec) {
  auto scale = node.Constant(1), zero = node.Constant(2);
  if (!scale || !scale->is_float() || (node.HasInput(2) && (!zero || !zero->is_int())))
    return node.Fail(
        "a scale or zero point that is computed", "constants",
        "quantize statically: dynamic quantization has scales that depend on the data");
  if (node.Int("block_size", 0) != 0)
    return node.Fail("blocked quantization", "one scale per tensor or per channel",
                     "quantize per channel");
  spec.scales.assign(scale->floats().begin(), scale->floats().end());
  spec.zero_points.assign(spec.scales.size(), 0);
  if (zero && zero->size() != scale->size())
    return node.Fail("scale and zero point of different sizes", "one zero point for each scale",
                     kInvalidFile);
  if (zero) spec.zero_points = zero->ints();
  if (scale->size() == 1) return CheckScales(node, spec);
  auto axis = NormalizeAxis(node.Int("axis", 1), static_cast<int64_t>(shape.size()));
  if (!axis || scale->shape.size() != 1 || shape[*axis] != scale->size())
    return node.Fail(
        fmt::format("scales of shape {} for {}", ShapeText(scale->shape), ShapeText(shape)),
        "one scale for each index of the axis", "quantize per tensor or per channel");
  spec.axis = axis;
  return CheckScales(node, spec);
}

mlir::LogicalResult ImportQuantize(NodeContext& node) {
  mlir::Value x = node.Input(0);
  if (!ElementOf(x).isF32())
    return node.Fail("an operand that is not float", "float", kInvalidFile);
  Spec spec;
  const auto* zero = node.RawConstant(2);
  if (node.HasInput(2) && !zero)
    return node.Fail("a computed zero point", "an initializer, whose type is that of the result",
                     "fold constants when exporting");
  const int64_t precision = node.Int("precision", 0), named = node.Int("output_dtype", 0);
  if (precision != 0 && precision != onnx::TensorProto::FLOAT)
    return node.Fail("a division in " + ElementName(static_cast<int>(precision)),
                     "a division in float", "leave out the attribute 'precision'");
  const int64_t unsaid = named ? named : int64_t{onnx::TensorProto::UINT8};
  const int64_t type = zero ? zero->data_type() : unsaid;
  if (failed(SetStorage(node, static_cast<int>(type), spec)) ||
      failed(ReadScales(node, ShapeOf(x), spec)))
    return mlir::failure();
  auto element = MakeType(node.builder().getContext(), spec);
  node.SetOutput(0, node.Emit<nn::QuantizeOp>(mlir::RankedTensorType::get(ShapeOf(x), element), x));
  return mlir::success();
}

bool SameQuantization(QuantizedType a, QuantizedType b) {
  if (nn::QuantizedAxis(a) != nn::QuantizedAxis(b)) return false;
  if (nn::QuantizedAxis(a)) {
    auto pa = mlir::cast<UniformQuantizedPerAxisType>(a),
         pb = mlir::cast<UniformQuantizedPerAxisType>(b);
    return pa.getScales() == pb.getScales() && pa.getZeroPoints() == pb.getZeroPoints();
  }
  return nn::ScaleOf(a) == nn::ScaleOf(b) && nn::ZeroPointOf(a) == nn::ZeroPointOf(b);
}

mlir::Value EmitStored(NodeContext& node, const nn::Tensor& ints, QuantizedType type) {
  nn::Tensor stored{ints.shape, nn::Tensor::Stored(ints.ints().begin(), ints.ints().end())};
  return node.EmitConstant(stored, type);
}

mlir::Value EmitDequantize(NodeContext& node, mlir::Value quantized) {
  auto type = mlir::RankedTensorType::get(ShapeOf(quantized), node.builder().getF32Type());
  return node.Emit<nn::DequantizeOp>(type, quantized);
}

// Integers that are no quantizer's result but come from inputs.
mlir::LogicalResult DequantizeIntegers(NodeContext& node) {
  mlir::Value x = node.Input(0);
  Spec spec;
  spec.min = INT32_MIN, spec.max = INT32_MAX;
  if (failed(ReadScales(node, ShapeOf(x), spec))) return mlir::failure();
  const auto count = static_cast<int64_t>(spec.scales.size());
  mlir::Value scale = node.EmitConstant(
      nn::Tensor{{count}, nn::Tensor::Floats(spec.scales.begin(), spec.scales.end())});
  mlir::Value zero = node.EmitConstant(
      nn::Tensor{{count}, nn::Tensor::Ints(spec.zero_points.begin(), spec.zero_points.end())});
  mlir::Value real = node.Plain("dequantize", {x, scale, zero}, spec.axis.value_or(0));
  if (!real) return mlir::failure();
  node.SetOutput(0, real);
  return mlir::success();
}

mlir::LogicalResult ImportDequantize(NodeContext& node) {
  Spec spec;
  auto constant = node.Constant(0);
  const bool integers = constant && constant->is_int();
  const onnx::TensorProto* typed = node.HasInput(2) ? node.RawConstant(2) : node.RawConstant(0);
  Shape shape = integers ? constant->shape : ShapeOf(node.Input(0));
  auto have = integers ? QuantizedType() : nn::QuantizedElement(node.Input(0).getType());
  if (!integers && !have && ElementOf(node.Input(0)).isInteger(64)) return DequantizeIntegers(node);
  if (!integers && !have)
    return node.Fail("an operand that is not quantized",
                     "the result of QuantizeLinear or an initializer", "quantize statically");
  if (integers && !typed)
    return node.Fail("integers of unknown width", "an initializer or a zero point",
                     "add a zero point");
  if (integers && failed(SetStorage(node, typed->data_type(), spec))) return mlir::failure();
  if (have) {
    spec.storage_bits = static_cast<int>(have.getStorageTypeIntegralWidth());
    spec.is_signed = have.isSigned();
    spec.min = have.getStorageTypeMin(), spec.max = have.getStorageTypeMax();
  }
  if (failed(ReadScales(node, shape, spec))) return mlir::failure();
  if (integers) {
    auto type = MakeType(node.builder().getContext(), spec);
    node.SetOutput(0, EmitDequantize(node, EmitStored(node, *constant, type)));
    return mlir::success();
  }
  if (!SameQuantization(have, MakeType(node.builder().getContext(), spec)))
    return node.Fail("a scale or zero point other than that of QuantizeLinear",
                     "the same parameters in both", "use one scale and zero point for the pair");
  node.SetOutput(0, EmitDequantize(node, node.Input(0)));
  return mlir::success();
}

// The integers of QONNX's float zero points; nothing, with a problem, if one is no integer.
std::optional<std::vector<int64_t>> WholeZeroPoints(NodeContext& node,
                                                    const nn::Tensor::Floats& zeros) {
  constexpr double kRounding = 1e-6;
  std::vector<int64_t> whole;
  for (const double zero : zeros) {
    if (!(std::fabs(zero - std::round(zero)) <= kRounding && std::fabs(zero) <= (1 << 16))) {
      (void)node.Fail(fmt::format("zero point {:g}", zero), "whole zero points of at most 16 bits",
                      "quantize symmetrically, or round the zero points before the export");
      return std::nullopt;
    }
    whole.push_back(std::llround(zero));
  }
  return whole;
}

// QONNX gives per-channel scales the rank of x, with one extent that is not 1.
mlir::LogicalResult ReadQonnxScales(NodeContext& node, const Shape& shape, Spec& spec) {
  auto scale = node.Constant(1);
  if (!scale || !scale->is_float())
    return node.Fail("a computed scale", "a constant scale", "quantize statically");
  spec.scales.assign(scale->floats().begin(), scale->floats().end());
  spec.zero_points.assign(spec.scales.size(), 0);
  auto zero = node.Constant(2);
  if (node.HasInput(2) &&
      (!zero || !zero->is_float() || (zero->size() != 1 && zero->size() != scale->size())))
    return node.Fail("a zero point that does not fit the scale", "one float for each scale",
                     "quantize statically");
  if (zero) {
    const auto whole = WholeZeroPoints(node, zero->floats());
    if (!whole) return mlir::failure();
    for (size_t i = 0; i < spec.scales.size(); ++i)
      spec.zero_points[i] = (*whole)[zero->size() == 1 ? 0 : i];
  }
  if (scale->size() == 1) return CheckScales(node, spec);
  const size_t lead = shape.size() - std::min(shape.size(), scale->shape.size());
  for (size_t d = 0; d < scale->shape.size(); ++d)
    if (scale->shape[d] == scale->size() && lead + d < shape.size() &&
        shape[lead + d] == scale->size())
      spec.axis = static_cast<int64_t>(lead + d);
  if (!spec.axis)
    return node.Fail("scales along several axes", "one scale per tensor or channel", "requantize");
  return CheckScales(node, spec);
}

// Quant(x, scale, zero point, bit width) of QONNX, on values or parameters.
mlir::LogicalResult ImportQuant(NodeContext& node) {
  auto width = node.Constant(3);
  const double bits = width && width->is_float() && width->size() == 1 ? width->floats()[0] : 0;
  const std::string mode = node.String("rounding_mode", "ROUND");
  if (bits < (node.Int("narrow", 0) != 0 ? 2 : 1) || bits > 16 || bits != std::floor(bits) ||
      (mode != "ROUND" && mode != "round"))
    return node.Fail(fmt::format("bit width {} and rounding {}", bits, mode), "1 to 16 bits, ROUND",
                     "requantize");
  Spec spec;
  spec.is_signed = node.Int("signed", 1) != 0;
  spec.storage_bits = bits <= 8 ? 8 : 16;
  const int64_t narrow = node.Int("narrow", 0) != 0, range = int64_t{1} << static_cast<int>(bits);
  spec.min = spec.is_signed ? -range / 2 + narrow : 0;
  spec.max = spec.is_signed ? range / 2 - 1 : range - 1 - narrow;
  if (failed(ReadQonnxScales(node, ShapeOf(node.Input(0)), spec))) return mlir::failure();
  auto type = mlir::RankedTensorType::get(ShapeOf(node.Input(0)),
                                          MakeType(node.builder().getContext(), spec));
  node.SetOutput(0, EmitDequantize(node, node.Emit<nn::QuantizeOp>(type, node.Input(0))));
  return mlir::success();
}

// BipolarQuant(x, scale): +scale where x >= 0, else -scale; mpcc takes it on parameters.
mlir::LogicalResult ImportBipolarQuant(NodeContext& node) {
  auto weights = node.Constant(0);
  if (!weights || !weights->is_float())
    return node.Fail("a computed operand", "a weight",
                     "quantize activations with Quant or QuantizeLinear");
  Spec spec;
  spec.min = -1, spec.max = 1;
  if (failed(ReadQonnxScales(node, weights->shape, spec))) return mlir::failure();
  nn::Tensor signs{weights->shape, nn::Tensor::Ints()};
  for (float x : weights->floats())
    std::get<nn::Tensor::Ints>(signs.data).push_back(x >= 0 ? 1 : -1);
  node.SetOutput(0, EmitDequantize(node, EmitStored(node, signs,
                                                    MakeType(node.builder().getContext(), spec))));
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"QuantizeLinear", ImportQuantize},
    {"DequantizeLinear", ImportDequantize},
    {"Quant", ImportQuant},
    {"BipolarQuant", ImportBipolarQuant},
};

}  // namespace

llvm::ArrayRef<ImportRow> QuantizeImporters() { return kRows; }

}  // namespace mpcc
