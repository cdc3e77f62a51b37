// SPDX-License-Identifier: Apache-2.0
// Words that go to a peer and come from one.
#ifndef MPCC_RUNTIME_NET_PEER_TEXT_H_
#define MPCC_RUNTIME_NET_PEER_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace mpcc {

// What a peer says, safe to print and to put into JSON: UTF-8 on one line. Control characters,
// characters that turn the direction of writing, and bytes that are no UTF-8 are written \xNN.
std::string SafeText(std::string_view text);

// The longest beginning of at most `most` bytes that ends between two letters of UTF-8.
std::string_view CutText(std::string_view text, size_t most);

// Text without this machine's folders: of each word with slashes what stands behind the last.
std::string WithoutFolders(std::string_view text);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_PEER_TEXT_H_
