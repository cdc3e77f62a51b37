// SPDX-License-Identifier: Apache-2.0
#include "frontend/problem.h"

#include "fmt/format.h"

namespace mpcc {

std::string ToString(const Problem& problem) {
  return fmt::format("'{}' ({}): found {}; accepted: {}; remedy: {}", problem.node, problem.op,
                     problem.found, problem.accepted, problem.remedy);
}

}  // namespace mpcc
