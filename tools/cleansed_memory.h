// SPDX-License-Identifier: Apache-2.0
// In a program that links cleansed_memory.cc all memory of `new` and of OpenSSL is zeroised when it
// is freed: inputs, lines of JSON, answers, what strings and lists leave behind as they grow, and
// the buffers of TLS. Not in builds with sanitizers, which have an allocator of their own.
#ifndef MPCC_TOOLS_CLEANSED_MEMORY_H_
#define MPCC_TOOLS_CLEANSED_MEMORY_H_

namespace mpcc {

// For OpenSSL's. REQUIRES: nothing of OpenSSL was used before.
void CleanseOpensslMemory();

// Standard output keeps nothing of what was written.
void KeepNoOutput();

}  // namespace mpcc

#endif  // MPCC_TOOLS_CLEANSED_MEMORY_H_
