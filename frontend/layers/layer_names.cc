// SPDX-License-Identifier: Apache-2.0
#include "frontend/layers/layer_names.h"

#include <google/protobuf/unknown_field_set.h>

#include <set>

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

namespace mpcc {
namespace {

using Scopes = std::vector<std::string>;

constexpr llvm::StringLiteral kNameScopes = "pkg.torch.onnx.name_scopes";
constexpr llvm::StringLiteral kNamespace = "pkg.torch.onnx.namespace";

bool IsNumber(llvm::StringRef text) {
  return !text.empty() && text.size() < 6 && llvm::all_of(text, llvm::isDigit);
}

// "layer_3" and "layer_._3" of TensorFlow are "layer", "3".
void AddScope(llvm::StringRef scope, Scopes& scopes) {
  scope = scope.rtrim('_');
  const auto [before, number] = scope.rsplit('_');
  if (!IsNumber(number)) return scopes.push_back(scope.str());
  if (!before.empty()) scopes.push_back(before.str());
  scopes.push_back(number.str());
}

Scopes Split(llvm::StringRef path, llvm::StringRef separators) {
  Scopes scopes;
  while (!path.empty()) {
    const size_t end = path.find_first_of(separators);
    if (end != 0) AddScope(path.substr(0, end), scopes);
    path = end == llvm::StringRef::npos ? "" : path.drop_front(end + 1);
  }
  return scopes;
}

// Metadata of nodes came with IR version 10; the library may be older and not know the field.
std::optional<std::string> Metadata(const onnx::NodeProto& node, llvm::StringRef key) {
  constexpr int kMetadataField = 9;
  const auto& fields = node.GetReflection()->GetUnknownFields(node);
  for (int i = 0; i < fields.field_count(); ++i) {
    const auto& field = fields.field(i);
    if (field.number() != kMetadataField ||
        field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      continue;
    onnx::StringStringEntryProto entry;
    if (entry.ParseFromString(field.length_delimited()) && entry.key() == key) return entry.value();
  }
  return std::nullopt;
}

// The last but one of the quoted strings of a list: the last is the operation itself.
std::string LastScope(llvm::StringRef list) {
  llvm::SmallVector<llvm::StringRef> parts;
  list.split(parts, '\'');
  // '', 'a', 'b' splits into "[", "", ", ", "a", ", ", "b", "]".
  return parts.size() < 5 ? "" : parts[parts.size() - 4].str();
}

// "encoder: Encoder/encoder.layer.0: Layer/linear: aten.linear" gives "encoder.layer.0".
std::string LastNamespace(llvm::StringRef path) {
  const llvm::StringRef scope = path.rsplit('/').first;
  return path.contains('/') ? scope.rsplit('/').second.empty()
                                  ? scope.split(':').first.str()
                                  : scope.rsplit('/').second.split(':').first.str()
                            : "";
}

}  // namespace

std::optional<Scopes> ScopesOf(const onnx::NodeProto& node) {
  if (auto list = Metadata(node, kNameScopes)) return Split(LastScope(*list), ".");
  if (auto path = Metadata(node, kNamespace)) return Split(LastNamespace(*path), ".");
  const llvm::StringRef name = node.name();
  if (name.contains('/')) return Split(name.rsplit('/').first, "/.");
  if (name.contains('.')) return Split(name.rsplit('.').first, ".");
  return std::nullopt;
}

LayerNames::LayerNames(const onnx::GraphProto& graph) {
  std::map<Scopes, std::set<std::string>> numbers;  // with a softmax, by container
  for (const auto& node : graph.node()) {
    const auto scopes = ScopesOf(node);
    if (!scopes || !llvm::StringRef(node.op_type()).contains("Softmax")) continue;
    for (size_t i = 0; i < scopes->size(); ++i)
      if (IsNumber((*scopes)[i]))
        numbers[Scopes(scopes->begin(), scopes->begin() + i)].insert((*scopes)[i]);
  }
  for (const auto& [container, found] : numbers) {
    if (static_cast<int64_t>(found.size()) <= count_) continue;
    count_ = static_cast<int64_t>(found.size());
    container_ = container;
  }
}

LayerNames::Place LayerNames::Of(const onnx::NodeProto& node) const {
  const auto scopes = ScopesOf(node);
  if (!scopes) return {};
  Place place{.scoped = true, .layer = std::nullopt};
  const size_t at = container_.size();
  const bool inside = count_ > 0 && scopes->size() > at &&
                      std::equal(container_.begin(), container_.end(), scopes->begin());
  if (inside && IsNumber((*scopes)[at])) place.layer = std::stoll((*scopes)[at]);
  return place;
}

}  // namespace mpcc
