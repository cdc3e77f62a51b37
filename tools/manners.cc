// SPDX-License-Identifier: Apache-2.0
#include "tools/manners.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <limits>
#include <vector>

#include "mpcc/version.h"

namespace mpcc {
namespace {

using Options = std::vector<const CLI::Option*>;
using Apps = std::vector<const CLI::App*>;

Apps CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

Options OptionsOf(const CLI::App& app) {
  return app.get_options([](const CLI::Option*) { return true; });
}

// Text of man(7): hyphens that may be copied, no line that is a request.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else
      escaped += c;
  }
  const bool request = !escaped.empty() && (escaped[0] == '.' || escaped[0] == '\'');
  return (request ? "\\&" : "") + escaped;
}

std::string OptionEntries(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : OptionsOf(app))
    text += fmt::format(".TP\n\\fB{}\\fR \\fI{}\\fR\n{}\n", Escaped(option->get_name(true, true)),
                        Escaped(option->get_type_name()), Escaped(option->get_description()));
  return text;
}

// The words of a command line that names no command, though one is needed; CLI11 tells only this.
std::vector<std::string> WordsForCommand(const CLI::App& app) {
  const bool none = app.get_require_subcommand_min() > 0 && app.get_subcommands().empty();
  return none ? app.remaining() : std::vector<std::string>();
}

std::string NoCommand(const CLI::App& app, const std::string& word) {
  if (word.starts_with("-"))
    return fmt::format("error: '{}' is no option of {}; accepted: those that --help lists\n", word,
                       app.get_name());
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(app)) names.push_back(command->get_name());
  return fmt::format(
      "error: no command '{}'; accepted: {}\nRun with --help for more information.\n", word,
      fmt::join(names, ", "));
}

// CLI11's words, which begin like a sentence where no option does, as all errors are told.
std::string Refusal(const CLI::App* app, const CLI::Error& error) {
  const auto words = WordsForCommand(*app);
  if (!words.empty() && dynamic_cast<const CLI::RequiredError*>(&error))
    return NoCommand(*app, words.front());
  std::string text = CLI::FailureMessage::simple(app, error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return "error: " + text;
}

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// What may follow a command: its commands and its options.
std::string WordsOf(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* command : CommandsOf(app)) words.push_back(command->get_name());
  for (const CLI::Option* option : OptionsOf(app))
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return fmt::format("{}", fmt::join(words, " "));
}

// A flag that prints a text and ends the program.
void AddPrinter(CLI::App& app, const std::string& flag, const std::string& program,
                std::string (*text)(const CLI::App&, const std::string&),
                const std::string& meaning) {
  app.add_flag_callback(
         flag,
         [&app, program, text] {
           std::cout << text(app, program);
           throw CLI::Success();
         },
         meaning)
      ->trigger_on_parse();
}

}  // namespace

CLI::Validator RealIn(double least, double most) {
  return CLI::Validator(
      [least, most](const std::string& text) -> std::string {
        double number = 0;
        if (CLI::detail::lexical_cast(text, number) && number >= least && number <= most) return "";
        return fmt::format("'{}'; accepted: a number from {} to {}", text, least, most);
      },
      "");
}

CLI::Validator Counting() { return CLI::Range(1, std::numeric_limits<int>::max()); }

std::string ManualPage(const CLI::App& app, const std::string& program) {
  const Apps commands = CommandsOf(app);
  std::string text = fmt::format(
      ".TH {} 1 \"\" \"mpcc {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n[options]{}\n"
      ".SH OPTIONS\n{}",
      Upper(Escaped(program)), kVersion, Escaped(program), Escaped(app.get_description()),
      Escaped(program), commands.empty() ? "" : " command [options]", OptionEntries(app));
  for (const CLI::App* command : commands)
    text += fmt::format(".SH \"{} {}\"\n{}\n{}", Upper(Escaped(program)),
                        Upper(Escaped(command->get_name())), Escaped(command->get_description()),
                        OptionEntries(*command));
  return text;
}

std::string BashCompletion(const CLI::App& app, const std::string& program) {
  std::string function = "_" + program;
  std::ranges::replace(function, '-', '_');
  std::vector<std::string> names;
  std::string cases;
  for (const CLI::App* command : CommandsOf(app)) {
    names.push_back(command->get_name());
    cases += fmt::format("    {}) words+=' {}' ;;\n", command->get_name(), WordsOf(*command));
  }
  const std::string known = names.empty() ? "''" : fmt::format("{}", fmt::join(names, "|"));
  return fmt::format(
      "{0}() {{\n  local words='{1}' command= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${{COMP_WORDS[i]}} in {2}) command=${{COMP_WORDS[i]}} ;; esac\n  done\n"
      "  case $command in\n{3}    *) ;;\n  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\")\n}}\n"
      "complete -o default -F {0} {4}\n",
      function, WordsOf(app), known, cases, program);
}

void AddManners(CLI::App& app, const std::string& program) {
  app.failure_message(Refusal);
  app.set_version_flag("--version", program + " " + kVersion, "print the version and exit");
  AddPrinter(app, "--man", program, ManualPage, "print the manual page and exit");
  AddPrinter(app, "--completion", program, BashCompletion,
             "print a completion script for bash and exit");
}

}  // namespace mpcc
