// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/material_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "runtime/base/bytes.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/material/durable_file.h"

namespace mpcc {
namespace {

constexpr char kMagic[8] = {'M', 'P', 'C', 'C', 'M', 'A', 'T', 'L'};
constexpr uint32_t kVersion = 2;
constexpr size_t kDigestBytes = sizeof(Sha256Digest);

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t program;
  uint8_t plan_set_id[32];
  uint8_t instance[16];
  uint64_t number;
  uint64_t bytes;
  uint8_t zeros[16];
};
static_assert(sizeof(Header) == sizeof(MaterialHeader));

MaterialHeader HeaderOf(const MaterialInfo& info) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.version = kVersion;
  header.program = info.program;
  std::ranges::copy(info.instance.plan_set_id, header.plan_set_id);
  std::ranges::copy(info.instance.instance, header.instance);
  header.number = info.number;
  header.bytes = info.bytes;
  MaterialHeader bytes;
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

// Of the piece that begins at `offset`.
Sha256Digest DigestOf(const MaterialHeader& header, uint64_t offset,
                      std::span<const uint8_t> piece) {
  const uint64_t index = offset / kPieceBytes;
  Sha256 sha;
  sha.Update(header);
  sha.Update(BytesOf(index));
  sha.Update(piece);
  return sha.Finish();
}

uint64_t FileBytes(uint64_t bytes) {
  return sizeof(Header) + bytes + PieceCount(bytes) * kDigestBytes;
}

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(
      fmt::format("{}: damaged, or of another version, plan or instance: deal again", path));
}

}  // namespace

MaterialFileWriter::MaterialFileWriter(std::string path, const MaterialInfo& info,
                                       PrivateFileWriter file)
    : path_(std::move(path)), header_(HeaderOf(info)), file_(std::move(file)), bytes_(info.bytes) {}

absl::StatusOr<MaterialFileWriter> MaterialFileWriter::Create(const std::string& path,
                                                              const MaterialInfo& info) {
  MPCC_ASSIGN_OR_RETURN(PrivateFileWriter file, PrivateFileWriter::Create(path));
  MaterialFileWriter writer(path, info, std::move(file));
  MPCC_RETURN_IF_ERROR(writer.file_.Append(writer.header_));
  return writer;
}

absl::Status MaterialFileWriter::Put(std::span<const uint8_t> piece) {
  assert(done_ < bytes_ && piece.size() == PieceBytesAt(done_, bytes_));
  MPCC_RETURN_IF_ERROR(file_.Append(piece));
  MPCC_RETURN_IF_ERROR(file_.Append(DigestOf(header_, done_, piece)));
  done_ += piece.size();
  return absl::OkStatus();
}

absl::Status MaterialFileWriter::Commit() {
  if (done_ != bytes_)
    return absl::DataLossError(fmt::format("{}: {} bytes of {} came", path_, done_, bytes_));
  MPCC_RETURN_IF_ERROR(file_.Commit());
  return SyncDirectoryOf(path_);
}

MaterialFileReader::MaterialFileReader(std::string path, const MaterialInfo& info, UniqueFd fd)
    : path_(std::move(path)),
      header_(HeaderOf(info)),
      fd_(std::move(fd)),
      bytes_(info.bytes),
      piece_(PieceBytesAt(0, bytes_) + kDigestBytes) {}

absl::StatusOr<MaterialFileReader> MaterialFileReader::Open(const std::string& path,
                                                            const MaterialInfo& info) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FileError(path, "cannot open");
  struct stat file {};
  if (fstat(fd.get(), &file) != 0 || !S_ISREG(file.st_mode))
    return absl::InvalidArgumentError(fmt::format("{}: not a regular file", path));
  if (static_cast<uint64_t>(file.st_size) != FileBytes(info.bytes))
    return absl::DataLossError(fmt::format("{}: {} bytes, {} are needed: deal again", path,
                                           file.st_size, FileBytes(info.bytes)));
  MaterialFileReader reader(path, info, std::move(fd));
  MaterialHeader header;
  MPCC_RETURN_IF_ERROR(ReadFully(reader.fd_.get(), header, path));
  if (header != reader.header_) return Damaged(path);
  return reader;
}

absl::StatusOr<std::span<const uint8_t>> MaterialFileReader::Next() {
  if (done_ == bytes_) return absl::OutOfRangeError(fmt::format("{}: it is used up", path_));
  const uint64_t size = PieceBytesAt(done_, bytes_);
  MPCC_RETURN_IF_ERROR(ReadFully(fd_.get(), piece_.span().first(size + kDigestBytes), path_));
  const std::span<const uint8_t> piece = piece_.span().first(size);
  if (!std::ranges::equal(DigestOf(header_, done_, piece),
                          piece_.span().subspan(size, kDigestBytes)))
    return Damaged(path_);
  done_ += size;
  return piece;
}

}  // namespace mpcc
