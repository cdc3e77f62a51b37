// SPDX-License-Identifier: Apache-2.0
// What each opcode of a plan takes: one row per opcode, used by the validator, the printer and the
// executor.
#ifndef MPCC_RUNTIME_PLAN_OPCODES_H_
#define MPCC_RUNTIME_PLAN_OPCODES_H_

#include <array>
#include <span>

#include "runtime/plan/plan.pb.h"

namespace mpcc {

// A count in an opcode's row: an exact number, or one of these.
inline constexpr int kSomeOrMore = -1;  // one or more
inline constexpr int kAnyNumber = -11;  // none or more
inline constexpr int kAsOutputs = -2;   // as many as the step has outputs
inline constexpr int kAsInputs = -3;    // as many as the step has inputs
inline constexpr int kNotHere = -4;     // in `inputs` only: the opcode does not run at this party
inline constexpr int kSubsets = -5;     // PRODUCT: 2^factors vectors, one less without the constant
inline constexpr int kOneOrTwo = -6;    // LINEAR at P0: the bias may be absent
inline constexpr int kHasConstant = -7;  // PRODUCT at P0: one when ints[0] is 1, else none
inline constexpr int kRank = -8;         // in `ints`: one per dimension of inputs[0]
inline constexpr int kProductInts =
    -10;  // in `ints`: has_constant, then the constant's shape when it is 1

struct Arity {
  int inputs = kNotHere;
  int outputs = 0;
  int streams = 0;
  int constants = 0;
  int shared = 0;
};

// Which wires an opcode reads and writes at P1 and P2; at P0 every wire is a MASK.
enum class OpcodeFamily { kExchange, kShares, kDealt, kMask, kLocal };

struct OpcodeInfo {
  plan::Opcode opcode;
  const char* name;  // lower case, as in reports
  OpcodeFamily family;
  std::array<Arity, 3> at;  // by party
  int ints;                 // count, or one of the markers above
  const char* ints_doc;     // their meaning and order
};

// All rows, in the order of the enum.
std::span<const OpcodeInfo> AllOpcodes();
// Null for a number that names no opcode.
const OpcodeInfo* FindOpcode(plan::Opcode opcode);

// Operands, in order. Shapes are row-major, widths are those of the wires, "constants" are those of
// the party named.
//
// Exchanges:
// - INPUT: P1: LOCAL RING x... -> RSS m...; P2: -> RSS m...; streams: one mask per result
// - RESHARE: ADD a... -> RSS m..., same width and shape; streams: one mask per result
// - REVEAL: P1: ADD a... -> LOCAL RING x...; P2: ADD a... ->
//
// Shares:
// - INPUT_LOCAL: P1: LOCAL RING x -> ADD; P2: -> ADD
// - OPEN_FREE: RSS -> ADD
// - ADD_SHARES, SUB_SHARES: (ADD, ADD) -> ADD or (RSS, RSS) -> RSS; inputs[1] may broadcast to
//   inputs[0]
// - ADD_PUBLIC, MUL_PUBLIC: x -> x; ADD_PUBLIC copies a mask
// - ROW_SUM: x [.., K] -> [.., 1]
// - RESHAPE, TRANSPOSE, SLICE, CONCAT: structural; a RESHAPE may run in place (its output in its
//   input's slot) when the input is not used later
// - RESIZE: width l -> k, k < l
// - EXTRACT: ADD<l> -> ADD<k>, k <= l
// - JOIN: (RSS<k> x, RSS<r> z) -> RSS<k+r>
//
// Dealt:
// - LINEAR: RSS x [.., K] -> ADD [.., N]; shared[0] = W [K, N]; P0: constants = W, bias [N] (may be
//   absent)
// - MATMUL: RSS a [.., M, K], RSS b [.., K, N] (or [.., N, K]) -> ADD [.., M, N]; equal leading
//   dimensions
// - DOT: RSS a [.., K], RSS b [.., K] -> ADD [.., 1]
// - PRODUCT: RSS f1..fd -> ADD, the broadcast shape of the factors and the constant; P0: constants
//   = c if has_constant; streams: one per subset in increasing order of its bit mask (bit t =
//   factor t; the empty one only with a constant); d <= 6, none only with a constant
// - LUT: RSS<l> x -> ADD<l2>; P0: constants = tables [T, 2^k] of width l2, T = 1 or the last extent
//   of x
// - LUT2: RSS<k1> a, RSS<k2> b (broadcasts to a) -> ADD<l2>; P0: constants = table [2^(k1+k2)] of
//   width l2
// - EXP: RSS<k> x -> ADD<l>; P1, P2: constants = G [2^j] of width l; P0: constants = F [2^k + 2^j]
//   of width l
// - WRAP: RSS<k> x -> ADD<r>; streams: carry, most significant bit
//
// P0:
// - DRAW_MASK: -> MASK; streams: the mask of the INPUT or RESHARE result
//
// P1, plaintext:
// - LOCAL_ARGUMENT: -> F32 or I64; the role is an InputRole (runtime/base/input_role.h), the
// padding
//   what stands where an input has less tokens than the program
// - LOCAL_PLAIN: the operator ints[0] of runtime/plain with the parameters behind it, on F32 and
// I64
//   wires; truth values are I64, 0 and 1
// - LOCAL_ENCODE: F32 or I64 -> RING of the same shape, a scalar as [1]
// - LOCAL_DECODE: RING -> F32 or I64
// - LOCAL_OUTPUT: RING or F32 -> nothing
//
// At P0 dealing opcodes (LINEAR..WRAP) have MASK inputs and no outputs, and stand in the order of
// P1's and P2's steps.

// ints[0] of DRAW_MASK.
enum class MaskOf { kReshare, kInput };  // kInput: P2's component is zero

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_OPCODES_H_
