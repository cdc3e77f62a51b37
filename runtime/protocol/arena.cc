// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/arena.h"

#include <algorithm>

namespace mpcc::protocol {
namespace {

constexpr uint64_t kMinBlock = 1 << 20;

uint64_t RoundUp(uint64_t bytes) {
  return (bytes + SecureBuffer::kAlignment - 1) / SecureBuffer::kAlignment *
         SecureBuffer::kAlignment;
}

}  // namespace

uint8_t* Arena::TakeBytes(uint64_t bytes) {
  // One spare block of bytes lets kernels load a whole vector at the end.
  const uint64_t size = RoundUp(bytes) + SecureBuffer::kAlignment;
  if (blocks_.empty() || blocks_.back().size() - used_ < size) {
    blocks_.emplace_back(std::max(size, kMinBlock));
    used_ = 0;
  }
  uint8_t* piece = blocks_.back().data() + used_;
  used_ += size;
  total_ += size;
  peak_ = std::max(peak_, total_);
  return piece;
}

void Arena::Reset() {
  if (blocks_.size() > 1) {
    blocks_.clear();
    blocks_.emplace_back(peak_);
  }
  used_ = total_ = peak_ = 0;
}

uint64_t Arena::held_bytes() const {
  uint64_t bytes = 0;
  for (const SecureBuffer& block : blocks_) bytes += block.size();
  return bytes;
}

}  // namespace mpcc::protocol
