// SPDX-License-Identifier: Apache-2.0
// What every program does alike: --version, its manual page and completion, which are made of the
// descriptions that --help prints, and how it refuses a command line ("error: ...").
#ifndef MPCC_TOOLS_MANNERS_H_
#define MPCC_TOOLS_MANNERS_H_

#include <CLI/CLI.hpp>
#include <string>

namespace mpcc {

// Adds --version, --man and --completion, and words for refusals. To be called before parsing; the
// app must outlive it.
void AddManners(CLI::App& app, const std::string& program);

// For an option that is a real: finite, of a range. CLI::Range lets NaN pass, with which every
// comparison fails.
CLI::Validator RealIn(double least, double most);

// For an option that counts: from 1 to the largest int.
CLI::Validator Counting();

// In the language of man(7).
std::string ManualPage(const CLI::App& app, const std::string& program);

// A script for bash: commands and options, then files.
std::string BashCompletion(const CLI::App& app, const std::string& program);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MANNERS_H_
