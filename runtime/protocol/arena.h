// SPDX-License-Identifier: Apache-2.0
// Scratch memory of one step: taken piece by piece, given back all at once, zeroised when freed.
#ifndef MPCC_RUNTIME_PROTOCOL_ARENA_H_
#define MPCC_RUNTIME_PROTOCOL_ARENA_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/bit_vector.h"
#include "runtime/base/ring_vector.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc::protocol {

// Grows on first use and keeps what it has: a program that runs again allocates nothing. Not
// thread-safe.
class Arena {
 public:
  // InParts and ForParts (crew.h) work on `part` elements at a time, a multiple of 8.
  explicit Arena(uint64_t part = 1 << 15) : part_(part) {}

  // n elements of T, 64-byte aligned, contents unspecified; valid until the next Reset.
  template <typename T = uint8_t>
  std::span<T> Take(uint64_t n) {
    return {reinterpret_cast<T*>(TakeBytes(n * sizeof(T))), n};
  }
  RingVector TakeVector(uint64_t n, int width) {
    return {TakeBytes(LaneVectorBytes(n, width)), n, width};
  }
  BitVector TakeBits(uint64_t n) { return {TakeBytes(PackedBytes(n, 1)), n}; }

  // Gives back everything. After a step that needed several blocks the next ones get a single large
  // one.
  void Reset();

  uint64_t part() const { return part_; }
  // Bytes that it has.
  uint64_t held_bytes() const;

  // Gives back what was taken during its life, for loops over pieces.
  class Scope {
   public:
    explicit Scope(Arena& arena)
        : arena_(arena), blocks_(arena.blocks_.size()), used_(arena.used_), total_(arena.total_) {}
    ~Scope() {
      // Where it grew the last block is of this scope; Reset will merge the blocks.
      arena_.used_ = arena_.blocks_.size() == blocks_ ? used_ : 0;
      arena_.total_ = total_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Arena& arena_;
    size_t blocks_;
    uint64_t used_, total_;
  };

 private:
  uint8_t* TakeBytes(uint64_t bytes);

  uint64_t part_;
  std::vector<SecureBuffer> blocks_;
  uint64_t used_ = 0;   // of the last block
  uint64_t total_ = 0;  // taken since Reset and not given back
  uint64_t peak_ = 0;   // the most of it
};

// Calls fn(first, count) for one part of n elements after another, in a scope of its own. Parts
// begin at multiples of 8.
template <typename Fn>
void InParts(uint64_t n, Arena& arena, Fn fn) {
  for (uint64_t first = 0; first < n; first += arena.part()) {
    const Arena::Scope scope(arena);
    fn(first, std::min(arena.part(), n - first));
  }
}

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_ARENA_H_
