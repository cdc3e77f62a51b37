// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/peer_text.h"

#include <gtest/gtest.h>

#include <random>

namespace mpcc {
namespace {

TEST(SafeText, KeepsLettersOfAnyLanguage) {
  for (const char* text :
       {"", "the disk is full", "die Platte ist voll: ä", "満杯", "\xF0\x9F\x92\xBE"})
    EXPECT_EQ(SafeText(text), text);
}

TEST(SafeText, EscapesWhatMovesACursorOrEndsALine) {
  EXPECT_EQ(SafeText("a\x1b[2Jb\nc\r\t\x7f"), "a\\x1b[2Jb\\x0ac\\x0d\\x09\\x7f");
  EXPECT_EQ(SafeText("\xC2\x9B"), "\\xc2\\x9b") << "a control of eight bits";
  EXPECT_EQ(SafeText("\xE2\x80\xAE"), "\\xe2\\x80\\xae") << "right to left";
  EXPECT_EQ(SafeText("\xE2\x80\xA8"), "\\xe2\\x80\\xa8") << "a line separator";
  EXPECT_EQ(SafeText(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(SafeText, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(SafeText("\xC3"), "\\xc3") << "cut";
  EXPECT_EQ(SafeText("\xE4\xB8x"), "\\xe4\\xb8x");
  EXPECT_EQ(SafeText("\xC0\xAF"), "\\xc0\\xaf") << "longer than needed";
  EXPECT_EQ(SafeText("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "half of a pair";
  EXPECT_EQ(SafeText("\xF5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");
}

TEST(SafeText, OfAnyBytesIsSafeAsItIs) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 40, 0);
    for (char& byte : bytes) byte = static_cast<char>(random());
    const std::string safe = SafeText(bytes);
    EXPECT_EQ(SafeText(safe), safe);
  }
}

TEST(CutText, EndsBetweenLetters) {
  EXPECT_EQ(CutText("abc", 3), "abc");
  EXPECT_EQ(CutText("abc", 2), "ab");
  EXPECT_EQ(CutText("a\xC3\xA4", 2), "a");
  EXPECT_EQ(CutText("\xF0\x9F\x92\xBE", 3), "");
}

TEST(WithoutFolders, KeepsTheNamesOfFiles) {
  EXPECT_EQ(WithoutFolders("/home/me/state/party1.state: cannot write: no space"),
            "party1.state: cannot write: no space");
  EXPECT_EQ(WithoutFolders("see '/a/b' or ../c/d/"), "see b' or d/");
  EXPECT_EQ(WithoutFolders("no file at all"), "no file at all");
}

}  // namespace
}  // namespace mpcc
