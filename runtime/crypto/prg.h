// SPDX-License-Identifier: Apache-2.0
// The pseudorandom streams of a pair of parties: AES-128 in counter mode (NIST SP 800-38A).
//
// A key names 2^64 streams. Block b of stream s is AES(key, be64(s) || be64(b)), b from 0, and the
// stream is the concatenation of its blocks. Element i of a vector over Z_2^l drawn from a stream
// is bits [i*l, (i+1)*l), least significant bit first within each byte (bit n of the stream is
// bit n%8 of byte n/8). Both ends of a key draw the same bytes, in any order and any pieces.
#ifndef MPCC_RUNTIME_CRYPTO_PRG_H_
#define MPCC_RUNTIME_CRYPTO_PRG_H_

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace mpcc {

// Not thread-safe: a thread that shares a key works on its own Clone(). The expanded key lives in
// OpenSSL's contexts only, which zeroise it when they are freed.
class Prg {
 public:
  static constexpr size_t kKeyBytes = 16;
  static constexpr size_t kBlockBytes = 16;

  explicit Prg(std::span<const uint8_t, kKeyBytes> key);
  Prg(Prg&&) noexcept = default;
  Prg& operator=(Prg&&) noexcept = default;

  // Another generator with the same key.
  Prg Clone() const;

  // out = bytes [byte_offset, byte_offset + out.size()) of the stream. Any offset and size.
  void Fill(uint64_t stream, uint64_t byte_offset, std::span<uint8_t> out);

  // Block block_indices[i] of the stream to out16xn[16*i .. 16*i+16), for all i: the few entries
  // that a table lookup reads of a long stream.
  void Blocks(uint64_t stream, std::span<const uint64_t> block_indices, uint8_t* out16xn);

  // The first `blocks` blocks of each of the streams, those of one behind those of another: vectors
  // that are too short to be worth a call each.
  void Heads(std::span<const uint64_t> streams, size_t blocks, uint8_t* out);

 private:
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const;
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

  Prg(Context counter_mode, Context block_mode);

  void FillShort(uint64_t stream, uint64_t byte_offset, std::span<uint8_t> out);

  Context counter_mode_;  // AES-128-CTR, for runs
  Context block_mode_;    // AES-128-ECB, for scattered and for few blocks
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_PRG_H_
