// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "frontend/onnx_reader.h"
#include "frontend/tensor_decode.h"
#include "frontend/visit_tensors.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

struct Entry {
  std::string location;
  int64_t offset = 0, length = -1;
};

bool ParseNumber(const std::string& text, int64_t& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

std::optional<Entry> ParseEntry(const onnx::TensorProto& tensor) {
  Entry entry;
  for (const auto& pair : tensor.external_data()) {
    if (pair.key() == "location") entry.location = pair.value();
    if (pair.key() == "offset" && !ParseNumber(pair.value(), entry.offset)) return std::nullopt;
    if (pair.key() == "length" && !ParseNumber(pair.value(), entry.length)) return std::nullopt;
  }
  if (entry.location.empty()) return std::nullopt;
  return entry;
}

bool IsInside(const fs::path& file, const fs::path& directory) {
  fs::path relative =
      fs::weakly_canonical(file).lexically_relative(fs::weakly_canonical(directory));
  return !relative.empty() && *relative.begin() != "..";
}

// Reads the bytes of one tensor; returns what is wrong, or nothing.
std::string Load(onnx::TensorProto& tensor, const fs::path& directory) {
  auto entry = ParseEntry(tensor);
  if (!entry) return "external data without a location or with a wrong offset or length";
  if (fs::path(entry->location).is_absolute() || !IsInside(directory / entry->location, directory))
    return fmt::format("external data at '{}', outside the model's directory", entry->location);
  auto expected = TensorBytes(tensor);
  if (!expected) return "a shape or type without a size";
  if (entry->length >= 0 && entry->length != *expected)
    return fmt::format("external data of {} bytes for a tensor of {}", entry->length, *expected);
  std::error_code error;
  const auto there = static_cast<int64_t>(fs::file_size(directory / entry->location, error));
  const std::string missing =
      fmt::format("no {} bytes at offset {} of '{}'", *expected, entry->offset, entry->location);
  if (error || entry->offset > there || *expected > there - entry->offset) return missing;
  std::ifstream file(directory / entry->location, std::ios::binary);
  std::string bytes(*expected, '\0');
  if (!file || !file.seekg(entry->offset) || !file.read(bytes.data(), *expected)) return missing;
  *tensor.mutable_raw_data() = std::move(bytes);
  tensor.clear_external_data();
  tensor.set_data_location(onnx::TensorProto::DEFAULT);
  return "";
}

// Of a tensor that is refused, so that its bytes are not missed once more.
void MakeEmpty(onnx::TensorProto& tensor) {
  onnx::TensorProto empty;
  empty.set_name(tensor.name());
  empty.set_data_type(onnx::TensorProto::FLOAT);
  empty.add_dims(0);
  tensor.Swap(&empty);
}

}  // namespace

void LoadExternalData(onnx::ModelProto& model, const std::string& directory, Problems& problems) {
  const fs::path base = directory.empty() ? fs::path(".") : fs::path(directory);
  VisitTensors(model, [&](onnx::TensorProto& tensor, const std::string& place) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    std::string wrong = Load(tensor, base);
    if (wrong.empty()) return;
    problems.push_back({place, "initializer", wrong, "a complete file beside the model",
                        "copy the data file next to the model"});
    MakeEmpty(tensor);
  });
}

}  // namespace mpcc
