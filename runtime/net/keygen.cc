// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/keygen.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/certificate.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {
namespace {

struct NewFile {
  std::string path;
  SecureBuffer content;

  std::string Draft() const { return path + ".new"; }
};

constexpr int kMaxDays = 3650;

absl::Status SystemError(const char* what, const std::string& path) {
  const int error = errno;
  const std::string text = fmt::format("cannot {} '{}': {}", what, path, std::strerror(error));
  return error == ENOENT || error == ENOTDIR ? absl::NotFoundError(text)
                                             : absl::PermissionDeniedError(text);
}

absl::StatusOr<std::vector<NewFile>> MakeFiles(const KeygenOptions& options) {
  std::vector<NewFile> files;
  MPCC_ASSIGN_OR_RETURN(const Identity authority,
                        MakeAuthority("mpcc test authority", options.valid_days));
  MPCC_ASSIGN_OR_RETURN(SecureBuffer ca, CertificatePem(authority.certificate.get()));
  files.push_back({KeyFiles(options.directory, PartyId::kP0).ca_certificate, std::move(ca)});
  for (PartyId party : kAllParties) {
    const TlsFiles paths = KeyFiles(options.directory, party);
    MPCC_ASSIGN_OR_RETURN(const Identity identity,
                          MakeSigned(CertificateName(party), authority, options.valid_days));
    MPCC_ASSIGN_OR_RETURN(SecureBuffer certificate, CertificatePem(identity.certificate.get()));
    MPCC_ASSIGN_OR_RETURN(SecureBuffer key, KeyPem(identity.key.get()));
    files.push_back({paths.certificate, std::move(certificate)});
    files.push_back({paths.private_key, std::move(key)});
  }
  return files;
}

absl::Status CheckFree(const std::vector<NewFile>& files) {
  for (const NewFile& file : files) {
    struct stat info;
    if (lstat(file.path.c_str(), &info) != 0) continue;
    return absl::AlreadyExistsError(fmt::format(
        "'{}' exists: choose another directory, or pass --overwrite to replace all keys there",
        file.path));
  }
  return absl::OkStatus();
}

absl::Status WriteDraft(const NewFile& file) {
  const std::string path = file.Draft();
  std::remove(path.c_str());  // of a run that was killed
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return SystemError("create", path);
  std::span<const uint8_t> rest = file.content.span();
  while (!rest.empty()) {
    const ssize_t bytes = write(fd.get(), rest.data(), rest.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return SystemError("write", path);
    rest = rest.subspan(static_cast<size_t>(bytes));
  }
  return fsync(fd.get()) == 0 ? absl::OkStatus() : SystemError("write", path);
}

// Nothing is in place until everything is written; then only renames are left.
absl::Status WriteAll(const std::vector<NewFile>& files) {
  for (const NewFile& file : files) MPCC_RETURN_IF_ERROR(WriteDraft(file));
  for (size_t i = 0; i < files.size(); ++i) {
    if (std::rename(files[i].Draft().c_str(), files[i].path.c_str()) == 0) continue;
    const absl::Status status = SystemError("replace", files[i].path);
    for (size_t done = 0; done < i; ++done) std::remove(files[done].path.c_str());
    return status;
  }
  return absl::OkStatus();
}

}  // namespace

TlsFiles KeyFiles(const std::string& directory, PartyId party) {
  const std::string stem = fmt::format("{}/party{}", directory, PartyIndex(party));
  return {directory + "/ca.crt", stem + ".crt", stem + ".key"};
}

absl::StatusOr<std::vector<std::string>> GenerateKeys(const KeygenOptions& options) {
  if (options.valid_days < 1 || options.valid_days > kMaxDays) {
    return absl::InvalidArgumentError(
        fmt::format("certificates for {} days: use 1 to {} days", options.valid_days, kMaxDays));
  }
  MPCC_ASSIGN_OR_RETURN(const std::vector<NewFile> files, MakeFiles(options));
  if (!options.overwrite) MPCC_RETURN_IF_ERROR(CheckFree(files));
  if (absl::Status status = WriteAll(files); !status.ok()) {
    for (const NewFile& file : files) std::remove(file.Draft().c_str());
    return status;
  }
  std::vector<std::string> paths;
  paths.reserve(files.size());
  for (const NewFile& file : files) paths.push_back(file.path);
  return paths;
}

}  // namespace mpcc
