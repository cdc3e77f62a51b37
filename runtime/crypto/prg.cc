// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/prg.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "runtime/base/secure_buffer.h"
#include "runtime/crypto/openssl_error.h"

namespace mpcc {
namespace {

// Counter mode adds its keystream to this. Small enough to stay in the first-level cache beside
// the output, large enough to hide the cost of a call.
constexpr size_t kChunk = 16384;
alignas(64) constexpr std::array<uint8_t, kChunk> kZeros{};

// Up to so many bytes a counter mode takes more to begin than the blocks take one by one.
constexpr size_t kShort = 512;

uint64_t BigEndian(uint64_t x) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(x) : x;
}

void WriteCounter(uint64_t stream, uint64_t block, uint8_t* out) {
  const uint64_t words[2] = {BigEndian(stream), BigEndian(block)};
  std::memcpy(out, words, sizeof(words));
}

EVP_CIPHER_CTX* NewContext(const EVP_CIPHER* cipher, const uint8_t* key) {
  const std::array<uint8_t, Prg::kBlockBytes> iv{};
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  CheckOpenssl(context != nullptr, "allocating an aes context");
  CheckOpenssl(EVP_EncryptInit_ex(context, cipher, nullptr, key, iv.data()) == 1, "aes key setup");
  EVP_CIPHER_CTX_set_padding(context, 0);
  return context;
}

EVP_CIPHER_CTX* CopyContext(const EVP_CIPHER_CTX* from) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  CheckOpenssl(context != nullptr, "allocating an aes context");
  CheckOpenssl(EVP_CIPHER_CTX_copy(context, from) == 1, "copying an aes context");
  return context;
}

// `bytes` is at most kChunk.
void Encrypt(EVP_CIPHER_CTX* context, const uint8_t* in, uint8_t* out, size_t bytes) {
  int written = 0;
  const bool ok = EVP_EncryptUpdate(context, out, &written, in, static_cast<int>(bytes)) == 1 &&
                  static_cast<size_t>(written) == bytes;
  CheckOpenssl(ok, "aes encryption");
}

}  // namespace

void Prg::FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

Prg::Prg(std::span<const uint8_t, kKeyBytes> key)
    : counter_mode_(NewContext(EVP_aes_128_ctr(), key.data())),
      block_mode_(NewContext(EVP_aes_128_ecb(), key.data())) {}

Prg::Prg(Context counter_mode, Context block_mode)
    : counter_mode_(std::move(counter_mode)), block_mode_(std::move(block_mode)) {}

Prg Prg::Clone() const {
  return Prg(Context(CopyContext(counter_mode_.get())), Context(CopyContext(block_mode_.get())));
}

void Prg::FillShort(uint64_t stream, uint64_t byte_offset, std::span<uint8_t> out) {
  const uint64_t first = byte_offset / kBlockBytes, skip = byte_offset % kBlockBytes;
  const size_t count = (skip + out.size() + kBlockBytes - 1) / kBlockBytes;
  uint8_t blocks[kShort + kBlockBytes];
  for (size_t i = 0; i < count; ++i) WriteCounter(stream, first + i, blocks + i * kBlockBytes);
  Encrypt(block_mode_.get(), blocks, blocks, count * kBlockBytes);
  std::memcpy(out.data(), blocks + skip, out.size());
  CleanseMemory({blocks, count * kBlockBytes});
}

void Prg::Fill(uint64_t stream, uint64_t byte_offset, std::span<uint8_t> out) {
  if (out.empty()) return;
  if (out.size() <= kShort) return FillShort(stream, byte_offset, out);
  EVP_CIPHER_CTX* context = counter_mode_.get();
  uint8_t counter[kBlockBytes];
  WriteCounter(stream, byte_offset / kBlockBytes, counter);
  CheckOpenssl(EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, counter) == 1, "aes seek");
  if (const size_t skip = byte_offset % kBlockBytes; skip != 0) {
    uint8_t unused[kBlockBytes];
    Encrypt(context, kZeros.data(), unused, skip);
    CleanseMemory(unused);
  }
  while (!out.empty()) {
    const size_t bytes = std::min(out.size(), kChunk);
    Encrypt(context, kZeros.data(), out.data(), bytes);
    out = out.subspan(bytes);
  }
}

void Prg::Heads(std::span<const uint64_t> streams, size_t blocks, uint8_t* out) {
  uint8_t* end = out;
  for (uint64_t stream : streams)
    for (size_t b = 0; b < blocks; ++b, end += kBlockBytes) WriteCounter(stream, b, end);
  for (std::span<uint8_t> left(out, end); !left.empty();) {
    const auto chunk = left.first(std::min(left.size(), kChunk));
    Encrypt(block_mode_.get(), chunk.data(), chunk.data(), chunk.size());
    left = left.subspan(chunk.size());
  }
}

void Prg::Blocks(uint64_t stream, std::span<const uint64_t> block_indices, uint8_t* out16xn) {
  constexpr size_t kBatch = kChunk / kBlockBytes;
  while (!block_indices.empty()) {
    const size_t count = std::min(block_indices.size(), kBatch);
    for (size_t i = 0; i < count; ++i) {
      WriteCounter(stream, block_indices[i], out16xn + i * kBlockBytes);
    }
    Encrypt(block_mode_.get(), out16xn, out16xn, count * kBlockBytes);
    block_indices = block_indices.subspan(count);
    out16xn += count * kBlockBytes;
  }
}

}  // namespace mpcc
