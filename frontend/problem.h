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
};

using Problems = std::vector<Problem>;

// One line: "layers.0/Add (Add): found ..., accepted ..., remedy: ...".
std::string ToString(const Problem& problem);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_PROBLEM_H_
