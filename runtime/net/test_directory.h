// SPDX-License-Identifier: Apache-2.0
// For tests: a fresh directory that goes away with its content.
#ifndef MPCC_RUNTIME_NET_TEST_DIRECTORY_H_
#define MPCC_RUNTIME_NET_TEST_DIRECTORY_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <iterator>
#include <string>

namespace mpcc {

class TestDirectory {
 public:
  TestDirectory() : path_(testing::TempDir() + "mpcc_XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot create " << path_;
  }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  int CountFiles() const {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TEST_DIRECTORY_H_
