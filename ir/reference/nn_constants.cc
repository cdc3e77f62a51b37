// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_constants.h"

#include <algorithm>
#include <cstring>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_eval.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace mpcc::nn {
namespace {

// Elements of a constant as raw little-endian bytes, one element (`splat`) or all of them.
struct Raw {
  llvm::ArrayRef<char> bytes;
  bool splat = false;
};

template <typename From, typename To>
std::vector<To> Widen(const Raw& raw, int64_t count) {
  std::vector<To> out(count);
  for (int64_t i = 0; i < count; ++i) {
    From element;
    std::memcpy(&element, raw.bytes.data() + (raw.splat ? 0 : i) * sizeof(From), sizeof(From));
    out[i] = static_cast<To>(element);
  }
  return out;
}

using StoredReader = std::vector<int32_t> (*)(const Raw&, int64_t);

std::vector<int32_t> ReadStored(const Raw& raw, int64_t count, unsigned width, bool is_signed) {
  static constexpr StoredReader kReaders[3][2] = {
      {Widen<uint8_t, int32_t>, Widen<int8_t, int32_t>},
      {Widen<uint16_t, int32_t>, Widen<int16_t, int32_t>},
      {Widen<uint32_t, int32_t>, Widen<int32_t, int32_t>},
  };
  return kReaders[width == 8 ? 0 : width == 16 ? 1 : 2][is_signed](raw, count);
}

template <typename To>
std::vector<char> Bytes(const std::vector<int32_t>& values) {
  std::vector<char> out(values.size() * sizeof(To));
  for (size_t i = 0; i < values.size(); ++i) {
    To element = static_cast<To>(values[i]);
    std::memcpy(out.data() + i * sizeof(To), &element, sizeof(To));
  }
  return out;
}

template <typename T>
llvm::ArrayRef<char> View(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

bool IsSplat(llvm::ArrayRef<char> bytes, size_t width) {
  return bytes.size() > width &&
         std::memcmp(bytes.data(), bytes.data() + width, bytes.size() - width) == 0;
}

mlir::ElementsAttr MakeElements(llvm::ArrayRef<char> bytes, mlir::RankedTensorType type,
                                int64_t count) {
  size_t width = count == 0 ? 1 : bytes.size() / count;
  if (IsSplat(bytes, width))
    return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes.take_front(width));
  if (count <= kInlineElements) return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes);
  return mlir::DenseResourceElementsAttr::get(
      type, "parameter", mlir::HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64));
}

mlir::ElementsAttr ElementsOf(const Tensor& tensor, mlir::RankedTensorType type) {
  mlir::Type element = type.getElementType();
  const int64_t count = tensor.size();
  if (auto quantized = QuantizedElement(element)) {
    unsigned bits = quantized.getStorageTypeIntegralWidth();
    unsigned width = bits <= 8 ? 8 : bits <= 16 ? 16 : 32;
    std::vector<char> bytes = width == 8    ? Bytes<uint8_t>(tensor.stored())
                              : width == 16 ? Bytes<uint16_t>(tensor.stored())
                                            : Bytes<uint32_t>(tensor.stored());
    return MakeElements(bytes, type.clone(mlir::IntegerType::get(type.getContext(), width)), count);
  }
  if (element.isInteger(1)) {
    llvm::SmallVector<bool> bools(tensor.ints().begin(), tensor.ints().end());
    return mlir::DenseElementsAttr::get(type, llvm::ArrayRef<bool>(bools));
  }
  if (element.isInteger(64)) return MakeElements(View(tensor.ints()), type, count);
  return MakeElements(View(tensor.floats()), type, count);
}

absl::StatusOr<Raw> RawOf(mlir::ElementsAttr value) {
  if (auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(value)) {
    const mlir::AsmResourceBlob* blob = resource.getRawHandle().getBlob();
    if (!blob)
      return absl::InvalidArgumentError(
          "constant has no elements: its resource was elided from the text");
    return Raw{blob->getData(), false};
  }
  if (auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(value))
    return Raw{dense.getRawData(), dense.isSplat()};
  return absl::InvalidArgumentError("constant is neither a dense nor a dense_resource attribute");
}

}  // namespace

absl::StatusOr<Tensor> GetConstantTensor(ConstantOp op) {
  auto type = llvm::cast<mlir::RankedTensorType>(op.getType());
  Tensor out{type.getShape().vec(), {}};
  const int64_t count = type.getNumElements();
  mlir::Type stored = op.getValue().getElementType();
  if (stored.isInteger(1)) {
    auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(op.getValue());
    if (!dense) return absl::InvalidArgumentError("i1 constant is not a dense attribute");
    auto values = dense.getValues<bool>();
    out.data = Tensor::Ints(values.begin(), values.end());
    return out;
  }
  auto raw = RawOf(op.getValue());
  if (!raw.ok()) return raw.status();
  const unsigned width = stored.getIntOrFloatBitWidth();
  const int64_t expected = (raw->splat ? 1 : count) * (width / 8);
  if (static_cast<int64_t>(raw->bytes.size()) != expected) {
    return absl::InvalidArgumentError(
        fmt::format("constant holds {} bytes, expected {}", raw->bytes.size(), expected));
  }
  if (auto quantized = QuantizedElement(type)) {
    out.data = ReadStored(*raw, count, width, quantized.isSigned());
  } else if (type.getElementType().isInteger(64)) {
    out.data = Widen<int64_t, int64_t>(*raw, count);
  } else {
    out.data = Widen<float, float>(*raw, count);
  }
  return out;
}

std::optional<Tensor> RealConstant(mlir::Value value) {
  mlir::Value source = value;
  if (auto dequantize = value.getDefiningOp<DequantizeOp>()) source = dequantize.getInput();
  auto constant = source.getDefiningOp<ConstantOp>();
  if (!constant || !llvm::cast<mlir::ShapedType>(value.getType()).getElementType().isF32())
    return std::nullopt;
  const auto tensor = GetConstantTensor(constant);
  if (!tensor.ok()) return std::nullopt;
  return Tensor{tensor->shape, RealValues(*tensor, source.getType())};
}

std::optional<double> GetSplatFloat(mlir::Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !constant.getValue().getElementType().isF32()) return std::nullopt;
  auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(constant.getValue());
  if (!dense || !(dense.isSplat() || dense.getNumElements() == 1)) return std::nullopt;
  return *dense.getValues<float>().begin();
}

ConstantOp MakeConstant(mlir::OpBuilder& builder, mlir::Location loc, const Tensor& tensor,
                        mlir::RankedTensorType type, bool is_public) {
  return builder.create<ConstantOp>(loc, type, ElementsOf(tensor, type), is_public);
}

}  // namespace mpcc::nn
