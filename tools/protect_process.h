// SPDX-License-Identifier: Apache-2.0
// What a process that holds secrets asks of the system.
#ifndef MPCC_TOOLS_PROTECT_PROCESS_H_
#define MPCC_TOOLS_PROTECT_PROCESS_H_

#include <stop_token>

namespace mpcc {

// No core dumps, and no debugger of the same user; not in sanitizer builds, which need both.
void ForbidDumps();

// SIGINT and SIGTERM request a stop; a second one ends the process at once. Called once, before
// other threads are made.
std::stop_token StopOnSignals();

}  // namespace mpcc

#endif  // MPCC_TOOLS_PROTECT_PROCESS_H_
