// SPDX-License-Identifier: Apache-2.0
#include "frontend/fix_shapes.h"

#include <charconv>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace mpcc {
namespace {

std::string DimText(const onnx::TensorShapeProto::Dimension& dim) {
  if (dim.has_dim_value()) return std::to_string(dim.dim_value());
  return dim.has_dim_param() ? dim.dim_param() : "?";
}

std::string ShapeText(const onnx::TensorShapeProto& shape) {
  std::vector<std::string> dims;
  for (const auto& dim : shape.dim()) dims.push_back(DimText(dim));
  return fmt::format("[{}]", fmt::join(dims, ", "));
}

bool IsFixed(const onnx::TensorShapeProto::Dimension& dim) {
  return dim.has_dim_value() && dim.dim_value() > 0;
}

bool Agrees(const std::vector<int64_t>& given, const onnx::TensorShapeProto& shape) {
  if (static_cast<int>(given.size()) != shape.dim_size()) return false;
  for (int i = 0; i < shape.dim_size(); ++i)
    if (IsFixed(shape.dim(i)) && shape.dim(i).dim_value() != given[i]) return false;
  return true;
}

}  // namespace

std::optional<std::pair<std::string, std::vector<int64_t>>> ParseShape(const std::string& text) {
  const size_t equals = text.rfind('=');
  if (equals == 0 || equals == std::string::npos) return std::nullopt;
  std::vector<int64_t> dims;
  const char *at = text.data() + equals + 1, *end = text.data() + text.size();
  while (true) {
    int64_t dim = 0;
    auto [next, error] = std::from_chars(at, end, dim);
    if (error != std::errc() || dim <= 0) return std::nullopt;
    dims.push_back(dim);
    if (next == end) return std::pair(text.substr(0, equals), dims);
    if (*next != 'x') return std::nullopt;
    at = next + 1;
  }
}

std::optional<std::vector<int64_t>> FixShape(const onnx::ValueInfoProto& input,
                                             const ImportOptions& options, Problems& problems) {
  const auto& shape = input.type().tensor_type().shape();
  auto given = options.shapes.find(input.name());
  if (given != options.shapes.end()) {
    if (!input.type().tensor_type().has_shape() || Agrees(given->second, shape))
      return given->second;
    problems.push_back({input.name(), "input", fmt::format("shape {}", ShapeText(shape)),
                        "a --shape that agrees with it", "change --shape"});
    return std::nullopt;
  }
  std::vector<int64_t> fixed;
  for (int i = 0; i < shape.dim_size(); ++i) {
    const auto& dim = shape.dim(i);
    if (IsFixed(dim)) {
      fixed.push_back(dim.dim_value());
    } else if (options.seq_len && i < 2) {
      fixed.push_back(i == 0 ? 1 : *options.seq_len);
    }
  }
  if (static_cast<int>(fixed.size()) == shape.dim_size() && input.type().tensor_type().has_shape())
    return fixed;
  problems.push_back({input.name(), "input", fmt::format("dynamic shape {}", ShapeText(shape)),
                      "static shapes",
                      fmt::format("give --seq-len 128 or --shape {}=1x128", input.name())});
  return std::nullopt;
}

}  // namespace mpcc
