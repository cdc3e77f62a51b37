// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/used_numbers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/material/durable_file.h"

namespace mpcc {
namespace {

struct Record {
  uint64_t number;
  uint64_t complement;
};

}  // namespace

absl::StatusOr<UsedNumbers> UsedNumbers::Open(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (fd.get() < 0) return FileError(path, "cannot open");
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return absl::FailedPreconditionError(fmt::format(
        "{}: another process works with this state directory: stop it or use another", path));
  UsedNumbers used(path, std::move(fd));
  MPCC_RETURN_IF_ERROR(used.Load());
  MPCC_RETURN_IF_ERROR(SyncDirectoryOf(path));
  return used;
}

absl::Status UsedNumbers::Load() {
  const off_t size = lseek(fd_.get(), 0, SEEK_END);
  const off_t whole =
      size / static_cast<off_t>(sizeof(Record)) * static_cast<off_t>(sizeof(Record));
  for (off_t offset = 0; offset < whole; offset += sizeof(Record)) {
    Record record;
    if (pread(fd_.get(), &record, sizeof(record), offset) != sizeof(record))
      return FileError(path_, "cannot read");
    const bool last = offset + static_cast<off_t>(sizeof(Record)) == whole;
    if (last && record.number == 0 &&
        record.complement == 0)  // space was made, data was not written
      return ftruncate(fd_.get(), offset) == 0 ? absl::OkStatus()
                                               : FileError(path_, "cannot repair");
    if (record.complement != ~record.number)
      return absl::DataLossError(
          fmt::format("{}: damaged at byte {}: set up again", path_, offset));
    numbers_.insert(record.number);
  }
  if (size != whole && ftruncate(fd_.get(), whole) != 0) return FileError(path_, "cannot repair");
  return absl::OkStatus();
}

absl::Status UsedNumbers::Mark(uint64_t number) {
  if (numbers_.contains(number))
    return absl::AlreadyExistsError(fmt::format(
        "inference number {} has been used before: its material must not serve again", number));
  const Record record{number, ~number};
  const off_t end = lseek(fd_.get(), 0, SEEK_END);
  if (pwrite(fd_.get(), &record, sizeof(record), end) != sizeof(record) ||
      fdatasync(fd_.get()) != 0)
    return FileError(path_, "cannot mark an inference number as used");
  numbers_.insert(number);
  return absl::OkStatus();
}

}  // namespace mpcc
