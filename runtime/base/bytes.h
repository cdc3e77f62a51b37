// SPDX-License-Identifier: Apache-2.0
// The bytes of numbers, records and texts, where files and messages meet them.
#ifndef MPCC_RUNTIME_BASE_BYTES_H_
#define MPCC_RUNTIME_BASE_BYTES_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace mpcc {

// Of elements in a row.
template <typename T>
std::span<const uint8_t> BytesOf(std::span<const T> elements) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const uint8_t*>(elements.data()), elements.size_bytes()};
}
template <typename T>
std::span<const uint8_t> BytesOf(const std::vector<T>& elements) {
  return BytesOf(std::span<const T>(elements));
}
inline std::span<const uint8_t> BytesOf(const std::string& text) {
  return BytesOf(std::span<const char>(text));
}

// Of one number or record.
template <typename T>
std::span<const uint8_t> BytesOf(const T& record) {
  return BytesOf(std::span<const T>(&record, 1));
}
template <typename T>
std::span<uint8_t> MutableBytesOf(T& record) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<uint8_t*>(&record), sizeof(record)};
}

static_assert(std::endian::native == std::endian::little);

template <typename Word>
Word LoadWord(const uint8_t* p) {
  Word word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}
template <typename Word>
void StoreWord(uint64_t value, uint8_t* p) {
  const auto word = static_cast<Word>(value);
  std::memcpy(p, &word, sizeof(word));
}

// The little-endian number in 1 to 8 bytes at p, by loads that overlap: a word that is put together
// in memory is waited for.
inline uint64_t LoadBytes(const uint8_t* p, int bytes) {
  if (bytes == 8) return LoadWord<uint64_t>(p);
  if (bytes >= 4)
    return LoadWord<uint32_t>(p) | uint64_t{LoadWord<uint32_t>(p + bytes - 4)} << (8 * bytes - 32);
  if (bytes >= 2)
    return LoadWord<uint16_t>(p) | uint64_t{LoadWord<uint16_t>(p + bytes - 2)} << (8 * bytes - 16);
  return *p;
}

// The same, written.
inline void StoreBytes(uint64_t value, uint8_t* p, int bytes) {
  if (bytes == 8) return StoreWord<uint64_t>(value, p);
  if (bytes >= 4) {
    StoreWord<uint32_t>(value, p);
    return StoreWord<uint32_t>(value >> (8 * bytes - 32), p + bytes - 4);
  }
  if (bytes >= 2) {
    StoreWord<uint16_t>(value, p);
    return StoreWord<uint16_t>(value >> (8 * bytes - 16), p + bytes - 2);
  }
  *p = static_cast<uint8_t>(value);
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_BYTES_H_
