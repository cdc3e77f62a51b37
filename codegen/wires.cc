// SPDX-License-Identifier: Apache-2.0
#include "codegen/wires.h"

#include "ir/mpc/mpc.h"

namespace mpcc {
namespace {

using mpc::ShareKind;
using mpc::ShareType;

plan::WireKind KindOf(ShareKind kind) {
  if (kind == ShareKind::add) return plan::ADD;
  return kind == ShareKind::rss ? plan::RSS : plan::MASK;
}

// A scalar of a ring is a vector of one element; plaintext keeps its rank.
void SetShape(llvm::ArrayRef<int64_t> shape, plan::Wire& wire) {
  for (int64_t extent : shape) wire.add_shape(static_cast<uint32_t>(extent));
  if (shape.empty() && wire.type() == plan::RING) wire.add_shape(1);
}

plan::Wire ShareWire(ShareType type) {
  plan::Wire wire;
  wire.set_kind(KindOf(type.getKind()));
  wire.set_type(plan::RING);
  wire.set_width(type.getWidth());
  SetShape(type.getShape(), wire);
  return wire;
}

// Ring width of a plaintext tensor that holds ring integers, 0 for other tensors.
unsigned RingWidth(mlir::Value value, mlir::Type element) {
  if (auto reveal = value.getDefiningOp<mpc::RevealOp>())
    return llvm::cast<ShareType>(reveal.getInput().getType()).getWidth();
  return value.getDefiningOp<mpc::EncodeOp>() ? element.getIntOrFloatBitWidth() : 0;
}

}  // namespace

bool IsWireAt(mlir::Value value, int party) {
  auto share = llvm::dyn_cast<ShareType>(value.getType());
  if (!share) return party == 1;
  return !share.isPrivate() && share.isMask() == (party == 0);
}

std::optional<plan::Wire> WireOf(mlir::Value value) {
  if (auto share = llvm::dyn_cast<ShareType>(value.getType())) return ShareWire(share);
  auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  if (!tensor || !tensor.hasStaticShape()) return std::nullopt;
  const mlir::Type element = tensor.getElementType();
  plan::Wire wire;
  wire.set_kind(plan::LOCAL);
  if (const unsigned width = RingWidth(value, element)) {
    wire.set_type(plan::RING);
    wire.set_width(width);
  } else if (element.isF32()) {
    wire.set_type(plan::F32);
  } else if (element.isSignlessInteger(64) || element.isSignlessInteger(1)) {
    wire.set_type(plan::I64);
  } else {
    return std::nullopt;
  }
  SetShape(tensor.getShape(), wire);
  return wire;
}

}  // namespace mpcc
