// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_keygen.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <system_error>

#include "runtime/net/keygen.h"

namespace mpcc {
namespace {

bool Keygen(const KeygenOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) {
    fmt::print(stderr, "error: {}: cannot create the folder: {}\n", options.directory,
               error.message());
    return false;
  }
  const auto paths = GenerateKeys(options);
  if (!paths.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(paths.status().message()));
    return false;
  }
  for (const std::string& path : *paths) fmt::print("{}\n", path);
  return true;
}

}  // namespace

void AddKeygenCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<KeygenOptions>();
  CLI::App& command = *app.add_subcommand(
      "keygen", "make a certificate authority and a certificate for each party");
  command.add_option("directory", options->directory, "folder for the files")->required();
  command.add_option("--days", options->valid_days, "how long the certificates are valid")
      ->check(CLI::Range(1, 36500));
  command.add_flag("--overwrite", options->overwrite, "replace files that are there");
  command.callback([options, &exit_code] {
    if (!Keygen(*options)) exit_code = 1;
  });
}

}  // namespace mpcc
