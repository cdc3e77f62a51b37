// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/emitter.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mpcc {
namespace {

using mpc::ShareKind;
using mpc::ShareType;

unsigned NarrowestBits(const std::vector<int64_t>& values) {
  auto [low, high] = std::minmax_element(values.begin(), values.end());
  for (unsigned bits : {8u, 16u, 32u})
    if (*low >= -(int64_t{1} << (bits - 1)) && *high < (int64_t{1} << (bits - 1))) return bits;
  return 64;
}

std::vector<char> Narrow(const std::vector<int64_t>& values, unsigned bits) {
  const size_t bytes = bits / 8;
  std::vector<char> out(values.size() * bytes);
  for (size_t i = 0; i < values.size(); ++i)
    std::memcpy(out.data() + i * bytes, &values[i], bytes);  // little endian
  return out;
}

// A resource blob is neither hashed nor copied by MLIR, which matters for 85 million weights.
mlir::ElementsAttr MakeElements(mlir::MLIRContext* context, const std::vector<int64_t>& values,
                                llvm::ArrayRef<int64_t> shape) {
  const unsigned bits = NarrowestBits(values);
  auto type = mlir::RankedTensorType::get(shape, mlir::IntegerType::get(context, bits));
  std::vector<char> bytes = Narrow(values, bits);
  if (values.size() <= 16) return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes);
  return mlir::DenseResourceElementsAttr::get(
      type, "private", mlir::HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64));
}

// Streams before hoist-to-offline.
const mlir::DenseI64ArrayAttr kUnnumbered;

}  // namespace

ShareType Emitter::Type(ShareKind kind, Shape shape, unsigned width) {
  return ShareType::get(builder_.getContext(), kind, shape, width);
}

mlir::Value Emitter::Private(const std::vector<int64_t>& values, Shape shape, unsigned width) {
  return Make<mpc::ConstantOp>(Type(ShareKind::priv, shape, width),
                               MakeElements(builder_.getContext(), values, shape));
}

mlir::Value Emitter::PrivateRow(const std::vector<int64_t>& values, unsigned width) {
  return Private(values, {static_cast<int64_t>(values.size())}, width);
}

mlir::Value Emitter::SharePrivate(const std::vector<int64_t>& values, Shape shape, unsigned width) {
  return Product({}, Private(values, shape, width));
}

mlir::Value Emitter::Add(Value lhs, Value rhs) { return Make<mpc::AddOp>(lhs, rhs); }

mlir::Value Emitter::Sub(Value lhs, Value rhs) { return Make<mpc::SubOp>(lhs, rhs); }

mlir::Value Emitter::AddPublic(Value x, int64_t value) { return Make<mpc::AddPublicOp>(x, value); }

mlir::Value Emitter::MulPublic(Value x, int64_t value) {
  return value == 1 ? x : Make<mpc::MulPublicOp>(x, value);
}

mlir::Value Emitter::RowSum(Value x) { return Make<mpc::RowSumOp>(x); }

mlir::Value Emitter::Reshape(Value x, Shape shape) {
  ShareType type = TypeOf(x);
  return type.getShape() == shape ? x : Make<mpc::ReshapeOp>(type.withShape(shape), x);
}

mlir::Value Emitter::Transpose(Value x, llvm::ArrayRef<int64_t> perm) {
  return Make<mpc::TransposeOp>(x, perm);
}

mlir::Value Emitter::Slice(Value x, llvm::ArrayRef<int64_t> offsets, Shape shape) {
  return Make<mpc::SliceOp>(TypeOf(x).withShape(shape), x, offsets);
}

mlir::Value Emitter::Concat(mlir::ValueRange inputs, int64_t axis) {
  return Make<mpc::ConcatOp>(inputs, axis);
}

mlir::Value Emitter::Resize(Value x, unsigned width) {
  ShareType type = TypeOf(x);
  return type.getWidth() == width ? x : Make<mpc::ResizeOp>(type.withWidth(width), x);
}

mlir::Value Emitter::Extract(Value x, unsigned width) {
  ShareType type = TypeOf(x);
  return type.getWidth() == width ? x : Make<mpc::ExtractOp>(type.withWidth(width), x);
}

mlir::Value Emitter::Truncate(Value x, unsigned width) {
  ShareType type = TypeOf(x);
  if (type.getWidth() == width) return x;
  return Make<mpc::TruncateOp>(type.withKind(ShareKind::add).withWidth(width), x);
}

mlir::Value Emitter::PublicLut(Value x, const std::vector<int64_t>& values, unsigned width,
                               Value factor) {
  return Make<mpc::PublicLutOp>(TypeOf(x).withKind(ShareKind::add).withWidth(width), x, factor,
                                values);
}

mlir::Value Emitter::Staircase(Value x, const Stairs& f, int digit, unsigned width) {
  return Make<mpc::StaircaseOp>(TypeOf(x).withKind(ShareKind::add).withWidth(width), x, f.starts,
                                f.values, digit, f.origin, builder_.getI64IntegerAttr(f.limit));
}

mlir::Value Emitter::Open(Value x) {
  return builder_.create<mpc::ReshareOp>(loc_, x, kUnnumbered).getResult(0);
}

// Low bits that are zero, as x times 0 is, joined to x as the bits above them.
mlir::Value Emitter::ScaleUp(Value x, unsigned bits) {
  if (bits == 0) return x;
  const Value zero = MulPublic(x, 0);
  while (bits > 0) {
    const unsigned more = std::min(bits, TypeOf(zero).getWidth());
    x = Make<mpc::JoinOp>(Resize(zero, more), x);
    bits -= more;
  }
  return x;
}

mlir::Value Emitter::LeadingLut(Value x, int index, int gap, const std::vector<int64_t>& values,
                                unsigned width) {
  return Make<mpc::LeadingLutOp>(TypeOf(x).withKind(ShareKind::add).withWidth(width), x, index, gap,
                                 values);
}

mlir::Value Emitter::Saturate(Value x, const mpc::Saturation& bounds, unsigned width,
                              Value factor) {
  return Make<mpc::SaturateOp>(TypeOf(x).withKind(ShareKind::add).withWidth(width), x, factor,
                               int64_t{bounds.bits}, bounds.least, bounds.most);
}

mlir::Value Emitter::PrivateLut(Value x, mlir::ValueRange tables, int64_t least, unsigned width,
                                Value factor) {
  return Make<mpc::PrivateLutOp>(TypeOf(x).withKind(ShareKind::add).withWidth(width), x, tables,
                                 factor, least);
}

mlir::Value Emitter::Lift(Value x, unsigned width, bool is_unsigned) {
  ShareType type = TypeOf(x);
  if (type.getWidth() == width) return x;
  return Make<mpc::LiftOp>(type.withKind(ShareKind::rss).withWidth(width), x, is_unsigned);
}

mlir::Value Emitter::RowMax(Value x) { return Make<mpc::RowMaxOp>(x); }

mlir::Value Emitter::Linear(Value x, Value weight, Value bias) {
  return Make<mpc::LinearOp>(x, weight, bias, kUnnumbered, mlir::IntegerAttr{});
}

mlir::Value Emitter::MatMul(Value lhs, Value rhs, bool transpose_b) {
  return Make<mpc::MatMulOp>(lhs, rhs, transpose_b, kUnnumbered);
}

mlir::Value Emitter::Dot(Value lhs, Value rhs) { return Make<mpc::DotOp>(lhs, rhs, kUnnumbered); }

mlir::Value Emitter::Product(mlir::ValueRange factors, Value constant) {
  return Make<mpc::ProductOp>(factors, constant, kUnnumbered);
}

mlir::Value Emitter::Lut(Value index, const std::vector<int64_t>& tables, unsigned width,
                         int64_t shift, int64_t columns) {
  const int64_t entries = static_cast<int64_t>(tables.size()) / columns;
  return Make<mpc::LutOp>(index, Private(tables, {columns, entries}, width), shift, kUnnumbered);
}

mlir::Value Emitter::Lut2(Value a, Value b, const std::vector<int64_t>& table, unsigned width) {
  return Make<mpc::Lut2Op>(a, b, PrivateRow(table, width), kUnnumbered);
}

mlir::Value Emitter::Encode(Value real, int64_t fraction_bits, unsigned width) {
  auto type = llvm::cast<mlir::RankedTensorType>(real.getType());
  return Make<mpc::EncodeOp>(type.clone(builder_.getIntegerType(width)), real, fraction_bits);
}

static ShareType IntegersAs(Emitter& emitter, ShareKind kind, mlir::Value integers) {
  auto type = llvm::cast<mlir::RankedTensorType>(integers.getType());
  return emitter.Type(kind, type.getShape(), type.getElementTypeBitWidth());
}

mlir::Value Emitter::Input(Value integers) {
  return Make<mpc::InputOp>(mlir::TypeRange{IntegersAs(*this, ShareKind::rss, integers)},
                            mlir::ValueRange{integers}, kUnnumbered);
}

mlir::Value Emitter::InputLocal(Value integers) {
  return Make<mpc::InputLocalOp>(IntegersAs(*this, ShareKind::add, integers), integers);
}

mlir::Value Emitter::Reveal(Value x, int64_t fraction_bits) {
  return Make<mpc::RevealOp>(x, fraction_bits);
}

}  // namespace mpcc
