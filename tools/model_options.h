// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MODEL_OPTIONS_H_
#define MPCC_TOOLS_MODEL_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "tools/model_folder.h"

namespace mpcc {

// What --pool takes where vectors of tokens are to stay as they are.
inline constexpr char kNoPooling[] = "none";

// Whether --pool takes it.
bool IsPooling(const std::string& name);

// The options that say which model is meant, shared by all subcommands that read one.
struct ModelOptions {
  std::string path;                 // an ONNX file; a folder before the command line is taken
  std::string file;                 // of the folder
  std::vector<std::string> shapes;  // name=1x128
  std::vector<int64_t> seq_lens;    // one bucket each
  bool verbose = false;
  std::optional<int64_t> pad_id;
  std::vector<std::string> results;  // outputs of the file
  std::string pool;                  // as --pool takes it, or "" if not said
  std::optional<bool> normalize;
  std::vector<std::string> digits;    // "3", "all", "name=3"
  bool pools = false;                 // AddPoolingTo
  std::optional<ModelFolder> folder;  // that was named
  std::vector<std::string> told;      // lines: what it says

  // Where a folder is named, the file in it that is meant takes its place (folder_options.h).
  void AddTo(CLI::App& command);
  // What becomes of results, for commands whose program gives them.
  void AddPoolingTo(CLI::App& command);
  // To how many digits they are revealed, for commands that lower.
  void AddDigitsTo(CLI::App& command);

  // What to import for each bucket; one entry without a sequence length if none was given. Nothing,
  // with a message on stderr, if a shape or digits cannot be read.
  std::optional<std::vector<ImportOptions>> Buckets() const;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_MODEL_OPTIONS_H_
