// SPDX-License-Identifier: Apache-2.0
// The dialect and ShareType, the type of all that is shared, masked or private to P0.
#ifndef MPCC_IR_MPC_TYPES_H_
#define MPCC_IR_MPC_TYPES_H_

#include <cstdint>
#include <optional>

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/Value.h"

namespace mpcc::mpc {

// Who holds what of a tensor; see the dialect description. `priv` prints as "private".
enum class ShareKind { add, rss, mask, priv };

llvm::StringRef ShareKindName(ShareKind kind);
std::optional<ShareKind> ShareKindFromName(llvm::StringRef name);
inline llvm::hash_code hash_value(ShareKind kind) {
  return llvm::hash_value(static_cast<int>(kind));
}

// Narrowest and widest ring Z_2^l a sharing may live in. Wrap counts and selectors may be as narrow
// as one bit.
inline constexpr unsigned kMinWidth = 1;
inline constexpr unsigned kMaxWidth = 64;
inline constexpr int64_t kMaxRank = 5;

}  // namespace mpcc::mpc

#include "ir/mpc/mpc_dialect.h.inc"
#include "ir/mpc/mpc_enums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "ir/mpc/mpc_types.h.inc"

namespace mpcc::mpc {

// REQUIRES: a value of this type.
inline ShareType Share(mlir::Value value) { return llvm::cast<ShareType>(value.getType()); }

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_TYPES_H_
