// SPDX-License-Identifier: Apache-2.0
#include "tools/doctor.h"

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "mpcc/version.h"
#include "runtime/material/directory_lock.h"
#include "runtime/net/certificate.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "runtime/plan/plan_file.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

constexpr int kMonthDays = 30;
constexpr uint64_t kRoom = uint64_t{1} << 30;  // some dozen inferences of an encoder

std::string Text(const absl::Status& status) { return std::string(status.message()); }

CertificatePtr ReadCertificate(const std::string& path) {
  const std::unique_ptr<BIO, FreeOpenssl> file(BIO_new_file(path.c_str(), "r"));
  return CertificatePtr(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

// Days from now until the certificate ends; negative if it did.
int DaysLeft(const X509* certificate) {
  int days = 0, seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate));
  return days;
}

Finding ExamineCertificate(const TlsFiles& files, PartyId party) {
  const std::string topic = fmt::format("certificate of {}", PartyName(party));
  const auto context = TlsContext::Load(files);
  if (!context.ok())
    return {Verdict::kWrong, topic, Text(context.status()), "make the keys anew: mpcc keygen"};
  if (const absl::Status now = context->CheckTime(); !now.ok())
    return {Verdict::kWrong, topic, Text(now), "set the clock, or make the keys anew: mpcc keygen"};
  const CertificatePtr certificate = ReadCertificate(files.certificate);
  const int days = certificate ? DaysLeft(certificate.get()) : 0;
  const std::string found = fmt::format("{}: valid for {} days", files.certificate, days);
  if (days >= kMonthDays) return {Verdict::kFine, topic, found};
  return {Verdict::kSuspect, topic, found, "make the keys of all parties anew: mpcc keygen"};
}

Finding ExamineMode(const std::string& directory) {
  struct stat info {};
  if (stat(directory.c_str(), &info) != 0)
    return {Verdict::kWrong, "state", fmt::format("{}: {}", directory, std::strerror(errno)),
            "name a folder that may be read"};
  if (!S_ISDIR(info.st_mode))
    return {Verdict::kWrong, "state", directory + ": no folder", "name a folder"};
  if ((info.st_mode & 077) != 0)
    return {Verdict::kWrong, "state",
            fmt::format("{}: others may enter it (mode {:o})", directory, info.st_mode & 0777),
            fmt::format("chmod 700 {}", directory)};
  return {Verdict::kFine, "state", directory + ": private"};
}

Finding ExamineRoom(const std::string& directory) {
  struct statvfs info {};
  if (statvfs(directory.c_str(), &info) != 0)
    return {Verdict::kWrong, "room", fmt::format("{}: {}", directory, std::strerror(errno)), ""};
  const uint64_t bytes = uint64_t{info.f_bavail} * info.f_frsize;
  const std::string found = fmt::format("{}: {:.1f} GB free", directory, bytes / 1e9);
  if (bytes >= kRoom) return {Verdict::kFine, "room", found};
  return {Verdict::kSuspect, "room", found, "material is large ('mpcc inspect'): make room"};
}

constexpr const char* kMarks[] = {"fine   ", "suspect", "wrong  "};

}  // namespace

Findings ExamineVersions() {
  return {{Verdict::kFine, "versions",
           fmt::format("mpcc {}, plan format {}, {}", kVersion, kPlanVersion,
                       OpenSSL_version(OPENSSL_VERSION))}};
}

Findings ExamineInstructionSets() {
  struct Set {
    const char* name;
    bool present;
  };
  const Set sets[] = {{"AES", __builtin_cpu_supports("aes") != 0},
                      {"AVX2", __builtin_cpu_supports("avx2") != 0},
                      {"AVX-512", __builtin_cpu_supports("avx512f") != 0}};
  std::string present;
  for (const Set& set : sets)
    if (set.present) present += (present.empty() ? "" : ", ") + std::string(set.name);
  if (sets[0].present && sets[1].present) return {{Verdict::kFine, "instruction sets", present}};
  return {{Verdict::kSuspect, "instruction sets", present.empty() ? "none known" : present,
           "runs are slow without AES and AVX2: take a processor that has them, or let the virtual "
           "machine show its host's"}};
}

Findings ExamineClock() {
  timex state{};
  const bool kept = adjtimex(&state) != TIME_ERROR;
  if (kept) return {{Verdict::kFine, "clock", "kept by the network"}};
  return {
      {Verdict::kSuspect, "clock", "nothing keeps it",
       "certificates are valid for a time: let NTP keep the clock (chrony, systemd-timesyncd)"}};
}

Findings ExamineKeys(const std::string& directory) {
  Findings findings;
  for (PartyId party : kAllParties) {
    const TlsFiles files = KeyFiles(directory, party);
    if (fs::exists(files.certificate)) findings.push_back(ExamineCertificate(files, party));
  }
  if (findings.empty())
    findings.push_back({Verdict::kWrong, "certificates", directory + ": there is none of a party",
                        "mpcc keygen makes them; each party gets ca.crt and its own two files"});
  return findings;
}

Findings ExamineState(const std::string& directory) {
  if (!fs::exists(directory))
    return {{Verdict::kFine, "state", directory + ": not there yet, a set-up makes it"}};
  Findings findings = {ExamineMode(directory)};
  if (findings.front().verdict == Verdict::kWrong) return findings;
  if (fs::exists(fs::path(directory) / "lock"))
    if (const auto lock = DirectoryLock::Take(directory); !lock.ok())
      findings.push_back({Verdict::kSuspect, "state", Text(lock.status()),
                          "one process works with a state: stop that one first"});
  findings.push_back(ExamineRoom(directory));
  return findings;
}

Findings ExamineListening(const std::string& text) {
  const auto endpoint = ParseEndpoint(text);
  const absl::Status status =
      endpoint.ok() ? Listener::Bind(*endpoint).status() : endpoint.status();
  if (status.ok()) return {{Verdict::kFine, "port", text + ": free"}};
  return {{Verdict::kWrong, "port", Text(status),
           "stop what listens there, or name another port, the same in --peers of all parties"}};
}

Findings ExaminePeer(const std::string& text) {
  const auto endpoint = ParseEndpoint(text);
  if (!endpoint.ok()) return {{Verdict::kWrong, "peer", Text(endpoint.status()), "host:port"}};
  addrinfo* found = nullptr;
  const int code = getaddrinfo(endpoint->host.c_str(), nullptr, nullptr, &found);
  if (found != nullptr) freeaddrinfo(found);
  if (code == 0) return {{Verdict::kFine, "peer", text + ": has an address"}};
  return {{Verdict::kWrong, "peer", fmt::format("{}: {}", text, gai_strerror(code)),
           "look at the name's spelling, and at the name servers"}};
}

std::string ToText(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("{}  {}: {}\n", kMarks[static_cast<int>(finding.verdict)], finding.topic,
                        finding.found);
    if (!finding.remedy.empty()) text += fmt::format("         remedy: {}\n", finding.remedy);
  }
  return text;
}

bool AnyWrong(const Findings& findings) {
  return std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.verdict == Verdict::kWrong; });
}

}  // namespace mpcc
