// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/material_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/material/durable_file.h"

namespace mpcc {
namespace {

constexpr char kMagic[8] = {'M', 'P', 'C', 'C', 'M', 'A', 'T', 'L'};
constexpr uint32_t kVersion = 2;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t program;
  uint8_t plan_set_id[32];
  uint8_t instance[16];
  uint64_t number;
  uint64_t bytes;
  uint8_t sha[32];
  uint8_t zeros[16];
};
static_assert(sizeof(Header) == 128);

std::span<const uint8_t> BytesOf(const Header& header) {
  return {reinterpret_cast<const uint8_t*>(&header), sizeof(header)};
}

Header MakeHeader(const InstanceId& instance, uint32_t program, uint64_t number, uint64_t bytes) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.version = kVersion;
  header.program = program;
  std::memcpy(header.plan_set_id, instance.plan_set_id.data(), sizeof(header.plan_set_id));
  std::memcpy(header.instance, instance.instance.data(), sizeof(header.instance));
  header.number = number;
  header.bytes = bytes;
  return header;
}

void Seal(Header* header, std::span<const uint8_t> corrections) {
  Sha256 sha;
  sha.Update(BytesOf(*header));
  sha.Update(corrections);
  const Sha256Digest digest = sha.Finish();
  std::memcpy(header->sha, digest.data(), digest.size());
}

// The bytes of a file that must have exactly this header.
absl::StatusOr<SecureBuffer> Load(const std::string& path, Header expected) {
  MPCC_ASSIGN_OR_RETURN(SecureBuffer file, ReadWhole(path));
  if (file.size() != sizeof(Header) + expected.bytes)
    return absl::DataLossError(fmt::format("{}: {} bytes, {} are needed: deal again", path,
                                           file.size(), sizeof(Header) + expected.bytes));
  const auto corrections = file.span().subspan(sizeof(Header));
  Seal(&expected, corrections);
  if (std::memcmp(&expected, file.data(), sizeof(Header)) != 0)
    return absl::DataLossError(
        fmt::format("{}: damaged, or of another version, plan or instance: deal again", path));
  return file;
}

}  // namespace

std::string InstanceText(const InstanceId& instance) { return HexString(instance.instance); }

absl::StatusOr<MaterialStore> MaterialStore::Open(const std::string& directory,
                                                  const InstanceId& instance) {
  MPCC_RETURN_IF_ERROR(MakePrivateDirectory(directory));
  MPCC_ASSIGN_OR_RETURN(UsedNumbers used, UsedNumbers::Open(fmt::format("{}/{}.used", directory,
                                                                        InstanceText(instance))));
  return MaterialStore(directory, instance, std::move(used));
}

std::string MaterialStore::PathOf(uint32_t program, uint64_t number) const {
  return fmt::format("{}/{}-{}-{}.material", directory_, InstanceText(instance_), program, number);
}

absl::Status MaterialStore::Put(const Material& material) {
  if (used_.Contains(material.number))
    return absl::AlreadyExistsError(
        fmt::format("inference number {} has been used", material.number));
  Header header =
      MakeHeader(instance_, material.program, material.number, material.corrections().size());
  Seal(&header, material.corrections());
  const std::span<const uint8_t> pieces[] = {BytesOf(header), material.corrections()};
  return WriteDurably(PathOf(material.program, material.number), pieces);
}

std::vector<uint64_t> MaterialStore::Available(uint32_t program) const {
  const std::string prefix = fmt::format("{}-{}-", InstanceText(instance_), program);
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".material")) continue;
    const uint64_t number = std::strtoull(name.c_str() + prefix.size(), nullptr, 10);
    if (!used_.Contains(number)) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

absl::StatusOr<Material> MaterialStore::Take(uint32_t program, uint64_t bytes) {
  const std::vector<uint64_t> available = Available(program);
  if (available.empty())
    return absl::NotFoundError(
        fmt::format("no material is left for program {}: run `deal` at P0 and P2", program));
  Material material{available.front(), program, {}, sizeof(Header)};
  const std::string path = PathOf(program, material.number);
  MPCC_RETURN_IF_ERROR(used_.Mark(material.number));
  MPCC_ASSIGN_OR_RETURN(material.storage,
                        Load(path, MakeHeader(instance_, program, material.number, bytes)));
  unlink(path.c_str());
  return material;
}

}  // namespace mpcc
