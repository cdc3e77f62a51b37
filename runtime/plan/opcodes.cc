// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/opcodes.h"

namespace mpcc {
namespace {

using F = OpcodeFamily;
constexpr Arity kNone{};
constexpr Arity kUnary{1, 1};
constexpr Arity kTwo{2, 1};

// A local opcode: P1 alone.
constexpr std::array<Arity, 3> Local(int inputs, int outputs = 1, int constants = 0) {
  return {kNone, Arity{inputs, outputs, 0, constants}, kNone};
}

// The same arity at all three parties.
constexpr std::array<Arity, 3> Everywhere(Arity arity) { return {arity, arity, arity}; }

// Shares only: P1 and P2.
constexpr std::array<Arity, 3> Online(Arity arity) { return {kNone, arity, arity}; }

// A dealt operation: P0 has no output and holds `constants`; P1 and P2 hold `public_constants` and
// `shared`.
constexpr std::array<Arity, 3> Dealt(int inputs, int streams, int constants,
                                     int public_constants = 0, int shared = 0) {
  const Arity online{inputs, 1, streams, public_constants, shared};
  return {Arity{inputs, 0, streams, constants, shared}, online, online};
}

constexpr OpcodeInfo kOpcodes[] = {
    {plan::INPUT,
     "input",
     F::kExchange,
     {kNone, Arity{kSomeOrMore, kAsInputs, kAsOutputs}, Arity{0, kSomeOrMore, kAsOutputs}},
     0,
     ""},
    {plan::RESHARE, "reshare", F::kExchange, Online({kSomeOrMore, kAsInputs, kAsOutputs}), 0, ""},
    {plan::REVEAL,
     "reveal",
     F::kExchange,
     {kNone, Arity{kSomeOrMore, kAsInputs}, Arity{kSomeOrMore, 0}},
     0,
     ""},
    {plan::INPUT_LOCAL, "input_local", F::kShares, {kNone, kUnary, Arity{0, 1}}, 0, ""},
    {plan::OPEN_FREE, "open_free", F::kShares, Online(kUnary), 0, ""},
    {plan::ADD_SHARES, "add_shares", F::kShares, Everywhere(kTwo), 0, ""},
    {plan::SUB_SHARES, "sub_shares", F::kShares, Everywhere(kTwo), 0, ""},
    {plan::ADD_PUBLIC, "add_public", F::kShares, Everywhere(kUnary), 1, "c"},
    {plan::MUL_PUBLIC, "mul_public", F::kShares, Everywhere(kUnary), 1, "c"},
    {plan::ROW_SUM, "row_sum", F::kShares, Everywhere(kUnary), 0, ""},
    {plan::RESHAPE, "reshape", F::kShares, Everywhere(kUnary), 0, ""},
    {plan::TRANSPOSE, "transpose", F::kShares, Everywhere(kUnary), kRank, "perm"},
    {plan::SLICE, "slice", F::kShares, Everywhere(kUnary), kRank, "offsets"},
    {plan::CONCAT, "concat", F::kShares, Everywhere({kSomeOrMore, 1}), 1, "axis"},
    {plan::RESIZE, "resize", F::kShares, Everywhere(kUnary), 0, ""},
    {plan::EXTRACT, "extract", F::kShares, Online(kUnary), 0, ""},
    {plan::JOIN, "join", F::kShares, Everywhere(kTwo), 0, ""},
    {plan::LINEAR, "linear", F::kDealt, Dealt(1, 1, kOneOrTwo, 0, 1), 0, ""},
    {plan::MATMUL, "matmul", F::kDealt, Dealt(2, 1, 0), 1, "transpose_b"},
    {plan::DOT, "dot", F::kDealt, Dealt(2, 1, 0), 0, ""},
    {plan::PRODUCT, "product", F::kDealt, Dealt(kAnyNumber, kSubsets, kHasConstant), kProductInts,
     "has_constant, shape of the constant"},
    {plan::LUT, "lut", F::kDealt, Dealt(1, 1, 1), 2, "k, shift"},
    {plan::LUT2, "lut2", F::kDealt, Dealt(2, 1, 1), 0, ""},
    {plan::EXP, "exp", F::kDealt, Dealt(1, 1, 1, 1), 1, "j"},
    {plan::WRAP, "wrap", F::kDealt, Dealt(1, 2, 0), 1, "r, the result's width"},
    {plan::DRAW_MASK,
     "draw_mask",
     F::kMask,
     {Arity{0, 1, 1}, kNone, kNone},
     1,
     "0 for a reshare, 1 for an input"},
    {plan::LOCAL_ARGUMENT, "local_argument", F::kLocal, Local(0), 2, "role, padding"},
    {plan::LOCAL_CONSTANT, "local_constant", F::kLocal, Local(0, 1, 1), 0, ""},
    {plan::LOCAL_ENCODE, "local_encode", F::kLocal, Local(1), 1, "fraction_bits"},
    {plan::LOCAL_OUTPUT, "local_output", F::kLocal, Local(1, 0), 1, "fraction_bits"},
    {plan::LOCAL_DECODE, "local_decode", F::kLocal, Local(1), 1, "fraction_bits"},
    {plan::LOCAL_PLAIN, "local_plain", F::kLocal, Local(kSomeOrMore), kSomeOrMore,
     "operator, its parameters"},
};

}  // namespace

std::span<const OpcodeInfo> AllOpcodes() { return kOpcodes; }

const OpcodeInfo* FindOpcode(plan::Opcode opcode) {
  for (const OpcodeInfo& info : kOpcodes)
    if (info.opcode == opcode) return &info;
  return nullptr;
}

}  // namespace mpcc
