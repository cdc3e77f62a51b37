// SPDX-License-Identifier: Apache-2.0
// Eight bytes of lanes at a time: the kept bits of a word are squeezed together (BMI2's pext) and
// appended to a bit buffer; unpacking spreads them again (pdep). Both instructions take a time that
// depends on the width alone.
#include "runtime/kernels/pack.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/pack.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/instantiate.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

static_assert(std::endian::native == std::endian::little);

#undef MPCC_PACK_BMI2
#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2 && !defined(HWY_DISABLE_BMI2_FMA)
#define MPCC_PACK_BMI2 1
#else
#define MPCC_PACK_BMI2 0
#endif

template <typename T>
HWY_INLINE T LoadAs(const void* p) {
  T value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

// The low l bits of every lane T of a word, side by side; and back.
template <LaneType T>
class Lanes {
 public:
  static constexpr int kLanes = 8 / sizeof(T);
  static constexpr int kBits = 8 * sizeof(T);

  explicit Lanes(int l) : l_(l) {
    for (int i = 0; i < kLanes; ++i) mask_ |= Mask(l) << (i * kBits);
  }

  HWY_INLINE uint64_t Squeeze(uint64_t word) const {
#if MPCC_PACK_BMI2
    return _pext_u64(word, mask_);
#else
    uint64_t bits = 0;
    for (int i = 0; i < kLanes; ++i) bits |= (word >> (i * kBits) & Mask(l_)) << (i * l_);
    return bits;
#endif
  }

  HWY_INLINE uint64_t Spread(uint64_t bits) const {
#if MPCC_PACK_BMI2
    return _pdep_u64(bits, mask_);
#else
    uint64_t word = 0;
    for (int i = 0; i < kLanes; ++i) word |= (bits >> (i * l_) & Mask(l_)) << (i * kBits);
    return word;
#endif
  }

 private:
  int l_;
  uint64_t mask_ = 0;
};

// Appends groups of fewer than 64 bits to a byte string.
class BitWriter {
 public:
  explicit BitWriter(uint8_t* out) : out_(out) {}

  HWY_INLINE void Append(uint64_t bits, int width) {
    buffer_ |= bits << fill_;
    fill_ += width;
    if (fill_ >= 64) {
      std::memcpy(out_, &buffer_, 8);
      out_ += 8;
      fill_ -= 64;
      buffer_ = bits >> (width - fill_);
    }
  }

  void Flush() {
    if (fill_ > 0) std::memcpy(out_, &buffer_, (fill_ + 7) / 8);
  }

 private:
  uint8_t* out_;
  uint64_t buffer_ = 0;
  int fill_ = 0;
};

template <LaneType T>
void PackT(const T* in, int64_t n, int l, uint8_t* out) {
  constexpr int kLanes = Lanes<T>::kLanes;
  const Lanes<T> lanes(l);
  BitWriter writer(out);
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    writer.Append(lanes.Squeeze(LoadAs<uint64_t>(in + i)), kLanes * l);
  }
  for (; i < n; ++i) writer.Append(in[i] & Mask(l), l);
  writer.Flush();
}

// kWide: a group may reach into a ninth byte.
template <LaneType T, bool kWide>
void UnpackGroups(const uint8_t* in, uint64_t bit, int64_t n, int l, T* out) {
  constexpr int kLanes = Lanes<T>::kLanes;
  const Lanes<T> lanes(l);
  const uint64_t end = (bit + n * l + 7) / 8;  // bytes that may be read
  const int64_t whole = end < 16 ? 0 : static_cast<int64_t>((end - 9) * 8 - bit) / l;
  int64_t i = 0;
  for (; i + kLanes <= n && i < whole; i += kLanes, bit += kLanes * l) {
    const int shift = bit % 8;
    uint64_t bits = LoadAs<uint64_t>(in + bit / 8) >> shift;
    if constexpr (kWide) bits |= uint64_t{in[bit / 8 + 8]} << 1 << (63 - shift);
    const uint64_t word = lanes.Spread(bits);
    std::memcpy(out + i, &word, 8);
  }
  for (; i < n; ++i, bit += l) out[i] = static_cast<T>(kernels::ReadBits(in, bit, l));
}

template <LaneType T>
void UnpackT(const uint8_t* in, uint64_t bit, int64_t n, int l, T* out) {
  if (Lanes<T>::kLanes * l <= 57) {
    UnpackGroups<T, false>(in, bit, n, l, out);
  } else {
    UnpackGroups<T, true>(in, bit, n, l, out);
  }
}

#define MPCC_KERNEL(Suffix, T)                                                             \
  void Pack##Suffix(const T* in, int64_t n, int l, uint8_t* out) { PackT(in, n, l, out); } \
  void Unpack##Suffix(const uint8_t* in, uint64_t bit, int64_t n, int l, T* out) {         \
    UnpackT(in, bit, n, l, out);                                                           \
  }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {
namespace {

// One overload for each lane type.
#define MPCC_KERNEL(Suffix, T)                                                   \
  HWY_EXPORT(Pack##Suffix);                                                      \
  HWY_EXPORT(Unpack##Suffix);                                                    \
  void PackGroups(const T* in, int64_t n, int l, uint8_t* out) {                 \
    HWY_DYNAMIC_DISPATCH(Pack##Suffix)(in, n, l, out);                           \
  }                                                                              \
  void UnpackGroups(const uint8_t* in, uint64_t bit, int64_t n, int l, T* out) { \
    HWY_DYNAMIC_DISPATCH(Unpack##Suffix)(in, bit, n, l, out);                    \
  }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL

template <typename Word>
uint64_t Load(const uint8_t* p) {
  Word word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

// The little-endian number in 1 to 8 bytes at p, by loads that overlap.
uint64_t LoadBytes(const uint8_t* p, int bytes) {
  if (bytes == 8) return Load<uint64_t>(p);
  if (bytes >= 4) return Load<uint32_t>(p) | Load<uint32_t>(p + bytes - 4) << (8 * bytes - 32);
  if (bytes >= 2) return Load<uint16_t>(p) | Load<uint16_t>(p + bytes - 2) << (8 * bytes - 16);
  return *p;
}

}  // namespace

uint64_t ReadBits(const uint8_t* p, uint64_t bit_offset, int l) {
  p += bit_offset / 8;
  const int shift = bit_offset % 8;
  const int bytes = (shift + l + 7) / 8;
  if (bytes <= 8) return LoadBytes(p, bytes) >> shift & Mask(l);
  return (Load<uint64_t>(p) >> shift | uint64_t{p[8]} << (64 - shift)) & Mask(l);
}

template <LaneType T>
void Pack(const T* in, int64_t n, int l, uint8_t* out) {
  if (l < 8 * static_cast<int>(sizeof(T))) return PackGroups(in, n, l, out);
  if (n > 0) std::memmove(out, in, n * sizeof(T));
}

template <LaneType T>
void Unpack(const uint8_t* in, int64_t n, int l, T* out) {
  UnpackRange(in, 0, n, l, out);
}

template <LaneType T>
void UnpackRange(const uint8_t* in, int64_t first, int64_t n, int l, T* out) {
  if (l < 8 * static_cast<int>(sizeof(T))) return UnpackGroups(in, first * l, n, l, out);
  if (n > 0) std::memmove(out, in + first * sizeof(T), n * sizeof(T));
}

template <LaneType T>
void UnpackAt(const uint8_t* in, std::span<const uint64_t> elements, int l, T* out) {
  for (size_t i = 0; i < elements.size(); ++i) {
    out[i] = static_cast<T>(ReadBits(in, elements[i] * l, l));
  }
}

#define MPCC_INSTANTIATE(T)                                             \
  template void Pack(const T*, int64_t, int, uint8_t*);                 \
  template void Unpack(const uint8_t*, int64_t, int, T*);               \
  template void UnpackRange(const uint8_t*, int64_t, int64_t, int, T*); \
  template void UnpackAt(const uint8_t*, std::span<const uint64_t>, int, T*);
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
