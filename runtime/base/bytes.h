// SPDX-License-Identifier: Apache-2.0
// The bytes of numbers, records and texts, where files and messages meet them.
#ifndef MPCC_RUNTIME_BASE_BYTES_H_
#define MPCC_RUNTIME_BASE_BYTES_H_

#include <cstdint>
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

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_BYTES_H_
