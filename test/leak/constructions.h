// SPDX-License-Identifier: Apache-2.0
// The operations and constructions of docs/protocol.md as small programs on rings of several
// widths. Each works on the hidden %h = x + c with x of P1's and c of the model.
#ifndef MPCC_TEST_LEAK_CONSTRUCTIONS_H_
#define MPCC_TEST_LEAK_CONSTRUCTIONS_H_

#include "test/leak/exact_ways.h"

namespace mpcc::leak {

// What is revealed of %y, of the shape and width `out`.
enum class Told { kResult, kNothing };

// In all texts $L is the ring, $K is 2 less.
struct Construction {
  const char* name;
  int from, to;            // rings
  const char *shape, *in;  // of %h: extents, and its ring
  const char* body;
  const char *out_shape, *out;
  Told told = Told::kResult;  // nothing: it is opened, and multiplied by 0
  Way way = Way::kCheapest;
  const char* hidden_bits = nullptr;  // x and c have so many, if less than %h
};

inline constexpr Construction kConstructions[] = {
    {"opening, taken back", 3, 6, "1", "$L", R"(
  %o = mpc.reshare %h : !mpc.add<1, $L> -> !mpc.rss<1, $L>
  %f = mpc.open_free %o : !mpc.rss<1, $L> -> !mpc.add<1, $L>
  %y = mpc.resize %f : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"rounding at random (extract)", 3, 6, "1", "$L", R"(
  %y = mpc.extract %h : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2", Told::kNothing},
    {"local operations", 3, 6, "1x2", "$L", R"(
  %o = mpc.reshare %h : !mpc.add<1x2, $L> -> !mpc.rss<1x2, $L>
  %s = mpc.row_sum %o : !mpc.rss<1x2, $L> -> !mpc.rss<1x1, $L>
  %t = mpc.transpose %o [1, 0] : !mpc.rss<1x2, $L> -> !mpc.rss<2x1, $L>
  %u = mpc.slice %t [1, 0] : !mpc.rss<2x1, $L> -> !mpc.rss<1x1, $L>
  %m = mpc.mul_public %u, 3 : !mpc.rss<1x1, $L>
  %d = mpc.sub %s, %m : (!mpc.rss<1x1, $L>, !mpc.rss<1x1, $L>) -> !mpc.rss<1x1, $L>
  %f = mpc.open_free %d : !mpc.rss<1x1, $L> -> !mpc.add<1x1, $L>
  %y = mpc.resize %f : !mpc.add<1x1, $L> -> !mpc.add<1x1, 2>)",
     "1x1", "2"},
    {"linear", 3, 6, "1x1", "$L", R"(
  %w = mpc.constant dense<1> : tensor<1x2xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x2, $L>
  %b = mpc.constant dense<1> : tensor<2xi8> {mpc.model_part = 2 : i64} : !mpc.private<2, $L>
  %m = mpc.linear %h, %w, %b : (!mpc.add<1x1, $L>, !mpc.private<1x2, $L>, !mpc.private<2, $L>) -> !mpc.add<1x2, $L>
  %y = mpc.resize %m : !mpc.add<1x2, $L> -> !mpc.add<1x2, 1>)",
     "1x2", "1"},
    {"matmul", 3, 6, "1x2x1", "$L", R"(
  %m = mpc.matmul %h, %h {transpose_b} : (!mpc.add<1x2x1, $L>, !mpc.add<1x2x1, $L>) -> !mpc.add<1x2x2, $L>
  %y = mpc.resize %m : !mpc.add<1x2x2, $L> -> !mpc.add<1x2x2, 1>)",
     "1x2x2", "1"},
    {"dot", 3, 6, "2", "$L", R"(
  %m = mpc.dot %h, %h : (!mpc.add<2, $L>, !mpc.add<2, $L>) -> !mpc.add<1, $L>
  %y = mpc.resize %m : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"product of two and a constant", 3, 6, "2", "$L", R"(
  %u = mpc.slice %h [0] : !mpc.add<2, $L> -> !mpc.add<1, $L>
  %v = mpc.slice %h [1] : !mpc.add<2, $L> -> !mpc.add<1, $L>
  %k = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, $L>
  %m = mpc.product %u, %v const %k : (!mpc.add<1, $L>, !mpc.add<1, $L>, !mpc.private<1, $L>) -> !mpc.add<1, $L>
  %y = mpc.resize %m : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"product of three", 3, 4, "3", "$L", R"(
  %u = mpc.slice %h [0] : !mpc.add<3, $L> -> !mpc.add<1, $L>
  %v = mpc.slice %h [1] : !mpc.add<3, $L> -> !mpc.add<1, $L>
  %w = mpc.slice %h [2] : !mpc.add<3, $L> -> !mpc.add<1, $L>
  %m = mpc.product %u, %v, %w : (!mpc.add<1, $L>, !mpc.add<1, $L>, !mpc.add<1, $L>) -> !mpc.add<1, $L>
  %y = mpc.resize %m : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"lut", 3, 3, "1", "$L", R"(
  %t = mpc.constant dense<1> : tensor<1x8xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x8, 2>
  %y = mpc.lut %h, %t {shift = 0 : i64} : (!mpc.add<1, $L>, !mpc.private<1x8, 2>) -> !mpc.add<1, 2>)",
     "1", "2"},
    {"lut", 4, 4, "1", "$L", R"(
  %t = mpc.constant dense<1> : tensor<1x16xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x16, 1>
  %y = mpc.lut %h, %t {shift = 0 : i64} : (!mpc.add<1, $L>, !mpc.private<1x16, 1>) -> !mpc.add<1, 1>)",
     "1", "1"},
    {"lut of a window", 3, 6, "1", "$L", R"(
  %t = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x4, 3>
  %y = mpc.lut %h, %t {shift = $K : i64} : (!mpc.add<1, $L>, !mpc.private<1x4, 3>) -> !mpc.add<1, 3>)",
     "1", "3", Told::kNothing},
    {"lut2, 3 and 1 bits", 3, 3, "2", "$L", R"(
  %u = mpc.slice %h [0] : !mpc.add<2, $L> -> !mpc.add<1, $L>
  %v = mpc.slice %h [1] : !mpc.add<2, $L> -> !mpc.add<1, $L>
  %w = mpc.resize %v : !mpc.add<1, $L> -> !mpc.add<1, 1>
  %t = mpc.constant dense<1> : tensor<16xi8> {mpc.model_part = 1 : i64} : !mpc.private<16, 3>
  %m = mpc.lut2 %u, %w, %t : (!mpc.add<1, $L>, !mpc.add<1, 1>, !mpc.private<16, 3>) -> !mpc.add<1, 3>
  %y = mpc.resize %m : !mpc.add<1, 3> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"lut_pair", 3, 6, "1", "$L", R"(
  %t = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x4, 2>
  %y = mpc.lut_pair %h, %t {shift = $K : i64} : (!mpc.add<1, $L>, !mpc.private<1x4, 2>) -> !mpc.add<2x1, 2>)",
     "2x1", "2", Told::kNothing},
    {"wrap and join", 3, 5, "1", "$L", R"(
  %m = mpc.lift %h unsigned : !mpc.add<1, $L> -> !mpc.rss<1, 6>
  %n = mpc.mul_public %m, 3 : !mpc.rss<1, 6>
  %y = mpc.open_free %n : !mpc.rss<1, 6> -> !mpc.add<1, 6>)",
     "1", "6", Told::kNothing, Way::kCheapest, "$K"},
    {"wrap and join, revealed", 5, 5, "1", "$L", R"(
  %m = mpc.lift %h unsigned : !mpc.add<1, $L> -> !mpc.rss<1, 6>
  %n = mpc.mul_public %m, 3 : !mpc.rss<1, 6>
  %f = mpc.open_free %n : !mpc.rss<1, 6> -> !mpc.add<1, 6>
  %y = mpc.resize %f : !mpc.add<1, 6> -> !mpc.add<1, 2>)",
     "1", "2", Told::kResult, Way::kCheapest, "$K"},
    {"high_bits", 3, 6, "1", "$L", R"(
  %y = mpc.high_bits %h {shift = $K : i64} : !mpc.add<1, $L> -> !mpc.add<1, 3>)",
     "1", "3", Told::kNothing},
    {"read_bits, digits of 2 bits and the rest", 3, 6, "1", "$L", R"(
  %y = mpc.read_bits %h {digits = array<i64: 2, $K>, reads = array<i64: 0, 0, 0, 1>, tables = array<i64: 14, 16, 68, 2>} : !mpc.add<1, $L> -> !mpc.add<4x1, 1>)",
     "4x1", "1", Told::kNothing},
    {"from_bits times a constant", 3, 6, "3x1", "1", R"(
  %k = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, $L>
  %m = mpc.from_bits %h const %k {terms = array<i64: 0, 1, 3, 5, 7>, coefficients = array<i64: 1, 3, -1, 2, 4>} : (!mpc.add<3x1, 1>, !mpc.private<1, $L>) -> !mpc.add<1, $L>
  %y = mpc.resize %m : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"from_bits, products alone", 3, 6, "3x1", "1", R"(
  %m = mpc.from_bits %h {terms = array<i64: 1, 3, 7>, coefficients = array<i64: 1, 1, 1>} : (!mpc.add<3x1, 1>) -> !mpc.add<1, 1>
  %n = mpc.reshape %m : !mpc.add<1, 1> -> !mpc.add<1x1, 1>
  %y = mpc.from_bits %n {terms = array<i64: 0, 1>, coefficients = array<i64: -1, 3>} : (!mpc.add<1x1, 1>) -> !mpc.add<1, $L>)",
     "1", "$L"},
    {"truncate", 3, 6, "1", "$L", R"(
  %y = mpc.truncate %h : !mpc.add<1, $L> -> !mpc.add<1, 2>)",
     "1", "2"},
    {"public function, in the ring", 3, 6, "1", "$L", R"(
  %k = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, 3>
  %y = mpc.public_lut %h times %k {values = array<i64: 0, 1, 1, 0>} : (!mpc.add<1, $L>, !mpc.private<1, 3>) -> !mpc.add<1, 3>)",
     "1", "3"},
    {"public function, bits first", 3, 6, "1", "$L", R"(
  %k = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, 6>
  %m = mpc.public_lut %h times %k {values = array<i64: 0, 1, 3, 2>} : (!mpc.add<1, $L>, !mpc.private<1, 6>) -> !mpc.add<1, 6>
  %y = mpc.resize %m : !mpc.add<1, 6> -> !mpc.add<1, 3>)",
     "1", "3", Told::kResult, Way::kByBits},
    {"private function, in the ring", 3, 6, "1", "$L", R"(
  %k = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, 3>
  %t = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 2 : i64} : !mpc.private<1x4, 1>
  %y = mpc.private_lut %h by %t times %k {least = -1 : i64} : (!mpc.add<1, $L>, !mpc.private<1x4, 1>, !mpc.private<1, 3>) -> !mpc.add<1, 3>)",
     "1", "3"},
    {"private function, bits first", 3, 6, "1", "$L", R"(
  %t = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x4, 1>
  %u = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 2 : i64} : !mpc.private<1x4, 1>
  %m = mpc.private_lut %h by %t, %u {least = 0 : i64} : (!mpc.add<1, $L>, !mpc.private<1x4, 1>, !mpc.private<1x4, 1>) -> !mpc.add<1, 6>
  %y = mpc.resize %m : !mpc.add<1, 6> -> !mpc.add<1, 3>)",
     "1", "3", Told::kResult, Way::kByBits},
    {"staircase", 3, 5, "1", "$L", R"(
  %y = mpc.staircase %h {starts = array<i64: 1, 2>, values = array<i64: 1, 0>, digit = $K : i64, origin = 0 : i64} : !mpc.add<1, $L> -> !mpc.add<1, 3>)",
     "1", "3"},
    {"staircase, top digit cut", 4, 5, "1", "$L", R"(
  %y = mpc.staircase %h {starts = array<i64: 3, 4>, values = array<i64: 1, 0>, digit = 1 : i64, origin = 0 : i64} : !mpc.add<1, $L> -> !mpc.add<1, 3>)",
     "1", "3", Told::kResult, Way::kCutTop},
    {"leading bits, two levels", 3, 4, "1", "$L", R"(
  %y = mpc.leading_lut %h {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 0, 1, 0, 0, 0, 1, 1>} : !mpc.add<1, $L> -> !mpc.add<1, 3>)",
     "1", "3"},
    {"saturation, by digits", 4, 4, "1", "$L", R"(
  %y = mpc.saturate %h {bits = 4 : i64, least = -2 : i64, most = 1 : i64} : (!mpc.add<1, $L>) -> !mpc.add<1, 3>)",
     "1", "3", Told::kResult, Way::kByDigits},
    {"saturation, by falls", 4, 4, "1", "$L", R"(
  %y = mpc.saturate %h {bits = 4 : i64, least = -2 : i64, most = 1 : i64} : (!mpc.add<1, $L>) -> !mpc.add<1, 3>)",
     "1", "3", Told::kResult, Way::kByFalls},
    {"row of a normalization: square, table, product", 3, 3, "1x2", "$L", R"(
  %o = mpc.reshare %h : !mpc.add<1x2, $L> -> !mpc.rss<1x2, $L>
  %d = mpc.dot %o, %o : (!mpc.rss<1x2, $L>, !mpc.rss<1x2, $L>) -> !mpc.add<1x1, $L>
  %t = mpc.constant dense<1> : tensor<1x8xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x8, $L>
  %g = mpc.lut %d, %t {shift = 0 : i64} : (!mpc.add<1x1, $L>, !mpc.private<1x8, $L>) -> !mpc.add<1x1, $L>
  %u = mpc.slice %o [0, 0] : !mpc.rss<1x2, $L> -> !mpc.rss<1x1, $L>
  %m = mpc.product %u, %g : (!mpc.rss<1x1, $L>, !mpc.add<1x1, $L>) -> !mpc.add<1x1, $L>
  %y = mpc.resize %m : !mpc.add<1x1, $L> -> !mpc.add<1x1, 2>)",
     "1x1", "2"},
    {"softmax of one score: staircase, table, product", 3, 4, "1", "$L", R"(
  %e = mpc.staircase %h {starts = array<i64: 1, 2>, values = array<i64: 1, 0>, digit = $K : i64, origin = 0 : i64} : !mpc.add<1, $L> -> !mpc.add<1, 3>
  %n = mpc.add_public %e, 2 : !mpc.add<1, 3>
  %t = mpc.constant dense<1> : tensor<1x8xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x8, 3>
  %g = mpc.lut %n, %t {shift = 0 : i64} : (!mpc.add<1, 3>, !mpc.private<1x8, 3>) -> !mpc.add<1, 3>
  %y = mpc.product %n, %g : (!mpc.add<1, 3>, !mpc.add<1, 3>) -> !mpc.add<1, 3>)",
     "1", "3"},
};

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_CONSTRUCTIONS_H_
