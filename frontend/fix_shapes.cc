// SPDX-License-Identifier: Apache-2.0
#include "frontend/fix_shapes.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/tensor_decode.h"

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

using Input = const onnx::ValueInfoProto*;
using Dim = onnx::TensorShapeProto::Dimension;
using Shape = std::vector<int64_t>;

enum class DimKind { kBatch, kSequence, kOther };

const onnx::TensorShapeProto& ShapeOf(Input input) { return input->type().tensor_type().shape(); }

std::optional<DimKind> KindByName(const std::string& name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto holds = [&](const char* part) { return lower.find(part) != std::string::npos; };
  if (holds("batch")) return DimKind::kBatch;
  if (holds("seq") || holds("length")) return DimKind::kSequence;
  return std::nullopt;
}

DimKind KindByPlace(int axis, int rank, int most_rank) {
  if (rank == 1) return most_rank == 1 ? DimKind::kSequence : DimKind::kBatch;
  if (axis == 0 || (rank == 4 && axis == 1)) return DimKind::kBatch;
  return axis == 1 || rank == 4 ? DimKind::kSequence : DimKind::kOther;
}

class ShapeFixer {
 public:
  ShapeFixer(const std::vector<Input>& inputs, const ImportOptions& options, Problems& problems)
      : inputs_(inputs), options_(options), problems_(problems), sequence_(options.seq_len) {
    for (Input input : inputs_) most_rank_ = std::max(most_rank_, ShapeOf(input).dim_size());
  }

  std::map<std::string, Shape> Run() {
    NameKinds(/*ids_like=*/true);
    NameKinds(/*ids_like=*/false);
    for (Input input : inputs_) BindGiven(input);
    std::map<std::string, Shape> fixed;
    for (Input input : inputs_)
      if (auto shape = Fix(input)) fixed[input->name()] = *std::move(shape);
    CheckSequenceUsed();
    return fixed;
  }

 private:
  // What names mean that do not say it themselves: inputs that look like token ids decide first.
  void NameKinds(bool ids_like) {
    for (Input input : inputs_) {
      const auto& shape = ShapeOf(input);
      const ElementInfo* element = FindElement(input->type().tensor_type().elem_type());
      const bool like = element && element->cls != ElementClass::kFloat && shape.dim_size() == 2;
      if (like != ids_like) continue;
      for (int i = 0; i < shape.dim_size(); ++i)
        if (const std::string& name = shape.dim(i).dim_param(); !name.empty())
          kinds_.try_emplace(
              name, KindByName(name).value_or(KindByPlace(i, shape.dim_size(), most_rank_)));
    }
  }

  DimKind KindOf(const onnx::TensorShapeProto& shape, int axis) const {
    const auto named = kinds_.find(shape.dim(axis).dim_param());
    return named != kinds_.end() ? named->second : KindByPlace(axis, shape.dim_size(), most_rank_);
  }

  // A --shape also gives the size of its dimensions' names.
  void BindGiven(Input input) {
    const auto given = options_.shapes.find(input->name());
    const auto& shape = ShapeOf(input);
    if (given == options_.shapes.end() || !input->type().tensor_type().has_shape()) return;
    if (static_cast<int>(given->second.size()) != shape.dim_size()) return Contradicts(input);
    for (int i = 0; i < shape.dim_size(); ++i) {
      const int64_t size = given->second[i];
      if (IsFixed(shape.dim(i)) ? shape.dim(i).dim_value() != size : !Bind(shape, i, size))
        return Contradicts(input);
    }
  }

  bool Bind(const onnx::TensorShapeProto& shape, int axis, int64_t size) {
    if (KindOf(shape, axis) == DimKind::kSequence) {
      sequence_used_ = true;
      if (options_.seq_len && *options_.seq_len != size) return false;
      if (!sequence_) sequence_ = size;
    }
    const std::string& name = shape.dim(axis).dim_param();
    return name.empty() || sizes_.emplace(name, size).first->second == size;
  }

  void Contradicts(Input input) {
    refused_.insert(input);
    problems_.push_back({input->name(), "input", fmt::format("shape {}", ShapeText(ShapeOf(input))),
                         "a --shape that agrees with it, with other inputs and with --seq-len",
                         "change --shape"});
  }

  std::optional<int64_t> SizeOf(const onnx::TensorShapeProto& shape, int axis) {
    const Dim& dim = shape.dim(axis);
    if (IsFixed(dim)) return dim.dim_value();
    if (auto bound = sizes_.find(dim.dim_param()); bound != sizes_.end()) return bound->second;
    const DimKind kind = KindOf(shape, axis);
    if (kind == DimKind::kBatch) return 1;
    if (kind == DimKind::kOther) return std::nullopt;
    sequence_used_ = true;
    return sequence_;
  }

  std::optional<Shape> Fix(Input input) {
    if (refused_.contains(input)) return std::nullopt;
    if (auto given = options_.shapes.find(input->name()); given != options_.shapes.end())
      return given->second;
    const auto& shape = ShapeOf(input);
    Shape fixed;
    for (int i = 0; i < shape.dim_size(); ++i)
      if (auto size = SizeOf(shape, i)) fixed.push_back(*size);
    if (static_cast<int>(fixed.size()) == shape.dim_size() &&
        input->type().tensor_type().has_shape())
      return fixed;
    problems_.push_back({input->name(), "input", fmt::format("dynamic shape {}", ShapeText(shape)),
                         "static shapes",
                         fmt::format("give --seq-len=128 or --shape={}=1x128", input->name())});
    return std::nullopt;
  }

  // The static extents that stand where a sequence does.
  std::map<int64_t, std::string> StaticLengths() const {
    std::map<int64_t, std::string> lengths;
    for (Input input : inputs_) {
      const auto& shape = ShapeOf(input);
      for (int i = 0; i < shape.dim_size(); ++i)
        if (IsFixed(shape.dim(i)) &&
            KindByPlace(i, shape.dim_size(), most_rank_) == DimKind::kSequence)
          lengths.try_emplace(shape.dim(i).dim_value(), input->name());
    }
    return lengths;
  }

  void CheckSequenceUsed() {
    if (!options_.seq_len || sequence_used_) return;
    const auto lengths = StaticLengths();
    if (lengths.contains(*options_.seq_len)) return;
    if (lengths.empty()) {
      problems_.push_back({"--seq-len", "option",
                           fmt::format("{}, and no input with a sequence", *options_.seq_len),
                           "inputs of shape [batch, sequence]", "leave out --seq-len"});
      return;
    }
    problems_.push_back({"--seq-len", "option",
                         fmt::format("{}, and a file of static length {} ('{}')", *options_.seq_len,
                                     lengths.begin()->first, lengths.begin()->second),
                         fmt::format("{}", lengths.begin()->first),
                         "leave out --seq-len, or export with a dynamic sequence dimension"});
  }

  const std::vector<Input>& inputs_;
  const ImportOptions& options_;
  Problems& problems_;
  int most_rank_ = 0;
  std::optional<int64_t> sequence_;  // --seq-len, or what a --shape says of the first sequence
  bool sequence_used_ = false;
  std::map<std::string, DimKind> kinds_;  // by name
  std::map<std::string, int64_t> sizes_;  // by name, from --shape
  std::set<Input> refused_;
};

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

std::map<std::string, Shape> FixShapes(const std::vector<Input>& inputs,
                                       const ImportOptions& options, Problems& problems) {
  return ShapeFixer(inputs, options, problems).Run();
}

}  // namespace mpcc
