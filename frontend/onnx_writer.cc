// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_writer.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "fmt/format.h"
#include "frontend/onnx_reader.h"
#include "frontend/visit_tensors.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

std::set<std::string> DataFiles(const onnx::ModelProto& model) {
  std::set<std::string> locations;
  VisitTensors(model, [&](const onnx::TensorProto& tensor, const std::string&) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    for (const auto& pair : tensor.external_data())
      if (pair.key() == "location") locations.insert(pair.value());
  });
  return locations;
}

bool SameContents(const fs::path& a, const fs::path& b) {
  if (fs::equivalent(a, b)) return true;
  if (fs::file_size(a) != fs::file_size(b)) return false;
  std::ifstream left(a, std::ios::binary), right(b, std::ios::binary);
  using Bytes = std::istreambuf_iterator<char>;
  return std::equal(Bytes(left), Bytes(), Bytes(right), Bytes());
}

bool StaysInside(const std::string& location, Problems& problems) {
  const fs::path path = fs::path(location).lexically_normal();
  if (path.is_relative() && !path.empty() && *path.begin() != "..") return true;
  problems.push_back({location, "external data", "a path that leaves the folder of the model",
                      "a file beside the model", "export the model again"});
  return false;
}

// A data file beside the output; throws what the file system has to say.
bool CopyData(const fs::path& from, const fs::path& to, Problems& problems) {
  if (fs::exists(to) && SameContents(from, to)) return true;
  if (fs::exists(to)) {
    problems.push_back({to.string(), "output", "a data file with other contents in its place",
                        "a folder without it", "write to another folder"});
    return false;
  }
  if (to.has_parent_path()) fs::create_directories(to.parent_path());
  const fs::path part = to.string() + ".part";
  fs::copy_file(from, part, fs::copy_options::overwrite_existing);
  fs::rename(part, to);
  return true;
}

bool WriteWhole(const onnx::ModelProto& model, const std::string& path, Problems& problems) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  const bool written = file && model.SerializeToOstream(&file) && file.flush();
  file.close();
  if (written) {
    fs::rename(part, path);
    return true;
  }
  std::error_code ignored;
  fs::remove(part, ignored);
  problems.push_back({path, "output", "a file that cannot be written", "a folder with room",
                      "choose another path"});
  return false;
}

// Up to three digits, away from zero, so that a file does not depend on the last bits.
double RoundUp(double x) {
  if (x == 0) return 0;
  const double step = std::pow(10.0, std::floor(std::log10(x)) - 2);
  return std::ceil(x / step - 1e-3) * step;
}

void SetRanges(onnx::ModelProto& model, const std::map<std::string, double>& ranges) {
  auto& properties = *model.mutable_metadata_props();
  auto is_range = [](const auto& p) { return p.key().rfind(kRangePrefix, 0) == 0; };
  properties.erase(std::remove_if(properties.begin(), properties.end(), is_range),
                   properties.end());
  for (const auto& [tensor, range] : ranges) {
    auto* property = properties.Add();
    property->set_key(kRangePrefix + tensor);
    property->set_value(fmt::format("{:.4g}", RoundUp(range)));
  }
}

}  // namespace

bool WriteOnnx(const onnx::ModelProto& model, const std::string& source, const std::string& path,
               Problems& problems) {
  try {
    const fs::path from = source.empty() ? "." : source, folder = fs::path(path).parent_path();
    if (!folder.empty() && !fs::is_directory(folder)) {
      problems.push_back({path, "output", "no folder to write to", "a folder that is there",
                          "make the folder, or choose another path"});
      return false;
    }
    for (const std::string& location : DataFiles(model))
      if (!StaysInside(location, problems) ||
          !CopyData(from / location, folder / location, problems))
        return false;
    return WriteWhole(model, path, problems);
  } catch (const std::exception& error) {  // protobuf and filesystem throw
    problems.push_back({path, "output", error.what(), "a place for a file", "choose another path"});
    return false;
  }
}

bool WriteRanges(const std::string& path, const std::map<std::string, double>& ranges,
                 const std::string& output, Problems& problems) {
  auto model = ParseOnnx(path, problems);
  if (!model) return false;
  SetRanges(*model, ranges);
  return WriteOnnx(*model, fs::path(path).parent_path().string(), output, problems);
}

}  // namespace mpcc
