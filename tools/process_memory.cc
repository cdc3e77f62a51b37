// SPDX-License-Identifier: Apache-2.0
#include "tools/process_memory.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "runtime/base/private_file.h"

namespace mpcc {
namespace {

constexpr struct {
  const char* name;
  uint64_t ProcessMemory::*field;
} kLines[] = {{"VmRSS:", &ProcessMemory::resident},
              {"VmHWM:", &ProcessMemory::peak},
              {"RssFile:", &ProcessMemory::file}};

constexpr const char* kResetPeak = "5";  // proc(5), clear_refs

}  // namespace

absl::StatusOr<ProcessMemory> MemoryOf(pid_t process) {
  const std::string path = fmt::format("/proc/{}/status", process);
  std::ifstream status(path);
  if (!status) return FileError(path, "cannot read");
  ProcessMemory memory;
  for (std::string word; status >> word;)
    for (const auto& line : kLines)
      if (uint64_t kilobytes = 0; word == line.name && status >> kilobytes)
        memory.*line.field = kilobytes << 10;
  return memory;
}

absl::Status ForgetPeak(pid_t process) {
  const std::string path = fmt::format("/proc/{}/clear_refs", process);
  std::ofstream file(path);
  file << kResetPeak << std::flush;
  return file ? absl::OkStatus() : FileError(path, "cannot write");
}

}  // namespace mpcc
