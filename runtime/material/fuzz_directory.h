// SPDX-License-Identifier: Apache-2.0
// For fuzz targets of files: a folder of this process alone, gone when it ends.
#ifndef MPCC_RUNTIME_MATERIAL_FUZZ_DIRECTORY_H_
#define MPCC_RUNTIME_MATERIAL_FUZZ_DIRECTORY_H_

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace mpcc {

class FuzzDirectory {
 public:
  FuzzDirectory() : path_(std::filesystem::temp_directory_path() / "mpcc_fuzz_XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~FuzzDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  FuzzDirectory(const FuzzDirectory&) = delete;
  FuzzDirectory& operator=(const FuzzDirectory&) = delete;

  const std::string& path() const { return path_; }

  void Write(const std::string& path, std::span<const uint8_t> bytes) const {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::string path_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_FUZZ_DIRECTORY_H_
