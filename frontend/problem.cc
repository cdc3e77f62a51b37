// SPDX-License-Identifier: Apache-2.0
#include "frontend/problem.h"

#include <cctype>
#include <map>
#include <set>

#include "fmt/format.h"

namespace mpcc {
namespace {

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// The end of a quoted name or of a list of numbers at `i`; `i` if there is none. The 8 of int8 is
// no number.
size_t SkipParticular(const std::string& text, size_t i) {
  if (text[i] == '\'') {
    const size_t end = text.find('\'', i + 1);
    return end == std::string::npos ? i : end + 1;
  }
  const size_t first = text[i] == '-' ? i + 1 : i;
  const bool in_word = i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
  if (in_word || first == text.size() || !IsDigit(text[first])) return i;
  size_t end = text.find_first_not_of("0123456789.,+-e ", first);
  if (end == std::string::npos) end = text.size();
  while (!IsDigit(text[end - 1])) --end;
  return end;
}

// The text with names and numbers left out.
std::string General(const std::string& text) {
  std::string general;
  for (size_t i = 0; i < text.size();) {
    const size_t end = SkipParticular(text, i);
    general += end == i ? text[i] : '#';
    i = end == i ? i + 1 : end;
  }
  return general;
}

std::string Line(const Problem& problem, size_t more) {
  return fmt::format("'{}' ({}){}: found {}; accepted: {}; remedy: {}", problem.node, problem.op,
                     more ? fmt::format(" and {} more", more) : "", problem.found, problem.accepted,
                     problem.remedy);
}

std::string Plural(size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string ToString(const Problem& problem) { return Line(problem, 0); }

std::vector<ProblemKind> KindsOf(const Problems& problems) {
  std::vector<ProblemKind> kinds;
  std::map<std::string, size_t> known;
  std::set<std::pair<size_t, std::string>> counted;
  for (const Problem& problem : problems) {
    const std::string key = fmt::format("{}\n{}\n{}\n{}", problem.op, General(problem.found),
                                        General(problem.accepted), General(problem.remedy));
    const size_t kind = known.try_emplace(key, kinds.size()).first->second;
    if (kind == kinds.size()) kinds.push_back({&problem, 0});
    if (counted.emplace(kind, problem.node).second) ++kinds[kind].nodes;
  }
  return kinds;
}

std::vector<std::string> Summarize(const Problems& problems) {
  std::vector<std::string> lines;
  for (const ProblemKind& kind : KindsOf(problems))
    lines.push_back(Line(*kind.first, kind.nodes - 1));
  return lines;
}

std::string CountText(const Problems& problems) {
  const size_t kinds = KindsOf(problems).size();
  const std::string count = Plural(problems.size(), "problem");
  return kinds == problems.size() ? count : count + " of " + Plural(kinds, "kind");
}

}  // namespace mpcc
