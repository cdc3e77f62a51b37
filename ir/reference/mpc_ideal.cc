// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_ideal.h"

#include "fmt/format.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

constexpr Int128 PowerOfTwo(int bits) { return Int128{1} << bits; }

std::string Text(Int128 x) { return fmt::format("{:.0f}", static_cast<double>(x)); }

// How far x is outside [low, high); 0 inside.
Int128 Excess(Int128 x, const Reading& r) {
  return x < r.low ? r.low - x : x >= r.high ? x - r.high + 1 : 0;
}

}  // namespace

Reading Reading::Signed(int bits) {
  const Int128 half = PowerOfTwo(bits - 1);
  return {bits, -half, -half, half};
}
Reading Reading::Unsigned(int bits) { return {bits, 0, 0, PowerOfTwo(bits)}; }

void IdealFrame::Set(mlir::Value value, Exact values) {
  auto type = llvm::cast<mpc::ShareType>(value.getType());
  scope_.Set(value, IdealTensor{type.getShape().vec(), static_cast<int>(type.getWidth()),
                                std::move(values)});
}

absl::StatusOr<Exact> IdealFrame::SignedPrivate(mlir::OpOperand& operand) const {
  MPCC_ASSIGN_OR_RETURN(Ring ring, Private(operand));
  const int width = llvm::cast<mpc::ShareType>(operand.get().getType()).getWidth();
  Exact out;
  out.reserve(ring.size());
  for (uint64_t x : ring) out.push_back(Signed(x, width));
  return out;
}

Exact IdealFrame::Read(mlir::Operation* op, const Exact& values, const Reading& reading) {
  size_t count = 0;
  Int128 worst = values[0];
  for (Int128 x : values) {
    if (Excess(x, reading) > 0) ++count;
    if (Excess(x, reading) > Excess(worst, reading)) worst = x;
  }
  if (count > 0) Report(op, count, worst, reading);
  return Map(values, [&](Int128 x) {
    return reading.base + ((x - reading.base) & (PowerOfTwo(reading.bits) - 1));
  });
}

void IdealFrame::Report(mlir::Operation* op, size_t count, Int128 worst, const Reading& reading) {
  if (!range_errors_) return;
  range_errors_->push_back(
      {op, fmt::format("reads {} values out of range, the farthest is {}, expected [{}, {})", count,
                       Text(worst), Text(reading.low), Text(reading.high))});
}

absl::Status RunIdeal(IdealFrame& frame, mlir::Operation* op) {
  for (auto rows : {IdealRingOps(), IdealReadingOps()})
    for (const IdealRow& row : rows)
      if (row.op == op->getName().getStringRef()) return row.run(frame, op);
  return OpError(op, "has no meaning in a run of the parties");
}

Components IdealComponents(const IdealTensor& tensor, mpc::ShareKind kind) {
  const size_t parts = kind == mpc::ShareKind::rss ? 3 : kind == mpc::ShareKind::priv ? 1 : 2;
  Components out{kind, tensor.shape, tensor.width,
                 std::vector<Ring>(parts, Ring(tensor.values.size()))};
  for (size_t i = 0; i < tensor.values.size(); ++i)
    out.parts[0][i] = Reduce(static_cast<uint64_t>(tensor.values[i]), tensor.width);
  return out;
}

}  // namespace mpcc::reference
