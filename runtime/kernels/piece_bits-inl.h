// SPDX-License-Identifier: Apache-2.0
// Bits as masks of vectors, compiled once for each instruction set.

// Not an ordinary guard: foreach_target.h includes this file again for every target.
#if defined(MPCC_RUNTIME_KERNELS_PIECE_BITS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MPCC_RUNTIME_KERNELS_PIECE_BITS_INL_H_
#undef MPCC_RUNTIME_KERNELS_PIECE_BITS_INL_H_
#else
#define MPCC_RUNTIME_KERNELS_PIECE_BITS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Elements that are worked on at a time: what is put together of them stays in the first-level
// cache.
constexpr uint64_t kPiece = 512;

// A bit of each element of a piece. Whoever puts secrets into it cleanses all of it.
struct PieceBits {
  uint64_t words[kPiece / 64 + 1];  // a load of bits may read 8 bytes
  mutable uint64_t part = 0;        // of a vector with less than 8 lanes

  // Those of lanes i and following. REQUIRES: `i` is a multiple of the lanes.
  template <class D>
  HWY_INLINE hn::Mask<D> At(D d, int64_t i) const {
    const uint8_t* const bytes = reinterpret_cast<const uint8_t*>(words) + i / 8;
    if (hn::Lanes(d) >= 8) return hn::LoadMaskBits(d, bytes);
    part = *bytes >> i % 8;
    return hn::LoadMaskBits(d, reinterpret_cast<const uint8_t*>(&part));
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#endif  // the guard that toggles
