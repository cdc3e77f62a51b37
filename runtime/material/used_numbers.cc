// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/used_numbers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/material/durable_file.h"

namespace mpcc {
namespace {

constexpr char kMagic[8] = {'M', 'P', 'C', 'C', 'N', 'U', 'M', 'S'};
constexpr uint32_t kVersion = 1;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t zero;
  uint8_t instance[16];
  uint64_t watermark;
  uint64_t gaps;
  uint8_t sha[32];
};
static_assert(sizeof(Header) == 80);

struct Gap {
  uint64_t first, last;
};

struct Record {
  uint64_t number, complement;
};

Sha256Digest DigestOf(Header header, std::span<const uint8_t> gaps) {
  std::ranges::fill(header.sha, 0);
  Sha256 sha;
  sha.Update(BytesOf(header));
  sha.Update(gaps);
  return sha.Finish();
}

Header HeaderOf(const InstanceId& instance, const SpentNumbers& spent,
                std::span<const uint8_t> gaps) {
  Header header{};
  std::ranges::copy(kMagic, header.magic);
  header.version = kVersion;
  std::ranges::copy(instance.instance, header.instance);
  header.watermark = spent.watermark();
  header.gaps = spent.gaps().size();
  std::ranges::copy(DigestOf(header, gaps), header.sha);
  return header;
}

// A file without records. After a crash the file says what it said before or says this, whole.
absl::Status Write(const std::string& path, const InstanceId& instance, const SpentNumbers& spent) {
  std::vector<Gap> gaps;
  for (const auto& [first, last] : spent.gaps()) gaps.push_back({first, last});
  const Header header = HeaderOf(instance, spent, BytesOf(gaps));
  return WriteDurably(path, std::array{BytesOf(header), BytesOf(gaps)});
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(
      fmt::format("{}: damaged, or of another version or instance: set up again", path));
}

struct Content {
  SpentNumbers spent;
  bool folded = true;  // no records, nothing torn
};

absl::StatusOr<SpentNumbers::Gaps> GapsIn(std::span<const uint8_t> bytes, uint64_t watermark,
                                          const std::string& path) {
  SpentNumbers::Gaps gaps;
  for (uint64_t before = 0; !bytes.empty(); bytes = bytes.subspan(sizeof(Gap))) {
    Gap gap;
    std::memcpy(&gap, bytes.data(), sizeof(gap));
    if (gap.first <= before || gap.last < gap.first || gap.last >= watermark) return Damaged(path);
    gaps.emplace(gap.first, gap.last);
    before = gap.last + 1;
  }
  return gaps;
}

// A record that is torn, or for which space was made without its data, ends the file.
absl::Status AddRecords(std::span<const uint8_t> bytes, SpentNumbers& spent,
                        const std::string& path) {
  for (; bytes.size() >= sizeof(Record); bytes = bytes.subspan(sizeof(Record))) {
    Record record;
    std::memcpy(&record, bytes.data(), sizeof(record));
    const bool last = bytes.size() < 2 * sizeof(Record);
    if (last && record.number == 0 && record.complement == 0) break;
    if (record.complement != ~record.number) return Damaged(path);
    spent.Add(record.number);
  }
  return absl::OkStatus();
}

absl::StatusOr<Content> Load(const std::string& path, const InstanceId& instance) {
  auto file = ReadWhole(path);
  if (absl::IsNotFound(file.status()))
    return absl::FailedPreconditionError(fmt::format(
        "{}: the record of spent numbers is missing, without it masks might serve twice: set up "
        "again with `setup --renew` at P0 and `setup` at P1 and P2",
        path));
  MPCC_RETURN_IF_ERROR(file.status());
  std::span<const uint8_t> bytes = file->span();
  Header header;
  if (bytes.size() < sizeof(header)) return Damaged(path);
  std::memcpy(&header, bytes.data(), sizeof(header));
  bytes = bytes.subspan(sizeof(header));
  if (header.gaps > bytes.size() / sizeof(Gap)) return Damaged(path);
  const auto gaps = bytes.first(header.gaps * sizeof(Gap));
  if (!std::ranges::equal(header.magic, kMagic) || header.version != kVersion ||
      !std::ranges::equal(header.instance, instance.instance) ||
      !std::ranges::equal(header.sha, DigestOf(header, gaps)))
    return Damaged(path);
  bytes = bytes.subspan(gaps.size());
  Content content{{}, bytes.empty()};
  MPCC_ASSIGN_OR_RETURN(auto read, GapsIn(gaps, header.watermark, path));
  content.spent = SpentNumbers(header.watermark, std::move(read));
  MPCC_RETURN_IF_ERROR(AddRecords(bytes, content.spent, path));
  return content;
}

}  // namespace

absl::Status UsedNumbers::Create(const std::string& path, const InstanceId& instance) {
  return Write(path, instance, SpentNumbers());
}

absl::StatusOr<SpentNumbers> UsedNumbers::Read(const std::string& path,
                                               const InstanceId& instance) {
  MPCC_ASSIGN_OR_RETURN(Content content, Load(path, instance));
  return std::move(content.spent);
}

absl::StatusOr<std::shared_ptr<UsedNumbers>> UsedNumbers::Open(const std::string& path,
                                                               const InstanceId& instance) {
  MPCC_ASSIGN_OR_RETURN(Content content, Load(path, instance));
  // Records are folded into watermark and gaps, so that the file does not grow with its age, and
  // what was torn is gone before a new record is written behind it.
  if (!content.folded) MPCC_RETURN_IF_ERROR(Write(path, instance, content.spent));
  UniqueFd fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (fd.get() < 0) return FileError(path, "cannot open");
  return std::shared_ptr<UsedNumbers>(
      new UsedNumbers(path, std::move(fd), std::move(content.spent)));
}

bool UsedNumbers::Contains(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return spent_.Contains(number);
}

SpentNumbers UsedNumbers::spent() const {
  const std::lock_guard lock(mutex_);
  return spent_;
}

uint64_t UsedNumbers::watermark() const {
  const std::lock_guard lock(mutex_);
  return spent_.watermark();
}

absl::Status UsedNumbers::Mark(uint64_t number) {
  const std::lock_guard lock(mutex_);
  if (spent_.Contains(number))
    return absl::AlreadyExistsError(fmt::format(
        "inference number {} has been used before: its material must not serve again", number));
  const Record record{number, ~number};
  if (status_.ok() &&
      (write(fd_.get(), &record, sizeof(record)) != sizeof(record) || fdatasync(fd_.get()) != 0))
    status_ = FileError(path_, "cannot mark an inference number as used");
  if (status_.ok()) spent_.Add(number);
  return status_;
}

}  // namespace mpcc
