// SPDX-License-Identifier: Apache-2.0
#include "tools/cleansed_memory.h"

#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MPCC_SANITIZED 1
#elif defined(__has_feature)
#define MPCC_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define MPCC_SANITIZED 0
#endif

namespace mpcc {
namespace {

void Forget(void* memory) {
  if (!memory) return;
  OPENSSL_cleanse(memory, malloc_usable_size(memory));
  std::free(memory);
}

void* Allocate(size_t bytes, const char*, int) { return std::malloc(bytes); }

void* Reallocate(void* old, size_t bytes, const char*, int) {
  if (!old) return std::malloc(bytes);
  void* const memory = bytes > 0 ? std::malloc(bytes) : nullptr;
  if (bytes > 0 && !memory) return nullptr;
  if (memory) std::memcpy(memory, old, std::min(bytes, malloc_usable_size(old)));
  Forget(old);
  return memory;
}

void Free(void* memory, const char*, int) { Forget(memory); }

}  // namespace

void CleanseOpensslMemory() {
  if (!MPCC_SANITIZED) CRYPTO_set_mem_functions(Allocate, Reallocate, Free);
}

void KeepNoOutput() { std::setvbuf(stdout, nullptr, _IONBF, 0); }

}  // namespace mpcc

#if !MPCC_SANITIZED
void* operator new(size_t bytes) {
  if (void* const memory = std::malloc(std::max<size_t>(bytes, 1))) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t bytes, std::align_val_t align) {
  const auto to = static_cast<size_t>(align);
  if (void* const memory = std::aligned_alloc(to, (std::max<size_t>(bytes, 1) + to - 1) / to * to))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { mpcc::Forget(memory); }
void operator delete(void* memory, size_t) noexcept { mpcc::Forget(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { mpcc::Forget(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { mpcc::Forget(memory); }
#endif
