// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/constants.h"

#include <cstring>

#include "llvm/Support/MathExtras.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mpcc::mpc {
namespace {

using Elements = llvm::SmallVector<uint64_t>;

std::optional<Elements> ReadDense(mlir::DenseIntElementsAttr attr, unsigned width) {
  Elements elements;
  elements.reserve(attr.getNumElements());
  bool is_signed = !attr.getElementType().isUnsignedInteger();
  for (const llvm::APInt& value : attr.getValues<llvm::APInt>()) {
    uint64_t bits = is_signed ? value.getSExtValue() : value.getZExtValue();
    elements.push_back(ReduceElement(bits, width));
  }
  return elements;
}

// Little-endian elements of `bytes` bytes; sign extension only matters up to the ring's width.
uint64_t LoadElement(const char* data, unsigned bytes, bool is_signed) {
  uint64_t value = 0;
  std::memcpy(&value, data, bytes);
  return is_signed ? static_cast<uint64_t>(llvm::SignExtend64(value, 8 * bytes)) : value;
}

std::optional<Elements> ReadResource(mlir::DenseResourceElementsAttr attr, unsigned width) {
  mlir::AsmResourceBlob* blob = attr.getRawHandle().getBlob();
  mlir::Type element = attr.getType().getElementType();
  unsigned bits = element.getIntOrFloatBitWidth();
  if (!blob || bits < 8 || bits > 64 || !llvm::isPowerOf2_32(bits)) return std::nullopt;
  size_t count = attr.getType().getNumElements(), bytes = bits / 8;
  if (blob->getData().size() != count * bytes) return std::nullopt;
  Elements elements(count);
  for (size_t i = 0; i < count; ++i)
    elements[i] = ReduceElement(
        LoadElement(blob->getData().data() + i * bytes, bytes, !element.isUnsignedInteger()),
        width);
  return elements;
}

unsigned ContainerBits(unsigned width) {
  return std::max(8u, static_cast<unsigned>(llvm::PowerOf2Ceil(width)));
}

}  // namespace

uint64_t ReduceElement(uint64_t element, unsigned width) {
  return element & llvm::maskTrailingOnes<uint64_t>(width);
}

int64_t SignedElement(uint64_t element, unsigned width) {
  return llvm::SignExtend64(element, width);
}

std::optional<Elements> ReadConstant(ConstantOp op) {
  unsigned width = llvm::cast<ShareType>(op.getType()).getWidth();
  if (auto dense = llvm::dyn_cast<mlir::DenseIntElementsAttr>(op.getValue()))
    return ReadDense(dense, width);
  if (auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(op.getValue()))
    return ReadResource(resource, width);
  return std::nullopt;
}

std::optional<Elements> ReadConstant(mlir::Value value) {
  auto op = value.getDefiningOp<ConstantOp>();
  return op ? ReadConstant(op) : std::nullopt;
}

bool SameElements(mlir::ElementsAttr a, mlir::ElementsAttr b) {
  if (a == b) return true;
  auto resource_a = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(a);
  auto resource_b = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(b);
  if (!resource_a || !resource_b || resource_a.getType() != resource_b.getType()) return false;
  mlir::AsmResourceBlob* blob_a = resource_a.getRawHandle().getBlob();
  mlir::AsmResourceBlob* blob_b = resource_b.getRawHandle().getBlob();
  return blob_a && blob_b && blob_a->getData() == blob_b->getData();
}

ConstantOp MakeConstant(mlir::OpBuilder& builder, mlir::Location loc, ShareType type,
                        llvm::ArrayRef<uint64_t> elements) {
  unsigned bits = ContainerBits(type.getWidth());
  llvm::SmallVector<llvm::APInt> values;
  values.reserve(elements.size());
  for (uint64_t element : elements)
    values.emplace_back(bits, ReduceElement(element, type.getWidth()));
  auto tensor = mlir::RankedTensorType::get(type.getShape(), builder.getIntegerType(bits));
  return builder.create<ConstantOp>(loc, type.withKind(ShareKind::priv),
                                    mlir::DenseIntElementsAttr::get(tensor, values));
}

}  // namespace mpcc::mpc
