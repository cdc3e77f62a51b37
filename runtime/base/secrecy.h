// SPDX-License-Identifier: Apache-2.0
// Which bytes are secret, told to valgrind: it takes secret bytes for undefined, follows what is
// computed from them, and complains of every branch and every address that depends on them. So a
// test that runs under it shows that time does not depend on secrets. Elsewhere, and where
// valgrind's header is missing, nothing happens.
#ifndef MPCC_RUNTIME_BASE_SECRECY_H_
#define MPCC_RUNTIME_BASE_SECRECY_H_

#include <cstdint>
#include <span>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define MPCC_HAS_MEMCHECK 1
#else
#define MPCC_HAS_MEMCHECK 0
#endif

namespace mpcc {

// Seeds, shares, masks: for tests.
inline void MarkSecret([[maybe_unused]] std::span<const uint8_t> bytes) {
#if MPCC_HAS_MEMCHECK
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
#endif
}

// What is computed from secrets and told to a party: messages, opened values, results.
inline void MarkPublic([[maybe_unused]] std::span<const uint8_t> bytes) {
#if MPCC_HAS_MEMCHECK
  VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
#endif
}

// Whether somebody watches what becomes of secrets.
inline bool SecretsAreWatched() {
#if MPCC_HAS_MEMCHECK
  return RUNNING_ON_VALGRIND != 0;
#else
  return false;
#endif
}

// Branches and addresses that depended on secrets so far.
inline unsigned SecretsFollowed() {
#if MPCC_HAS_MEMCHECK
  return VALGRIND_COUNT_ERRORS;
#else
  return 0;
#endif
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_SECRECY_H_
