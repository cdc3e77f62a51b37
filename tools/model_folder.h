// SPDX-License-Identifier: Apache-2.0
// A model's folder as sentence-transformers and transformers keep it: which ONNX file is meant,
// what follows the network (modules.json), and its tokenizer. Asks no compiler.
#ifndef MPCC_TOOLS_MODEL_FOLDER_H_
#define MPCC_TOOLS_MODEL_FOLDER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace mpcc {

struct ModelFolder {
  std::string path;
  std::vector<std::string> models;  // ONNX files in it, relative, sorted
  std::string pooling;              // "mean", "cls", another that is not accepted, "": none
  bool normalizes = false;          // brings vectors to length 1
  std::vector<std::string> others;  // types of modules that mpcc does not add
  std::optional<int64_t> longest;   // token ids, beyond which texts are cut
  bool lower_case = false;          // of texts, before the tokenizer

  bool has_modules() const { return !pooling.empty() || normalizes || !others.empty(); }
};

// Whether the path is a folder.
bool IsFolder(const std::string& path);

// INVALID_ARGUMENT where a file of the folder is no JSON of its kind.
absl::StatusOr<ModelFolder> ReadModelFolder(const std::string& path);

// The path of the ONNX file: `file`, if it is not empty, in the folder or elsewhere; else
// model.onnx, model_quantized.onnx, either of them in onnx/, or the only one there is.
// INVALID_ARGUMENT where that says nothing, or there is none.
absl::StatusOr<std::string> ChooseModel(const ModelFolder& folder, const std::string& file);

// The text of the folder's tokenizer.json, which lowers texts where the folder says so; empty where
// there is none.
absl::StatusOr<std::string> TokenizerOf(const ModelFolder& folder);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MODEL_FOLDER_H_
