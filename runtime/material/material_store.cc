// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/material_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

constexpr std::string_view kSuffix = ".material";

// The number in "<instance>-<program>-<number>.material"; `prefix` is what comes before it.
std::optional<uint64_t> NumberIn(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const std::string number(
      name.substr(prefix.size(), name.size() - prefix.size() - kSuffix.size()));
  return std::strtoull(number.c_str(), nullptr, 10);
}

}  // namespace

absl::StatusOr<MaterialStore> MaterialStore::Open(const std::string& directory,
                                                  const InstanceId& instance,
                                                  std::shared_ptr<UsedNumbers> used) {
  MaterialStore store(directory, instance, std::move(used));
  MPCC_RETURN_IF_ERROR(store.RemoveUseless());
  return store;
}

// Nothing has to be on the disk for it: what comes back after a crash is removed the next time.
absl::Status MaterialStore::RemoveUseless() {
  const std::string ours = InstanceText(instance_) + "-";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    const bool half = name.ends_with(PrivateFileWriter::PartOf(std::string(kSuffix)));
    if (!half && !name.ends_with(kSuffix)) continue;
    const auto number = NumberIn(name, name.substr(0, name.rfind('-') + 1));
    if (half || !name.starts_with(ours) || !number || used_->Contains(*number))
      std::filesystem::remove(entry.path(), error);
    if (error) break;
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("{}: cannot remove old material: {}", directory_, error.message()));
}

std::string MaterialStore::PathOf(uint32_t program, uint64_t number) const {
  return fmt::format("{}/{}-{}-{}{}", directory_, InstanceText(instance_), program, number,
                     kSuffix);
}

absl::StatusOr<MaterialFileWriter> MaterialStore::Put(uint32_t program, uint64_t number,
                                                      uint64_t bytes) {
  if (used_->Contains(number))
    return absl::AlreadyExistsError(fmt::format("inference number {} has been used", number));
  return MaterialFileWriter::Create(PathOf(program, number), {instance_, program, number, bytes});
}

std::vector<uint64_t> MaterialStore::Available(uint32_t program) const {
  return StoredNumbers(directory_, instance_, program, used_->spent());
}

absl::StatusOr<StoredMaterial> MaterialStore::Take(uint32_t program, uint64_t bytes) {
  const std::vector<uint64_t> available = Available(program);
  if (available.empty())
    return absl::NotFoundError(
        fmt::format("no material is left for program {}: run `deal` at P0 and P2", program));
  const uint64_t number = available.front();
  const std::string path = PathOf(program, number);
  MPCC_RETURN_IF_ERROR(used_->Mark(number));
  auto pieces = MaterialFileReader::Open(path, {instance_, program, number, bytes});
  unlink(path.c_str());
  MPCC_RETURN_IF_ERROR(pieces.status());
  return StoredMaterial{number, *std::move(pieces)};
}

std::vector<uint64_t> StoredNumbers(const std::string& directory, const InstanceId& instance,
                                    uint32_t program, const SpentNumbers& spent) {
  const std::string prefix = fmt::format("{}-{}-", InstanceText(instance), program);
  std::vector<uint64_t> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const auto number = NumberIn(entry.path().filename().string(), prefix);
    if (number && !spent.Contains(*number)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

uint64_t HighestStored(const std::string& directory, const InstanceId& instance) {
  uint64_t highest = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(InstanceText(instance) + "-"))
      highest = std::max(highest, NumberIn(name, name.substr(0, name.rfind('-') + 1)).value_or(0));
  }
  return highest;
}

}  // namespace mpcc
