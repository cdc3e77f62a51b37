// SPDX-License-Identifier: Apache-2.0
// leak-mutations [COUNT [SEED]]: COUNT random mutants of mutants of each base program, judged by
// the leak check and by the oracle. Prints the table; fails if the check accepts a leak.
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "test/leak/base_programs.h"
#include "test/leak/trial.h"

namespace mpcc::leak {
namespace {

// One mutant, at random, of one mutant.
Mutant Twice(mlir::ModuleOp base, std::mt19937& random) {
  const auto choose = [&](mlir::ModuleOp module) {
    std::vector<Mutant> mutants = MutantsOf(module);
    return std::move(mutants[random() % mutants.size()]);
  };
  const Mutant first = choose(base);
  Mutant second = choose(*first.module);
  second.what = fmt::format("{} ({}), then {}", first.kind, first.what, second.what);
  return second;
}

int Main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 200;
  std::mt19937 random(argc > 2 ? std::atoi(argv[2]) : 1);
  mlir::MLIRContext context;
  LoadDialects(context);
  Trial trial;
  const auto add = [&](const BaseProgram& base) {
    const auto module = SplitProgram(context, base.text);
    for (int i = 0; i < count; ++i) trial.Add(Twice(*module, random));
  };
  for (const BaseProgram& base : kBasePrograms) add(base);
  for (const BaseProgram& base : kExactPrograms) add(base);
  fmt::print("{}", trial.Table());
  for (const std::string& missed : trial.missed) fmt::print("accepted: {}\n", missed);
  return trial.missed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc::leak

int main(int argc, char** argv) { return mpcc::leak::Main(argc, argv); }
