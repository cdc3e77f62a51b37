// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/peer_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace mpcc {
namespace {

struct Letter {
  uint32_t code = 0;
  size_t bytes = 0;  // 0: no UTF-8 begins here
};

// By the length of a letter: the mask and value of its first byte, and the least code that needs
// it.
constexpr struct {
  uint8_t mask, value;
  uint32_t least;
} kForms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

Letter LetterAt(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    const auto& form = kForms[length - 1];
    if ((first & form.mask) != form.value) continue;
    uint32_t code = first & static_cast<uint8_t>(~form.mask);
    for (size_t i = 1; i < length; ++i) {
      const auto next = static_cast<uint8_t>(text[i]);
      if ((next & 0xC0) != 0x80) return {};
      code = code << 6 | (next & 0x3F);
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    if (code < form.least || code > 0x10FFFF || surrogate) return {};
    return {code, length};
  }
  return {};
}

struct Range {
  uint32_t first, last;
};
// Controls, ends of lines, and what turns the direction of writing.
constexpr Range kEscaped[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x061C, 0x061C},
                              {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
                              {0xFEFF, 0xFEFF}};

bool Harmless(uint32_t code) {
  return std::ranges::none_of(
      kEscaped, [&](const Range& range) { return code >= range.first && code <= range.last; });
}

}  // namespace

std::string SafeText(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Letter letter = LetterAt(text);
    const std::string_view bytes = text.substr(0, std::max<size_t>(letter.bytes, 1));
    if (letter.bytes > 0 && Harmless(letter.code))
      safe += bytes;
    else
      for (const char byte : bytes) safe += fmt::format("\\x{:02x}", static_cast<uint8_t>(byte));
    text.remove_prefix(bytes.size());
  }
  return safe;
}

std::string_view CutText(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string WithoutFolders(std::string_view text) {
  std::string without;
  while (!text.empty()) {
    const size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space == text.npos ? text.size() : space + 1);
    const size_t slash = word.substr(0, word.find_last_not_of("/ ") + 1).rfind('/');
    without += slash == std::string_view::npos ? word : word.substr(slash + 1);
    text.remove_prefix(word.size());
  }
  return without;
}

}  // namespace mpcc
