// SPDX-License-Identifier: Apache-2.0
// Small safe programs, before the split. Constants with `mpc.model_part` are the model.
#ifndef MPCC_TEST_LEAK_BASE_PROGRAMS_H_
#define MPCC_TEST_LEAK_BASE_PROGRAMS_H_

namespace mpcc::leak {

struct BaseProgram {
  const char* name;
  const char* text;
};

inline constexpr BaseProgram kBasePrograms[] = {
    {"linear", R"(
func.func @f(%p: tensor<1x1xi3> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 3>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, 3>
  %x = mpc.input %p : tensor<1x1xi3> -> !mpc.rss<1x1, 3>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 3>, !mpc.private<1x1, 3>, !mpc.private<1, 3>) -> !mpc.add<1x1, 3>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 3> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})"},
    {"two layers", R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %v = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1x1, 2>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %h = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %o = mpc.reshare %h : !mpc.add<1x1, 2> -> !mpc.rss<1x1, 2>
  %s = mpc.add_public %o, 1 : !mpc.rss<1x1, 2>
  %y = mpc.linear %s, %v, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 2> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})"},
    {"table", R"(
func.func @f(%p: tensor<1xi2> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %t = mpc.constant dense<1> : tensor<1x4xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x4, 2>
  %x = mpc.input %p : tensor<1xi2> -> !mpc.rss<1, 2>
  %m = mpc.mul_public %x, 3 : !mpc.rss<1, 2>
  %y = mpc.lut %m, %t {shift = 0 : i64} : (!mpc.rss<1, 2>, !mpc.private<1x4, 2>) -> !mpc.add<1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1, 2> -> tensor<1xf32>
  return %r : tensor<1xf32>
})"},
    {"square of a hidden layer", R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 1 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %h = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %o = mpc.reshare %h : !mpc.add<1x1, 2> -> !mpc.rss<1x1, 2>
  %y = mpc.dot %o, %o : (!mpc.rss<1x1, 2>, !mpc.rss<1x1, 2>) -> !mpc.add<1x1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 2> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})"},
    {"product of inputs", R"(
func.func @f(%p: tensor<1xi2> {nn.owner = "data"}, %q: tensor<1xi2> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %c = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1, 2>
  %x:2 = mpc.input %p, %q : tensor<1xi2>, tensor<1xi2> -> !mpc.rss<1, 2>, !mpc.rss<1, 2>
  %y = mpc.product %x#0, %x#1 const %c : (!mpc.rss<1, 2>, !mpc.rss<1, 2>, !mpc.private<1, 2>) -> !mpc.add<1, 2>
  %f = mpc.open_free %x#0 : !mpc.rss<1, 2> -> !mpc.add<1, 2>
  %s = mpc.add %y, %f : (!mpc.add<1, 2>, !mpc.add<1, 2>) -> !mpc.add<1, 2>
  %r = mpc.reveal %s {fraction_bits = 0 : i64} : !mpc.add<1, 2> -> tensor<1xf32>
  return %r : tensor<1xf32>
})"},
    {"two lengths", R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"], mpc.sequence_length = 1 : i64} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 2> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
}
func.func @g(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"], mpc.sequence_length = 2 : i64} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 2> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})"},
};

// Exact reads. What they read early tells of masks alone: to reveal that is no leak, but refused.
inline constexpr BaseProgram kExactPrograms[] = {
    {"exact upper bit times a factor", R"(
func.func @f(%p: tensor<1xi2> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %c = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1, 1>
  %x = mpc.input %p : tensor<1xi2> -> !mpc.rss<1, 2>
  %l = mpc.resize %x : !mpc.rss<1, 2> -> !mpc.rss<1, 1>
  %q = mpc.high_bits %x {shift = 1 : i64} : !mpc.rss<1, 2> -> !mpc.add<1, 1>
  %h = mpc.reshape %q : !mpc.add<1, 1> -> !mpc.add<1x1, 1>
  %t = mpc.read_bits %l {digits = array<i64: 1>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<1, 1> -> !mpc.add<1x1, 1>
  %o:2 = mpc.reshare %h, %t : !mpc.add<1x1, 1>, !mpc.add<1x1, 1> -> !mpc.rss<1x1, 1>, !mpc.rss<1x1, 1>
  %b = mpc.concat %o#0, %o#1 {axis = 0 : i64} : (!mpc.rss<1x1, 1>, !mpc.rss<1x1, 1>) -> !mpc.rss<2x1, 1>
  %y = mpc.from_bits %b const %c {terms = array<i64: 1, 2>, coefficients = array<i64: 1, 1>} : (!mpc.rss<2x1, 1>, !mpc.private<1, 1>) -> !mpc.add<1, 1>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1, 1> -> tensor<1xf32>
  return %r : tensor<1xf32>
})"},
};

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_BASE_PROGRAMS_H_
