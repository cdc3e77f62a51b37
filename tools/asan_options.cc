// SPDX-License-Identifier: Apache-2.0
// Part of every program with MLIR that is built with the address sanitizer. LLVM's headers,
// compiled here, poison what its library, compiled without the sanitizer, allocates from and does
// not unpoison.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allow_user_poisoning=0"; }
