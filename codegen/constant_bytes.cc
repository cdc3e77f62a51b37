// SPDX-License-Identifier: Apache-2.0
#include "codegen/constant_bytes.h"

#include <cstring>
#include <type_traits>

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "runtime/base/bytes.h"
#include "runtime/base/ring.h"

namespace mpcc {
namespace {

// Elements in their container, without a copy.
struct RawElements {
  llvm::ArrayRef<char> bytes;
  bool splat = false;
  int64_t count = 0;
  mlir::Type type;
};

std::optional<RawElements> RawElementsOf(mlir::ElementsAttr value) {
  RawElements raw;
  raw.count = value.getNumElements();
  raw.type = value.getElementType();
  if (auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(value)) {
    raw.bytes = dense.getRawData();
    raw.splat = dense.isSplat();
    return raw;
  }
  auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(value);
  mlir::AsmResourceBlob* blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob) return std::nullopt;
  raw.bytes = blob->getData();
  return raw;
}

template <typename From, typename To>
std::optional<std::vector<uint8_t>> Convert(const RawElements& raw, To mask) {
  const int64_t stored = raw.splat ? 1 : raw.count;
  if (raw.bytes.size() != stored * sizeof(From)) return std::nullopt;
  std::vector<uint8_t> out(raw.count * sizeof(To));
  for (int64_t i = 0; i < raw.count; ++i) {
    From from;
    std::memcpy(&from, raw.bytes.data() + (raw.splat ? 0 : i) * sizeof(From), sizeof(From));
    const To to = static_cast<To>(from) & mask;
    std::memcpy(out.data() + i * sizeof(To), &to, sizeof(To));
  }
  return out;
}

// Integers of 8, 16, 32 or 64 bits; their bytes in memory are little-endian.
template <typename To>
std::optional<std::vector<uint8_t>> ConvertIntegers(const RawElements& raw, To mask) {
  const bool is_unsigned = raw.type.isUnsignedInteger();
  switch (raw.type.getIntOrFloatBitWidth()) {
    case 8:
      return is_unsigned ? Convert<uint8_t, To>(raw, mask) : Convert<int8_t, To>(raw, mask);
    case 16:
      return is_unsigned ? Convert<uint16_t, To>(raw, mask) : Convert<int16_t, To>(raw, mask);
    case 32:
      return is_unsigned ? Convert<uint32_t, To>(raw, mask) : Convert<int32_t, To>(raw, mask);
    case 64:
      return Convert<int64_t, To>(raw, mask);
    default:
      return std::nullopt;
  }
}

// Other widths, among them i1, whose elements are packed bits.
template <typename To>
std::optional<std::vector<uint8_t>> ConvertOddIntegers(mlir::ElementsAttr value, To mask) {
  auto dense = llvm::dyn_cast<mlir::DenseIntElementsAttr>(value);
  if (!dense) return std::nullopt;
  const unsigned bits = dense.getElementType().getIntOrFloatBitWidth();
  const bool zero_extend = bits == 1 || dense.getElementType().isUnsignedInteger();
  std::vector<uint8_t> out;
  out.reserve(dense.getNumElements() * sizeof(To));
  for (const llvm::APInt& element : dense.getValues<llvm::APInt>()) {
    const To to =
        static_cast<To>(zero_extend ? element.getZExtValue() : element.getSExtValue()) & mask;
    const auto bytes = BytesOf(to);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

template <typename To>
std::optional<std::vector<uint8_t>> Integers(mlir::ElementsAttr value, To mask) {
  auto integer = llvm::dyn_cast<mlir::IntegerType>(value.getElementType());
  if (!integer || integer.getWidth() > 64) return std::nullopt;
  const unsigned bits = integer.getWidth();
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
    return ConvertOddIntegers<To>(value, mask);
  const std::optional<RawElements> raw = RawElementsOf(value);
  return raw ? ConvertIntegers<To>(*raw, mask) : std::nullopt;
}

std::optional<std::vector<uint8_t>> Floats(mlir::ElementsAttr value) {
  if (!value.getElementType().isF32()) return std::nullopt;
  const std::optional<RawElements> raw = RawElementsOf(value);
  // Bit patterns, so that no rounding mode or signalling value can change them.
  return raw ? Convert<uint32_t, uint32_t>(*raw, ~uint32_t{0}) : std::nullopt;
}

}  // namespace

std::optional<std::vector<uint8_t>> ConstantBytes(mlir::ElementsAttr value, plan::ElementType type,
                                                  uint32_t width) {
  if (type == plan::F32) return Floats(value);
  if (type == plan::I64) return Integers<uint64_t>(value, ~uint64_t{0});
  return VisitLane(static_cast<int>(width), [&](auto tag) {
    using T = typename decltype(tag)::type;
    return Integers<T>(value, static_cast<T>(Mask(static_cast<int>(width))));
  });
}

}  // namespace mpcc
