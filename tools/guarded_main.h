// SPDX-License-Identifier: Apache-2.0
// The end of every program: whatever no one else has caught.
#ifndef MPCC_TOOLS_GUARDED_MAIN_H_
#define MPCC_TOOLS_GUARDED_MAIN_H_

namespace mpcc {

// Runs `run` and returns its exit code. An exception that escapes it, or that ends another thread,
// is one line on standard error that begins with the program's name, and exit code 1.
int GuardedMain(const char* program, int argc, char** argv, int (*run)(int argc, char** argv));

}  // namespace mpcc

#endif  // MPCC_TOOLS_GUARDED_MAIN_H_
