// SPDX-License-Identifier: Apache-2.0
// How large a model may be, asked before anything of that size is allocated.
#ifndef MPCC_FRONTEND_LIMITS_H_
#define MPCC_FRONTEND_LIMITS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "llvm/ADT/ArrayRef.h"

namespace mpcc {

// Tokens of one program: the first two extents of an input, a batch of sequences.
inline constexpr int64_t kMaxTokens = int64_t{1} << 16;
// One tensor: 2 GiB of floats.
inline constexpr int64_t kMaxTensorElements = int64_t{1} << 29;
// All tensors that nodes compute; BERT-large on 2048 tokens has 2^33.
inline constexpr int64_t kMaxGraphElements = int64_t{1} << 35;
// All constants that folding makes.
inline constexpr int64_t kMaxFoldedElements = int64_t{1} << 31;

// The elements of a shape; nothing if an extent is negative or they exceed `most`.
std::optional<int64_t> BoundedCount(llvm::ArrayRef<int64_t> shape,
                                    int64_t most = kMaxTensorElements);

// "at most 2^29 elements in one tensor", for messages.
std::string TensorLimitText();

}  // namespace mpcc

#endif  // MPCC_FRONTEND_LIMITS_H_
