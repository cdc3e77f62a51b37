// SPDX-License-Identifier: Apache-2.0
// Packing takes eight bytes of lanes at a time: the kept bits of a word are squeezed together
// (BMI2's pext) and appended to a bit buffer. Unpacking moves the bytes that hold a lane into it
// and shifts them, 16 bytes of lanes at a time; bytes, and the last lanes, are spread by words
// (pdep). All of it takes a time that depends on the width and the number of lanes alone.
#include "runtime/kernels/pack.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/pack.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "runtime/base/bytes.h"
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

#if HWY_TARGET != HWY_SCALAR
namespace hn = hwy::HWY_NAMESPACE;

// 16 bytes of lanes T out of bytes whose bit `first`, of the first one, is where they begin. A lane
// of some widths reaches into one byte more than it has.
template <LaneType T>
class Block {
 public:
  static constexpr hn::FixedTag<T, 16 / sizeof(T)> d{};
  static constexpr hn::FixedTag<uint8_t, 16> d8{};
  static constexpr int kLanes = 16 / sizeof(T), kBits = 8 * sizeof(T);

  Block() = default;
  Block(int l, int first) : mask_(static_cast<T>(Mask(l))) {
    for (int i = 0; i < kLanes; ++i) {
      const int bit = first + i * l;
      shifts_[i] = static_cast<T>(bit % 8);
      if (bit % 8 + l > kBits) {
        wide_ = true;
        fits_ &= bit / 8 + sizeof(T) < 16;
      }
      for (size_t byte = 0; byte < sizeof(T); ++byte) {
        bytes_[i * sizeof(T) + byte] = static_cast<uint8_t>(bit / 8 + byte);
        next_[i * sizeof(T) + byte] = kNone;
      }
      next_[i * sizeof(T)] = static_cast<uint8_t>(bit / 8 + sizeof(T));
    }
  }

  bool wide() const { return wide_; }
  // Whether its 16 bytes hold all lanes.
  bool fits() const { return fits_; }

  template <bool kWide>
  HWY_INLINE hn::Vec<decltype(d)> Read(const uint8_t* in) const {
    const auto from = hn::LoadU(d8, in);
    const auto pick = [&](const uint8_t* bytes) HWY_ATTR {
      return hn::BitCast(d, hn::TableLookupBytesOr0(from, hn::Load(d8, bytes)));
    };
    const auto shifts = hn::Load(d, shifts_);
    auto lanes = hn::Shr(pick(bytes_), shifts);
    if constexpr (kWide) {
      const auto rest = hn::Sub(hn::Set(d, kBits - 1), shifts);
      lanes = hn::Or(lanes, hn::Shl(hn::ShiftLeft<1>(pick(next_)), rest));
    }
    return hn::And(lanes, hn::Set(d, mask_));
  }

 private:
  static constexpr uint8_t kNone = 0x80;  // picks 0

  HWY_ALIGN uint8_t bytes_[16], next_[16];
  HWY_ALIGN T shifts_[kLanes];
  T mask_ = 0;
  bool wide_ = false, fits_ = true;
};

// Groups of 8 lanes, which begin and end on a byte. Two bytes are taken out of four.
template <LaneType T>
class Groups {
 public:
  using Taken = std::conditional_t<sizeof(T) == 2, uint32_t, T>;
  static constexpr int kBlocks = 8 / Block<Taken>::kLanes;

  explicit Groups(int l) : l_(l) {
    for (int b = 0; b < kBlocks; ++b) {
      starts_[b] = b * Block<Taken>::kLanes * l / 8;
      blocks_[b] = Block<Taken>(l, b * Block<Taken>::kLanes * l % 8);
    }
  }

  bool wide() const { return std::ranges::any_of(blocks_, &Block<Taken>::wide); }
  bool fits() const { return std::ranges::all_of(blocks_, &Block<Taken>::fits); }

  // How many of `groups` lie in `bytes`, with all that is read of them.
  int64_t Whole(int64_t groups, int64_t bytes) const {
    const int64_t read = starts_[kBlocks - 1] + 16;
    return bytes < read ? 0 : std::min(groups, (bytes - read) / l_ + 1);
  }

  template <bool kWide>
  void Read(const uint8_t* in, int64_t groups, T* out) const {
    const auto block = [&](int b)
                           HWY_ATTR { return blocks_[b].template Read<kWide>(in + starts_[b]); };
    for (; groups > 0; --groups, in += l_, out += 8) {
      if constexpr (sizeof(T) == 2) {
        const hn::FixedTag<T, 8> d;
        hn::StoreU(hn::ConcatEven(d, hn::BitCast(d, block(1)), hn::BitCast(d, block(0))), d, out);
      } else {
        for (int b = 0; b < kBlocks; ++b)
          hn::StoreU(block(b), Block<T>::d, out + b * Block<T>::kLanes);
      }
    }
  }

 private:
  int64_t l_;
  int64_t starts_[kBlocks];
  Block<Taken> blocks_[kBlocks];
};

// The first lanes of `out`, as many as it returns: a multiple of 8.
template <LaneType T>
int64_t UnpackFirst(const uint8_t* in, int l, std::span<T> out) {
  const Groups<T> groups(l);
  if (!groups.fits()) return 0;
  const int64_t whole = groups.Whole(out.size() / 8, PackedBytes(out.size(), l));
  if (groups.wide())
    groups.template Read<true>(in, whole, out.data());
  else
    groups.template Read<false>(in, whole, out.data());
  return whole * 8;
}
#endif

// So many lanes are worth what UnpackFirst prepares.
constexpr size_t kManyLanes = 64;

template <LaneType T>
void UnpackLanes(const uint8_t* in, int l, std::span<T> out) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (sizeof(T) > 1) {
    const int64_t first = out.size() < kManyLanes ? 0 : UnpackFirst(in, l, out);
    in += PackedBytes(first, l);
    out = out.subspan(first);
  }
#endif
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

}  // namespace

uint64_t ReadBits(const uint8_t* p, uint64_t bit_offset, int l) {
  p += bit_offset / 8;
  const int shift = bit_offset % 8;
  const int bytes = (shift + l + 7) / 8;
  if (bytes <= 8) return LoadBytes(p, bytes) >> shift & Mask(l);
  return (LoadWord<uint64_t>(p) >> shift | uint64_t{p[8]} << (64 - shift)) & Mask(l);
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
