// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/opcodes.h"

namespace mpcc {
namespace {

using F = OpcodeFamily;
constexpr std::optional<Operation> kFree;
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

// A dealt operation: P0 has no output and holds `constants`; P1 and P2 hold `shared`.
constexpr std::array<Arity, 3> Dealt(int inputs, int streams, int constants, int shared = 0) {
  const Arity online{inputs, 1, streams, 0, shared};
  return {Arity{inputs, 0, streams, constants, shared}, online, online};
}

// Operands stand in order; shapes are row-major, widths those of the wires, constants those of the
// party named. At P0 dealing opcodes have MASK inputs and no outputs, and stand in the order of
// P1's and P2's steps.
constexpr OpcodeInfo kOpcodes[] = {
    {plan::INPUT,
     "input",
     "mpc.input",
     F::kExchange,
     Operation::kInput,
     {kNone, Arity{kSomeOrMore, kAsInputs, kAsOutputs}, Arity{0, kSomeOrMore, kAsOutputs}},
     0,
     "",
     "P1: LOCAL RING x... -> RSS m...; P2: -> RSS m...; streams: one mask per result"},
    {plan::RESHARE, "reshare", "mpc.reshare", F::kExchange, Operation::kReshare,
     Online({kSomeOrMore, kAsInputs, kAsOutputs}), 0, "",
     "ADD a... -> RSS m..., same width and shape; streams: one mask per result"},
    {plan::REVEAL,
     "reveal",
     "mpc.reveal",
     F::kExchange,
     Operation::kReveal,
     {kNone, Arity{kSomeOrMore, kAsInputs}, Arity{kSomeOrMore, 0}},
     0,
     "",
     "P1: ADD a... -> LOCAL RING x...; P2: ADD a... -> nothing"},
    {plan::INPUT_LOCAL,
     "input_local",
     "mpc.input_local",
     F::kShares,
     kFree,
     {kNone, kUnary, Arity{0, 1}},
     0,
     "",
     "P1: LOCAL RING x -> ADD; P2: -> ADD"},
    {plan::OPEN_FREE, "open_free", "mpc.open_free", F::kShares, kFree, Online(kUnary), 0, "",
     "RSS -> ADD"},
    {plan::ADD_SHARES, "add_shares", "mpc.add", F::kShares, kFree, Everywhere(kTwo), 0, "",
     "(ADD, ADD) -> ADD or (RSS, RSS) -> RSS; the second may broadcast to the first"},
    {plan::SUB_SHARES, "sub_shares", "mpc.sub", F::kShares, kFree, Everywhere(kTwo), 0, "",
     "as ADD_SHARES"},
    {plan::ADD_PUBLIC, "add_public", "mpc.add_public", F::kShares, kFree, Everywhere(kUnary), 1,
     "value", "x -> x; a mask is copied; may run in place as RESHAPE does"},
    {plan::MUL_PUBLIC, "mul_public", "mpc.mul_public", F::kShares, kFree, Everywhere(kUnary), 1,
     "value", "x -> x"},
    {plan::ROW_SUM, "row_sum", "mpc.row_sum", F::kShares, kFree, Everywhere(kUnary), 0, "",
     "x [.., K] -> [.., 1]"},
    {plan::RESHAPE, "reshape", "mpc.reshape", F::kShares, kFree, Everywhere(kUnary), 0, "",
     "same elements; may run in place, its result in its operand's slot, when the operand is not "
     "used later"},
    {plan::TRANSPOSE, "transpose", "mpc.transpose", F::kShares, kFree, Everywhere(kUnary), kRank,
     "perm", "dimension i of the result is dimension perm[i]"},
    {plan::SLICE, "slice", "mpc.slice", F::kShares, kFree, Everywhere(kUnary), kRank, "offsets",
     "the box of the result's shape at the offsets"},
    {plan::CONCAT, "concat", "mpc.concat", F::kShares, kFree, Everywhere({kSomeOrMore, 1}), 1,
     "axis", "x... -> their concatenation"},
    {plan::RESIZE, "resize", "mpc.resize", F::kShares, kFree, Everywhere(kUnary), 0, "",
     "width l -> k, k <= l"},
    {plan::EXTRACT, "extract", "mpc.extract", F::kShares, kFree, Online(kUnary), 0, "",
     "ADD<l> -> ADD<k>, k <= l"},
    {plan::JOIN, "join", "mpc.join", F::kShares, kFree, Everywhere(kTwo), 0, "",
     "(RSS<k> x, RSS<r> z) -> RSS<k+r>"},
    {plan::LINEAR, "linear", "mpc.linear", F::kDealt, Operation::kLinear, Dealt(1, 1, kOneOrTwo, 1),
     0, "",
     "RSS x [.., K] -> ADD [.., N]; shared: W [K, N]; P0: constants W, bias [N] (may be absent)"},
    {plan::MATMUL, "matmul", "mpc.matmul", F::kDealt, Operation::kMatMul, Dealt(2, 1, 0), 1,
     "transpose_b",
     "RSS a [.., M, K], RSS b [.., K, N] (or [.., N, K]) -> ADD [.., M, N]; equal leading "
     "dimensions"},
    {plan::DOT, "dot", "mpc.dot", F::kDealt, Operation::kDot, Dealt(2, 1, 0), 0, "",
     "RSS a [.., K], RSS b [.., K] -> ADD [.., 1]"},
    {plan::PRODUCT, "product", "mpc.product", F::kDealt, Operation::kProduct,
     Dealt(kAnyNumber, kSubsets, kHasConstant), kProductInts, "has_constant, constant_shape",
     "RSS f1..fd -> ADD, the broadcast shape of the factors and the constant; P0: constant c if "
     "has_constant; streams: one per subset in increasing order of its bit mask (bit t = factor t; "
     "the empty one only with a constant); d <= 6, none only with a constant"},
    {plan::LUT, "lut", "mpc.lut", F::kDealt, Operation::kLut, Dealt(1, 1, 1), 2, "row_bits, shift",
     "RSS<l> x -> ADD<l2>; P0: constant tables [T, 2^row_bits] of width l2, T = 1 or the last "
     "extent of x"},
    {plan::LUT2, "lut2", "mpc.lut2", F::kDealt, Operation::kLut2, Dealt(2, 1, 1), 0, "",
     "RSS<k1> a, RSS<k2> b (broadcasts to a) -> ADD<l2>; P0: constant table [2^(k1+k2)] of width "
     "l2"},
    {plan::WRAP, "wrap", "mpc.wrap", F::kDealt, Operation::kWrap, Dealt(1, 2, 0), 1, "result_width",
     "RSS<k> x -> ADD<r>, r = result_width; streams: carry, most significant bit"},
    {plan::HIGH_BITS, "high_bits", "mpc.high_bits", F::kDealt, Operation::kHighBits, Dealt(1, 1, 0),
     2, "shift, result_width",
     "RSS<l> x -> ADD<r>, r = result_width: bits [shift, l) of m less those of the mask"},
    {plan::READ_BITS, "read_bits", "mpc.read_bits", F::kDealt, Operation::kReadBits,
     Dealt(1, kAnyNumber, 0), kSomeOrMore, "read_count, digits, reads, tables",
     "RSS<l> x -> ADD<1> [read_count, x's shape]; the digits' widths, together l; by result bit "
     "the "
     "digit that it reads and its table, TableWords words (runtime/protocol/digit_reads.h); "
     "streams: one per digit"},
    {plan::FROM_BITS, "from_bits", "mpc.from_bits", F::kDealt, Operation::kFromBits,
     Dealt(1, kAnyNumber, kHasConstant), kSomeOrMore,
     "constant_size, result_width, terms, coefficients",
     "RSS<1> bits [B, ..] -> ADD<w> [..], w = result_width; as many terms as coefficients; P0: "
     "constant [constant_size] of width w, one or one per column, if constant_size is not 0; "
     "streams: one per product of mask bits (runtime/protocol/bit_polynomial.h)"},
    {plan::LUT_PAIR, "lut_pair", "mpc.lut_pair", F::kDealt, Operation::kLutPair, Dealt(1, 1, 1), 2,
     "row_bits, shift",
     "RSS<l> x -> ADD<l2> [2, x's shape]: the entry read, and the one below; P0: as LUT"},
    {plan::DRAW_MASK,
     "draw_mask",
     "mpc.draw_mask",
     F::kMask,
     kFree,
     {Arity{0, 1, 1}, kNone, kNone},
     1,
     "is_input",
     "-> MASK; the stream is that of the INPUT (is_input = 1) or RESHARE (0) result"},
    {plan::LOCAL_ARGUMENT, "local_argument", "", F::kLocal, kFree, Local(0), 2, "role, padding",
     "-> F32 or I64; the role is an InputRole (runtime/base/input_role.h), the padding what stands "
     "where an input has less tokens than the program"},
    {plan::LOCAL_CONSTANT, "local_constant", "nn.constant", F::kLocal, kFree, Local(0, 1, 1), 0, "",
     "-> the constant"},
    {plan::LOCAL_ENCODE, "local_encode", "mpc.encode", F::kLocal, kFree, Local(1), 1,
     "fraction_bits",
     "F32 or I64 -> RING of the same shape, a scalar as [1]; rint(x * 2^fraction_bits), "
     "saturating"},
    {plan::LOCAL_OUTPUT, "local_output", "", F::kLocal, kFree, Local(1, 0), 1, "fraction_bits",
     "RING or F32 -> nothing; the named output, value * 2^-fraction_bits"},
    {plan::LOCAL_DECODE, "local_decode", "", F::kLocal, kFree, Local(1), 1, "fraction_bits",
     "RING -> F32 or I64"},
    {plan::LOCAL_PLAIN, "local_plain", "", F::kLocal, kFree, Local(kSomeOrMore), kSomeOrMore,
     "operator, its parameters",
     "an operator of runtime/plain on F32 and I64 wires; truth values are I64, 0 and 1"},
};

}  // namespace

std::span<const OpcodeInfo> AllOpcodes() { return kOpcodes; }

const OpcodeInfo* FindOpcode(plan::Opcode opcode) {
  for (const OpcodeInfo& info : kOpcodes)
    if (info.opcode == opcode) return &info;
  return nullptr;
}

}  // namespace mpcc
