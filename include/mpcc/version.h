// SPDX-License-Identifier: Apache-2.0
// The one home of the version: CMakeLists.txt and pyproject.toml read it from here.
#ifndef MPCC_VERSION_H_
#define MPCC_VERSION_H_

namespace mpcc {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace mpcc

#endif  // MPCC_VERSION_H_
