// SPDX-License-Identifier: Apache-2.0
// What the protocol makes of an operation. interfaces.td has the questions, mpc.td the answers; the
// functions below ask them of any operation. One of another dialect is plaintext of P1.
#ifndef MPCC_IR_MPC_PROTOCOL_H_
#define MPCC_IR_MPC_PROTOCOL_H_

#include <optional>
#include <span>
#include <vector>

#include "ir/mpc/types.h"
#include "mlir/IR/OpDefinition.h"
#include "runtime/protocol/cost.h"

namespace mpcc::mpc {

enum class Role {
  kOnline,      // P1 or P2, without P0: plaintext, additive shares, results
  kConstant,    // P0's own integers
  kDrawsMasks,  // an exchange; P0 draws the masks of its results
  kLocal,       // the same on shares and on masks: P0 does it too, on the masks that it knows
  kDeals,       // P0 deals vectors that P1 and P2 consume
  kAbstract,    // nothing says yet what it opens: a pass expands it
  kAtP0,        // in P0's function alone
};

// The noise of rounding at random.
enum class Noise {
  kNone,      // its results are functions of their values alone
  kFresh,     // it rounds at random
  kPassesOn,  // a result has the noise of its operand, or of all if there are several for it
};

// A dealt operation as both sides see it: types of its operands (at P0 masks for shares) and of its
// result, and the attributes that dealing depends on.
struct Dealing {
  llvm::SmallVector<ShareType> operands;
  ShareType result;
  mlir::DictionaryAttr params;

  // What the cost table says of `operation`; `index_bits` as in runtime/protocol/cost.h.
  std::vector<PackedVector> Vectors(Operation operation, int index_bits) const;
  // One per subset of the factors.
  std::vector<PackedVector> SubsetVectors() const;
  // log2 of the entries in a row of the table that is operand `i`.
  int RowBits(unsigned i) const;
  // The numbers of an array.
  std::span<const int64_t> Ints(llvm::StringRef name) const;
};

}  // namespace mpcc::mpc

#include "ir/mpc/mpc_interfaces.h.inc"

namespace mpcc::mpc {

Role RoleOf(mlir::Operation* op);
bool IsAbstract(mlir::Operation* op);
// A message between P1 and P2.
bool IsExchange(mlir::Operation* op);
// The shared operands have to be replicated.
bool NeedsReplicated(mlir::Operation* op);

// Empty if the operation has none, or none yet.
llvm::ArrayRef<int64_t> StreamsOf(mlir::Operation* op);

// The vectors that P0 deals for `op`, one per stream: `op` is a dealt operation or the `mpc.deal`
// of one. Empty for any other.
std::vector<PackedVector> DealtVectorsOf(mlir::Operation* op);

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_PROTOCOL_H_
