// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/prg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <thread>
#include <vector>

namespace mpcc {
namespace {

using ::testing::ElementsAreArray;
using Key = std::array<uint8_t, 16>;
using Bytes = std::vector<uint8_t>;

constexpr Key kKey{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                   0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};

Bytes Draw(Prg& prg, uint64_t stream, uint64_t offset, size_t bytes) {
  Bytes out(bytes, 0xEE);
  prg.Fill(stream, offset, out);
  return out;
}

// AES of one block, straight from OpenSSL: the definition of the keystream.
Bytes AesBlock(const Key& key, const std::array<uint8_t, 16>& block) {
  Bytes out(32);
  int written = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, key.data(), nullptr);
  EVP_EncryptUpdate(context, out.data(), &written, block.data(), 16);
  EVP_CIPHER_CTX_free(context);
  out.resize(16);
  return out;
}

// Key-only vectors of the NIST AES algorithm validation suite: the plaintext is the zero block,
// which is block 0 of stream 0.
TEST(Prg, FirstBlockMatchesTheNistVectors) {
  struct Vector {
    Key key;
    std::array<uint8_t, 16> block;
  };
  const Vector vectors[] = {
      {{0x10, 0xa5, 0x88, 0x69, 0xd7, 0x4b, 0xe5, 0xa3, 0x74, 0xcf, 0x86, 0x7c, 0xfb, 0x47, 0x38,
        0x59},
       {0x6d, 0x25, 0x1e, 0x69, 0x44, 0xb0, 0x51, 0xe0, 0x4e, 0xaa, 0x6f, 0xb4, 0xdb, 0xf7, 0x84,
        0x65}},
      {{0x80},
       {0x0e, 0xdd, 0x33, 0xd3, 0xc6, 0x21, 0xe5, 0x46, 0x45, 0x5b, 0xd8, 0xba, 0x14, 0x18, 0xbe,
        0xc8}},
  };
  for (const Vector& vector : vectors) {
    Prg prg(vector.key);
    EXPECT_THAT(Draw(prg, 0, 0, 16), ElementsAreArray(vector.block));
  }
}

TEST(Prg, BlockIsAesOfStreamAndIndexBigEndian) {
  Prg prg(kKey);
  const std::array<uint8_t, 16> counter{8, 7, 6, 5, 1, 2, 3, 4, 0, 0, 0, 5, 6, 7, 8, 9};
  EXPECT_EQ(Draw(prg, 0x0807060501020304, uint64_t{0x506070809} * 16, 16), AesBlock(kKey, counter));
}

TEST(Prg, SameKeyAndStreamGiveTheSameBytes) {
  Prg a(kKey), b(kKey);
  EXPECT_EQ(Draw(a, 7, 0, 1000), Draw(b, 7, 0, 1000));
  EXPECT_EQ(Draw(a, 7, 0, 1000), Draw(a, 7, 0, 1000));
}

TEST(Prg, StreamsAndKeysAreUnrelated) {
  Prg a(kKey), b(Key{1});
  EXPECT_NE(Draw(a, 1, 0, 16), Draw(a, 2, 0, 16));
  EXPECT_NE(Draw(a, 1, 0, 16), Draw(b, 1, 0, 16));
}

TEST(Prg, AnyPieceIsASliceOfTheWhole) {
  Prg prg(kKey);
  const Bytes whole = Draw(prg, 9, 0, 40000);  // more than two internal chunks
  for (size_t offset : {0u, 1u, 15u, 16u, 17u, 4095u, 16383u, 16385u}) {
    for (size_t bytes : {0u, 1u, 15u, 16u, 33u, 511u, 512u, 513u, 17000u}) {
      const Bytes slice(whole.begin() + offset, whole.begin() + offset + bytes);
      EXPECT_EQ(Draw(prg, 9, offset, bytes), slice) << offset << "+" << bytes;
    }
  }
}

TEST(Prg, OffsetsBeyondFourGigabytesDoNotWrap) {
  Prg prg(kKey);
  const uint64_t far = uint64_t{1} << 36;
  EXPECT_NE(Draw(prg, 0, far, 32), Draw(prg, 0, 0, 32));
  Bytes block(16);
  prg.Blocks(0, std::array<uint64_t, 1>{far / 16}, block.data());
  EXPECT_EQ(Draw(prg, 0, far, 16), block);
}

TEST(Prg, ScatteredBlocksMatchTheStream) {
  Prg prg(kKey);
  const Bytes whole = Draw(prg, 3, 0, 16 * 5000);
  std::vector<uint64_t> indices;
  for (uint64_t i = 0; i < 3000; ++i) indices.push_back(i * 1237 % 5000);
  Bytes blocks(16 * indices.size());
  prg.Blocks(3, indices, blocks.data());
  for (size_t i = 0; i < indices.size(); ++i) {
    ASSERT_TRUE(std::equal(&blocks[16 * i], &blocks[16 * i] + 16, &whole[16 * indices[i]])) << i;
  }
}

TEST(Prg, NoBlocksTouchNothing) {
  Prg prg(kKey);
  prg.Blocks(3, {}, nullptr);
  prg.Heads({}, 3, nullptr);
  prg.Heads(std::array<uint64_t, 1>{4}, 0, nullptr);
}

TEST(Prg, HeadsAreTheBeginningsOfStreams) {
  Prg prg(kKey);
  std::vector<uint64_t> streams;
  for (uint64_t i = 0; i < 300; ++i) streams.push_back(i * i * 0x123456789);
  for (size_t blocks : {1u, 2u, 6u, 33u}) {
    Bytes heads(16 * blocks * streams.size());
    prg.Heads(streams, blocks, heads.data());
    for (size_t i = 0; i < streams.size(); ++i) {
      const auto head = heads.begin() + static_cast<std::ptrdiff_t>(16 * blocks * i);
      ASSERT_EQ(Bytes(head, head + 16 * blocks), Draw(prg, streams[i], 0, 16 * blocks)) << i;
    }
  }
}

TEST(Prg, ClonesWorkOnOtherThreads) {
  Prg prg(kKey);
  Prg clone = prg.Clone();
  Bytes theirs;
  std::thread thread([&] { theirs = Draw(clone, 4, 0, 1 << 20); });
  const Bytes ours = Draw(prg, 4, 0, 1 << 20);
  thread.join();
  EXPECT_EQ(ours, theirs);
}

}  // namespace
}  // namespace mpcc
