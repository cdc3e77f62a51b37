// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_reader.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "fmt/format.h"
#include "frontend/rewrite/rewrite.h"
#include "onnx/defs/parser.h"

namespace mpcc {
namespace {

// ONNX text with // comments on lines of their own.
bool ParseText(const std::string& path, onnx::ModelProto& model, Problems& problems) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);)
    if (line.rfind("//", 0) != 0) text += line + "\n";
  auto status = onnx::OnnxParser::Parse(model, text.c_str());
  if (status.IsOK()) return true;
  problems.push_back({path, "model", status.ErrorMessage(), "ONNX text", "correct the text"});
  return false;
}

bool ParseBinary(const std::string& path, onnx::ModelProto& model, Problems& problems) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problems.push_back({path, "model", "no readable file", "an ONNX file", "check the path"});
    return false;
  }
  if (model.ParseFromIstream(&file)) return true;
  problems.push_back({path, "model", "bytes that are not an ONNX ModelProto",
                      "a complete ONNX file below 2 GB",
                      "check that the file is complete; store larger weights as external data"});
  return false;
}

void NameNodes(onnx::GraphProto& graph) {
  std::set<std::string> used;
  for (int i = 0; i < graph.node_size(); ++i) {
    onnx::NodeProto& node = *graph.mutable_node(i);
    if (node.name().empty()) node.set_name(fmt::format("{}_{}", node.op_type(), i));
    std::string name = node.name();
    for (int copy = 2; !used.insert(name).second; ++copy)
      name = fmt::format("{}_{}", node.name(), copy);
    node.set_name(name);
  }
}

}  // namespace

std::optional<onnx::ModelProto> PrepareModel(onnx::ModelProto model, const std::string& directory,
                                             Problems& problems) {
  const size_t before = problems.size();
  InlineFunctions(model, problems);
  NameNodes(*model.mutable_graph());
  LoadExternalData(model, directory, problems);
  ValidateModel(model, problems);
  if (problems.size() > before) return std::nullopt;
  RewriteQOperators(model, problems);
  RewriteIntegerProducts(model, problems);
  RewriteIntegerLookups(model);
  if (problems.size() > before) return std::nullopt;
  return model;
}

std::optional<onnx::ModelProto> ParseOnnx(const std::string& path, Problems& problems) {
  onnx::ModelProto model;
  const bool text = std::filesystem::path(path).extension() == ".onnxtxt";
  if (!(text ? ParseText(path, model, problems) : ParseBinary(path, model, problems)))
    return std::nullopt;
  if (model.has_graph()) return model;
  // An empty file, or one that was cut behind a field of the model: protobuf takes both.
  problems.push_back({path, "model", "no graph", "a complete ONNX file",
                      "check that the file is complete; else export the model again"});
  return std::nullopt;
}

std::optional<onnx::ModelProto> ReadOnnx(const std::string& path, Problems& problems) {
  try {
    auto model = ParseOnnx(path, problems);
    if (!model) return std::nullopt;
    return PrepareModel(*std::move(model), std::filesystem::path(path).parent_path().string(),
                        problems);
  } catch (const std::exception& error) {  // protobuf and filesystem throw
    problems.push_back({path, "model", error.what(), "a readable ONNX file", "check the file"});
    return std::nullopt;
  }
}

}  // namespace mpcc
