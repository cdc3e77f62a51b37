// SPDX-License-Identifier: Apache-2.0
#include "frontend/tensors_read.h"

namespace mpcc {
namespace {

void Collect(const onnx::NodeProto& node, std::vector<std::string>& names) {
  names.insert(names.end(), node.input().begin(), node.input().end());
  for (const auto& attribute : node.attribute()) {
    if (!attribute.has_g()) continue;
    for (const auto& inner : attribute.g().node()) Collect(inner, names);
    for (const auto& output : attribute.g().output()) names.push_back(output.name());
  }
}

}  // namespace

std::vector<std::string> TensorsRead(const onnx::NodeProto& node) {
  std::vector<std::string> names;
  Collect(node, names);
  return names;
}

}  // namespace mpcc
