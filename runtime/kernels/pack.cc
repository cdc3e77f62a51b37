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
void PackLanes(std::span<const T> in, int l, uint8_t* out) {
  constexpr size_t kLanes = Lanes<T>::kLanes;
  const Lanes<T> lanes(l);
  BitWriter writer(out);
  size_t i = 0;
  for (; i + kLanes <= in.size(); i += kLanes) {
    writer.Append(lanes.Squeeze(LoadAs<uint64_t>(in.data() + i)), kLanes * l);
  }
  for (; i < in.size(); ++i) writer.Append(in[i] & Mask(l), l);
  writer.Flush();
}

// kWide: a group may reach into a ninth byte.
template <LaneType T, bool kWide>
void UnpackGroups(const uint8_t* in, int l, std::span<T> out) {
  constexpr int kLanes = Lanes<T>::kLanes;
  const Lanes<T> lanes(l);
  const int64_t n = out.size();
  const uint64_t end = PackedBytes(n, l);  // bytes that may be read
  const int64_t whole = end < 16 ? 0 : static_cast<int64_t>((end - 9) * 8) / l;
  int64_t i = 0;
  uint64_t bit = 0;
  for (; i + kLanes <= n && i < whole; i += kLanes, bit += kLanes * l) {
    const int shift = bit % 8;
    uint64_t bits = LoadAs<uint64_t>(in + bit / 8) >> shift;
    if constexpr (kWide) bits |= uint64_t{in[bit / 8 + 8]} << 1 << (63 - shift);
    const uint64_t word = lanes.Spread(bits);
    std::memcpy(&out[i], &word, 8);
  }
  for (; i < n; ++i, bit += l) out[i] = static_cast<T>(kernels::ReadBits(in, bit, l));
}

template <LaneType T>
void UnpackLanes(const uint8_t* in, int l, std::span<T> out) {
  if (Lanes<T>::kLanes * l <= 57) {
    UnpackGroups<T, false>(in, l, out);
  } else {
    UnpackGroups<T, true>(in, l, out);
  }
}

void PackVector(ConstRingVector in, uint8_t* out) {
  VisitLanes([&](auto lanes) { PackLanes<LaneOf<decltype(lanes)>>(lanes, in.width(), out); }, in);
}

void UnpackVector(const uint8_t* in, RingVector out) {
  VisitLanes([&](auto lanes) { UnpackLanes<LaneOf<decltype(lanes)>>(in, out.width(), lanes); },
             out);
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {
namespace {

HWY_EXPORT(PackVector);
HWY_EXPORT(UnpackVector);

bool FillsLane(ConstRingVector v) { return v.width() == 8 * LaneBytes(v.width()); }

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

void Pack(ConstRingVector in, std::span<uint8_t> out) {
  assert(out.size() == PackedBytes(in.size(), in.width()));
  if (in.empty()) return;
  if (FillsLane(in))
    std::memmove(out.data(), in.bytes().data(), out.size());
  else
    HWY_DYNAMIC_DISPATCH(PackVector)(in, out.data());
}

void Unpack(std::span<const uint8_t> in, RingVector out) {
  assert(in.size() >= PackedBytes(out.size(), out.width()));
  if (out.empty()) return;
  if (FillsLane(out))
    std::memmove(out.bytes().data(), in.data(), out.bytes().size());
  else
    HWY_DYNAMIC_DISPATCH(UnpackVector)(in.data(), out);
}

void UnpackAt(std::span<const uint8_t> in, std::span<const uint64_t> elements, RingVector out) {
  assert(elements.size() == out.size());
  const int l = out.width();
  VisitLanes(
      [&](auto lanes) {
        for (size_t i = 0; i < elements.size(); ++i)
          lanes[i] = static_cast<LaneOf<decltype(lanes)>>(ReadBits(in.data(), elements[i] * l, l));
      },
      out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
