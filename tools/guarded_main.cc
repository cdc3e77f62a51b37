// SPDX-License-Identifier: Apache-2.0
#include "tools/guarded_main.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

namespace mpcc {
namespace {

const char* program_name = "";

// Without memory of its own: there may be none left.
void Tell(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
    std::fprintf(stderr, "%s: ended without a reason\n", program_name);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "%s: out of memory: compile for shorter inputs or a smaller batch\n",
                 program_name);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "%s: %s\n", program_name, exception.what());
  } catch (...) {
    std::fprintf(stderr, "%s: an unknown exception\n", program_name);
  }
}

// Passes run on threads of MLIR, which lets no exception out.
[[noreturn]] void Terminate() {
  Tell(std::current_exception());
  std::_Exit(1);
}

}  // namespace

int GuardedMain(const char* program, int argc, char** argv, int (*run)(int argc, char** argv)) {
  program_name = program;
  std::set_terminate(Terminate);
  try {
    return run(argc, argv);
  } catch (...) {
    Tell(std::current_exception());
    return 1;
  }
}

}  // namespace mpcc
