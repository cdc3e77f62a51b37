// SPDX-License-Identifier: Apache-2.0
// What each opcode of a plan is: one row per opcode, in opcodes.cc. The validator, the printer, the
// executor, codegen, the cost of programs and docs/opcodes.md read it.
#ifndef MPCC_RUNTIME_PLAN_OPCODES_H_
#define MPCC_RUNTIME_PLAN_OPCODES_H_

#include <array>
#include <optional>
#include <span>

#include "runtime/plan/plan.pb.h"
#include "runtime/protocol/cost.h"

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
  const char* name;       // lower case, as in reports
  const char* operation;  // of the IR that becomes this step, with its dialect; "" if none does
  OpcodeFamily family;
  std::optional<Operation> cost;  // none for what costs nothing
  std::array<Arity, 3> at;        // by party
  int ints;                       // count, or one of the markers above
  const char* parameters;  // names of the ints in their order: attributes of the operation, or what
                           // codegen/step_table.cc derives from its types
  const char* operands;    // kinds, shapes and constants in words, for docs/opcodes.md
};

// All rows, one for each number of plan.proto, in its order.
std::span<const OpcodeInfo> AllOpcodes();
// Null for a number that names no opcode.
const OpcodeInfo* FindOpcode(plan::Opcode opcode);

// ints[0] of DRAW_MASK.
enum class MaskOf { kReshare, kInput };  // kInput: P2's component is zero

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_OPCODES_H_
