// SPDX-License-Identifier: Apache-2.0
// Ranges, guesses and quantizers of values that are read.
#include <algorithm>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/analysis/sign.h"
#include "passes/lower/demands.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"
#include "passes/policy/widths.h"

namespace mpcc {

std::optional<double> Demands::KnownRangeOf(Value real) {
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

// The largest magnitude that the quantizer lets through whose steps a real is.
double EndsBehind(const LoweringPolicy& policy, mlir::Value real) {
  auto quantize = StepsBehind(policy, real);
  if (!quantize) return Room::kUnlimited;
  auto type = nn::QuantizedElement(quantize.getType());
  const int64_t zero = nn::ZeroPointOf(type);
  const auto steps = std::max(zero - type.getStorageTypeMin(), type.getStorageTypeMax() - zero);
  return nn::ScaleOf(type) * static_cast<double>(steps);
}

}  // namespace

mlir::FailureOr<double> Demands::RangeOf(Value real, const Room& room) {
  mlir::Operation* op = real.getDefiningOp();
  if (auto attribute = op ? op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr) : nullptr) {
    const double range = attribute.getValueAsDouble(), usual = range * policy_.range_margin;
    const double ends = EndsBehind(policy_, real);
    const bool guessed = op->hasAttr(nn::kGuessedAttr);
    const double guess = std::max(usual, std::min(range * policy_.guess_margin, room.most));
    const double reach = (guessed ? guess : usual) * room.headroom;
    const double bound = std::min(BoundOf(op).value_or(Room::kUnlimited), ends);
    const bool proven = bound <= std::min(reach * room.spread, room.provable);
    if (proven && (guessed || room.lifts)) return std::min(std::max(bound, usual), ends);
    if (!guessed) return std::min(reach, ends);
    guesses_.insert(op);
    return reach;
  }
  if (IsStructural(op)) return RangeOf(op->getOperand(0), room);
  return Refuse(real.getLoc(), "a real value without 'nn.range' that no quantizer bounds",
                "results of operations, whose range the model's metadata or calibrate-ranges gives",
                "run calibrate-ranges, or quantize this value where it is an input of the model");
}

void Demands::NoteBeyond(Value real, double holds) {
  mlir::Operation* op = real.getDefiningOp();
  if (IsStructural(op)) return NoteBeyond(op->getOperand(0), holds);
  if (!op || !function_->hasAttr(nn::kGuessedScalesAttr) || !op->hasAttr(nn::kGuessedAttr)) return;
  if (BoundOf(op).value_or(Room::kUnlimited) > holds) guesses_.insert(op);
}

mlir::FailureOr<int> Demands::RingOf(mlir::Operation* op) {
  auto ring = op->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr);
  if (!ring) return op->emitOpError("has no 'mpc.ring'; run choose-rings first");
  return static_cast<unsigned>(ring.getInt());
}

mlir::FailureOr<Quantizer> Demands::QuantizerOf(Value operand) {
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
    Quantizer q{nn::ScaleOf(type),
                type.getStorageTypeMin() - zero,
                type.getStorageTypeMax() - zero,
                bits,
                PublicMagnitude(policy_, bits, type.isSigned()),
                zero_free && !type.isSigned(),
                !zero_free};
    q.least = type.getStorageTypeMin();
    q.most = type.getStorageTypeMax();
    q.zero = zero;
    q.starts_at_zero = EndsAtZero(type, Sign::kNonNegative);
    return q;
  }
  auto range = RangeOf(operand, {.spread = policy_.operand_spread});
  if (mlir::failed(range)) return mlir::failure();
  // A mean is opened in the bits of its terms, which reach further and have only the headroom.
  if (auto pool = nn::PoolOf(operand)) {
    auto terms = RangeOf(pool->mean.getInput(), RoomOfRow(policy_.row_width));
    if (mlir::failed(terms)) return mlir::failure();
    *range = std::max(*range, std::ldexp(*terms, 1 - policy_.headroom_bits));
  }
  const int64_t top = int64_t{1} << (policy_.real_bits - 1);
  Quantizer q{*range / static_cast<double>(top), -top, top - 1, policy_.real_bits,
              policy_.real_bits - 1};
  q.least = q.low;
  q.most = q.high;
  return q;
}

void Demands::WarnBeyond(Value real, const Quantizer& q, double reach) {
  NoteBeyond(real, reach);
  mlir::Operation* op = real.getDefiningOp();
  auto range = op ? op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr) : nullptr;
  const bool known = range && !op->hasAttr(nn::kGuessedAttr);
  if (!known || range.getValueAsDouble() <= reach || !IsNews(op, Warning::kBeyond)) return;
  mlir::emitWarning(real.getLoc())
      << Refusal(fmt::format("values up to {:.4g} steps before a quantizer of {} bits, which wrap",
                             range.getValueAsDouble() / q.scale, q.bits),
                 fmt::format("{:.0f} steps, as many as the index holds", reach / q.scale),
                 "give this quantizer a coarser scale, or the index more bits");
}

// A mean in one unit reaches `limit`, others have the room of a row.
Room Demands::RoomOfMean(const Want& want, double limit) {
  if (limit == Room::kUnlimited) return RoomOfRow(policy_.row_width);
  return {.spread = Room::kUnlimited, .provable = limit / want.LargestColumn(), .lifts = true};
}

// Half of the bits that a row has more than others may go to a bound.
Room Demands::RoomOfRow(int width) const {
  return {.spread = std::ldexp(policy_.row_spread, std::max(0, width - policy_.row_width) / 2),
          .lifts = true};
}

}  // namespace mpcc
