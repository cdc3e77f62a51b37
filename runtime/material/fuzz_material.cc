// SPDX-License-Identifier: Apache-2.0
// A file of material, or a record of spent numbers: first a byte of what it is and whether its
// hashes are made to fit, which a fuzzer would not get past, then the file. Needs no corpus: it
// begins with good files.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/crypto/sha256.h"
#include "runtime/material/fuzz_directory.h"
#include "runtime/material/material_file.h"
#include "runtime/material/used_numbers.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint8_t kRecord = 1, kMended = 2;
constexpr size_t kMaterialHeader = 96, kRecordHeader = 80, kRecordSha = 48, kGaps = 40;
constexpr size_t kDigest = sizeof(mpcc::Sha256Digest);

const mpcc::FuzzDirectory& Directory() {
  static const mpcc::FuzzDirectory directory;
  return directory;
}

mpcc::MaterialInfo Info(size_t bytes) {
  mpcc::MaterialInfo info;
  info.instance.instance.fill(7);
  info.program = 1;
  info.number = 5;
  info.bytes = bytes;
  return info;
}

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// An error of a file names it.
void CheckError(const absl::Status& status, const std::string& path) {
  Require(std::string(status.message()).find(path) != std::string::npos);
}

void MendMaterial(Bytes& file) {
  if (file.size() < kMaterialHeader + kDigest) return;
  const uint64_t first = 0;
  mpcc::Sha256 sha;
  sha.Update(std::span(file).first(kMaterialHeader));
  sha.Update(mpcc::BytesOf(first));
  sha.Update(std::span(file).subspan(kMaterialHeader, file.size() - kMaterialHeader - kDigest));
  std::ranges::copy(sha.Finish(), file.end() - kDigest);
}

void MendRecord(Bytes& file) {
  if (file.size() < kRecordHeader) return;
  uint64_t gaps = 0;
  std::memcpy(&gaps, file.data() + kGaps, sizeof(gaps));
  const size_t rest = file.size() - kRecordHeader;
  std::fill_n(file.begin() + kRecordSha, kDigest, 0);
  mpcc::Sha256 sha;
  sha.Update(std::span(file).first(kRecordHeader));
  sha.Update(std::span(file).subspan(kRecordHeader, std::min<uint64_t>(rest, gaps * 16)));
  std::ranges::copy(sha.Finish(), file.begin() + kRecordSha);
}

void ReadMaterial(const std::string& path, size_t size) {
  const size_t around = kMaterialHeader + kDigest;
  const size_t bytes = size > around ? size - around : 1;
  auto file = mpcc::MaterialFileReader::Open(path, Info(bytes));
  if (!file.ok()) return CheckError(file.status(), path);
  size_t done = 0;
  while (done < bytes) {
    const auto piece = file->Next();
    if (!piece.ok()) return CheckError(piece.status(), path);
    done += piece->size();
  }
  Require(done == bytes && absl::IsOutOfRange(file->Next().status()));
}

// What was spent stays spent, and what is marked now too.
void ReadRecord(const std::string& path) {
  const mpcc::InstanceId instance = Info(0).instance;
  const auto before = mpcc::UsedNumbers::Read(path, instance);
  auto numbers = mpcc::UsedNumbers::Open(path, instance);
  Require(before.ok() == numbers.ok());
  if (!numbers.ok()) return CheckError(numbers.status(), path);
  Require(before->watermark() == (*numbers)->watermark());
  const uint64_t next = (*numbers)->Next();
  if (next == 0) return;  // the last of all numbers is spent
  Require(!(*numbers)->Contains(next) && (*numbers)->Mark(next).ok());
  Require(absl::IsAlreadyExists((*numbers)->Mark(next)));
  *numbers = nullptr;
  const auto after = mpcc::UsedNumbers::Open(path, instance);
  Require(after.ok() && (*after)->Contains(next) && (*after)->watermark() == next);
}

Bytes Good(bool record) {
  const std::string path = Directory().path() + "/good";
  if (record) {
    unlink(path.c_str());
    Require(mpcc::UsedNumbers::Create(path, Info(0).instance).ok());
    const auto numbers = mpcc::UsedNumbers::Open(path, Info(0).instance);
    for (uint64_t number : {3, 4, 9}) Require((*numbers)->Mark(number).ok());
  } else {
    auto file = mpcc::MaterialFileWriter::Create(path, Info(100));
    Require(file.ok() && file->Put(Bytes(100, 1)).ok() && file->Commit().ok());
  }
  std::ifstream file(path, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  bytes.insert(bytes.begin(), record ? kRecord | kMended : kMended);
  return bytes;
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (size > 2) return LLVMFuzzerMutate(data, size, max_size);
  const Bytes good = Good(seed % 2);
  if (good.size() > max_size) return size;
  std::ranges::copy(good, data);
  return good.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Bytes file(data + 1, data + size);
  const bool record = data[0] & kRecord;
  if (data[0] & kMended) record ? MendRecord(file) : MendMaterial(file);
  const std::string path = Directory().path() + "/file";
  Directory().Write(path, file);
  record ? ReadRecord(path) : ReadMaterial(path, file.size());
  return 0;
}
