// SPDX-License-Identifier: Apache-2.0
// write-test-plans DIR: the three plans of a small program.
#include <iostream>

#include "runtime/engine/test_program.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  mpcc::TestPlans plans = mpcc::engine::EveryOpcodeProgram();
  for (int party = 0; party < 3; ++party) {
    const std::string path = std::string(argv[1]) + "/party" + std::to_string(party) + ".plan";
    const absl::Status status =
        mpcc::WritePlanFile(path, plans.plan(party), plans.constants(party));
    if (!status.ok()) {
      std::cerr << status << "\n";
      return 1;
    }
  }
  return 0;
}
