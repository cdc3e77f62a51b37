// SPDX-License-Identifier: Apache-2.0
// Questions about nn values: constants, ranges, structure.
#include <cmath>

#include "fmt/format.h"
#include "ir/nn/functions.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_map.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"

namespace mpcc {
namespace {

std::optional<double> CommonScale(mlir::quant::QuantizedType type, int64_t channels) {
  const double first = nn::ScaleOf(type, 0);
  for (int64_t c = 1; c < channels; ++c)
    if (nn::ScaleOf(type, c) != first) return std::nullopt;
  return first;
}

// Channel index of each element along `axis`.
int64_t ChannelOf(int64_t element, llvm::ArrayRef<int64_t> shape, int64_t axis) {
  int64_t inner = 1;
  for (size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  return element / inner % shape[axis];
}

std::vector<double> Dequantize(const nn::Tensor& tensor, mlir::quant::QuantizedType type) {
  const auto axis = nn::QuantizedAxis(type);
  std::vector<double> out(tensor.size());
  for (int64_t i = 0; i < tensor.size(); ++i) {
    const int64_t c = axis ? ChannelOf(i, tensor.shape, *axis) : 0;
    out[i] = (tensor.stored()[i] - nn::ZeroPointOf(type, c)) * nn::ScaleOf(type, c);
  }
  return out;
}

}  // namespace

mlir::FailureOr<RealConstant> ReadConstant(mlir::Value value) {
  auto op = value.getDefiningOp<nn::ConstantOp>();
  if (!op) return mlir::emitError(value.getLoc(), "expected a constant parameter");
  auto tensor = nn::GetConstantTensor(op);
  if (!tensor.ok()) return op.emitOpError() << tensor.status().message().data();
  RealConstant out{{}, tensor->shape, std::nullopt};
  if (auto type = nn::QuantizedElement(value.getType())) {
    const auto axis = nn::QuantizedAxis(type);
    out.values = Dequantize(*tensor, type);
    out.step = CommonScale(type, axis ? tensor->shape[*axis] : 1);
  } else {
    out.values.assign(tensor->floats().begin(), tensor->floats().end());
  }
  return out;
}

std::vector<int64_t> InUnits(const std::vector<double>& values, double unit) {
  std::vector<int64_t> out(values.size());
  for (size_t i = 0; i < values.size(); ++i) out[i] = std::llrint(values[i] / unit);
  return out;
}

bool IsStructural(mlir::Operation* op) {
  return op && llvm::isa<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(op);
}

Chain StructuralChain(mlir::Value value) {
  Chain chain{value, {}};
  while (IsStructural(chain.base.getDefiningOp())) {
    chain.ops.insert(chain.ops.begin(), chain.base.getDefiningOp());
    chain.base = chain.base.getDefiningOp()->getOperand(0);
  }
  return chain;
}

mlir::Value ApplyStructural(Emitter& emit, mlir::Operation* op, mlir::Value share) {
  auto shape = llvm::cast<mlir::RankedTensorType>(op->getResult(0).getType()).getShape();
  emit.SetLocation(op->getLoc());
  return llvm::TypeSwitch<mlir::Operation*, mlir::Value>(op)
      .Case([&](nn::ReshapeOp) { return emit.Reshape(share, shape); })
      .Case([&](nn::TransposeOp t) { return emit.Transpose(share, t.getPerm()); })
      .Case([&](nn::SliceOp s) { return emit.Slice(share, s.getOffsets(), shape); });
}

bool IsFunction(mlir::Operation* op) { return llvm::isa_and_present<nn::UnaryOp, nn::MapOp>(op); }

mlir::FailureOr<RealFunction> FunctionOf(mlir::Operation* op) {
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op)) {
    const nn::UnaryKind kind = unary.getKind();
    if (!nn::FindSecretFunction(kind))
      return Refuse(op->getLoc(),
                    fmt::format("'{}' of a secret value", nn::stringifyUnaryKind(kind).str()),
                    nn::SecretFunctionNames(), "replace it by one of these, or by a map");
    return RealFunction([kind](double x) { return nn::ScalarUnary(kind, x); });
  }
  auto function = nn::ScalarFunction::Of(llvm::cast<nn::MapOp>(op));
  if (!function.ok()) return op->emitOpError() << std::string(function.status().message());
  return RealFunction(*std::move(function));
}

std::optional<double> Lowering::KnownRangeOf(Value real) {
  mlir::Operation* op = real.getDefiningOp();
  if (!op) return std::nullopt;
  if (auto range = op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr))
    return range.getValueAsDouble();
  return IsStructural(op) ? KnownRangeOf(op->getOperand(0)) : std::nullopt;
}

namespace {

std::optional<double> BoundOf(mlir::Operation* op) {
  auto bound = op->getAttrOfType<mlir::FloatAttr>(nn::kBoundAttr);
  return bound ? std::optional(bound.getValueAsDouble()) : std::nullopt;
}

}  // namespace

mlir::FailureOr<double> Lowering::RangeOf(Value real, const Room& room) {
  mlir::Operation* op = real.getDefiningOp();
  if (auto attribute = op ? op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr) : nullptr) {
    const double range = attribute.getValueAsDouble(), usual = range * policy_.range_margin;
    if (!op->hasAttr(nn::kGuessedAttr)) return usual * room.headroom;
    const double reach =
        std::max(usual, std::min(range * policy_.guess_margin, room.most)) * room.headroom;
    const auto bound = BoundOf(op);
    if (bound && *bound <= std::min(reach * room.spread, room.provable))
      return std::max(*bound, usual);
    guesses_.insert(op);
    return reach;
  }
  if (IsStructural(op)) return RangeOf(op->getOperand(0), room);
  return Refuse(real.getLoc(), "a real value without 'nn.range' that no quantizer bounds",
                "results of operations, whose range the model's metadata or calibrate-ranges gives",
                "run calibrate-ranges, or quantize this value where it is an input of the model");
}

void Lowering::NoteBeyond(Value real, double holds) {
  mlir::Operation* op = real.getDefiningOp();
  if (IsStructural(op)) return NoteBeyond(op->getOperand(0), holds);
  if (!op || !function_->hasAttr(nn::kGuessedScalesAttr) || !op->hasAttr(nn::kGuessedAttr)) return;
  if (BoundOf(op).value_or(Room::kUnlimited) > holds) guesses_.insert(op);
}

mlir::FailureOr<int> Lowering::RingOf(mlir::Operation* op) {
  auto ring = op->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr);
  if (!ring) return op->emitOpError("has no 'mpc.ring'; run choose-rings first");
  return static_cast<unsigned>(ring.getInt());
}

mlir::FailureOr<Quantizer> Lowering::QuantizerOf(Value operand) {
  if (auto type = nn::QuantizedElement(operand.getType())) {
    if (nn::QuantizedAxis(type))
      return Refuse(operand.getLoc(), "an activation with a scale for each channel",
                    "one scale for the whole activation", "quantize activations per tensor");
    const int64_t zero = nn::ZeroPointOf(type);
    const int bits = nn::BitWidth(type);
    const bool zero_free = bits <= policy_.table_bits;
    if (zero_free && zero != 0)
      return Refuse(operand.getLoc(),
                    fmt::format("an activation of {} bits with zero point {}", bits, zero),
                    fmt::format("zero point 0 up to {} bits", policy_.table_bits),
                    "quantize it symmetrically, or to more bits");
    return Quantizer{nn::ScaleOf(type),
                     type.getStorageTypeMin() - zero,
                     type.getStorageTypeMax() - zero,
                     bits,
                     PublicMagnitude(policy_, bits, type.isSigned()),
                     zero_free && !type.isSigned()};
  }
  auto range = RangeOf(operand, {.spread = policy_.operand_spread});
  if (mlir::failed(range)) return mlir::failure();
  // A mean is opened in the bits of its terms, which reach further and have only the headroom.
  if (auto pool = operand.getDefiningOp<nn::MeanPoolOp>()) {
    auto terms = RangeOf(pool.getInput(), {.spread = policy_.row_spread});
    if (mlir::failed(terms)) return mlir::failure();
    *range = std::max(*range, std::ldexp(*terms, -policy_.headroom_bits));
  }
  const int64_t top = int64_t{1} << (policy_.real_bits - 1);
  return Quantizer{*range / static_cast<double>(top), -top, top - 1, policy_.real_bits,
                   policy_.real_bits - 1};
}

}  // namespace mpcc
