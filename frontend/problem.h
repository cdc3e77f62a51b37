// SPDX-License-Identifier: Apache-2.0
// What the frontend tells the user about a model it cannot take. Problems are collected, never only
// the first.
#ifndef MPCC_FRONTEND_PROBLEM_H_
#define MPCC_FRONTEND_PROBLEM_H_

#include <string>
#include <vector>

namespace mpcc {

struct Problem {
  std::string node;      // node, tensor or input that has the problem
  std::string op;        // operator type, "model", "input" or "initializer"
  std::string found;     // what the file says
  std::string accepted;  // what mpcc takes
  std::string remedy;    // what the user can do

  std::vector<std::string> notes = {};  // each a line for --verbose
};

using Problems = std::vector<Problem>;

// The remedy where a node is not what ONNX defines.
inline constexpr char kInvalidFile[] =
    "export the model again: the file breaks ONNX's rules, and "
    "onnx.checker.check_model(path, full_check=True) says where";

// One line: "'layers.0/Add' (Add): found ...; accepted: ...; remedy: ...".
std::string ToString(const Problem& problem);

// Problems that differ in nodes, names and numbers alone.
struct ProblemKind {
  const Problem* first;  // points into the problems
  size_t nodes;          // that have such a problem
};

// The kinds of problems, in the order of their first nodes.
std::vector<ProblemKind> KindsOf(const Problems& problems);

// A line for each kind, with its first node and how many more there are: "'Add_1' (Add) and 4 more:
// found ...".
std::vector<std::string> Summarize(const Problems& problems);

// "5 problems of 2 kinds".
std::string CountText(const Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_PROBLEM_H_
