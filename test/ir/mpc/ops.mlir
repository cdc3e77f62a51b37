// Tests that every operation parses and prints as itself.
// RUN: mpcc-opt %s | mpcc-opt | FileCheck %s

// CHECK-LABEL: @sources
func.func @sources(%x: tensor<2x8xf32>, %ids: tensor<2x8xi64>) -> tensor<2x8xf32> {
  // CHECK: %[[E:.*]] = mpc.encode %{{.*}} {fraction_bits = 6 : i64} : tensor<2x8xf32> -> tensor<2x8xi16>
  %e = mpc.encode %x {fraction_bits = 6 : i64} : tensor<2x8xf32> -> tensor<2x8xi16>
  // CHECK: mpc.input %[[E]] : tensor<2x8xi16> -> !mpc.rss<2x8, 16>
  %m = mpc.input %e : tensor<2x8xi16> -> !mpc.rss<2x8, 16>
  // CHECK: mpc.input_local
  %a = mpc.input_local %ids : tensor<2x8xi64> -> !mpc.add<2x8, 16>
  // CHECK: mpc.open_free
  %o = mpc.open_free %m : !mpc.rss<2x8, 16> -> !mpc.add<2x8, 16>
  // CHECK: mpc.add {{.*}} : (!mpc.add<2x8, 16>, !mpc.rss<2x8, 16>) -> !mpc.add<2x8, 16>
  %s = mpc.add %a, %m : (!mpc.add<2x8, 16>, !mpc.rss<2x8, 16>) -> !mpc.add<2x8, 16>
  %d = mpc.sub %s, %o : (!mpc.add<2x8, 16>, !mpc.add<2x8, 16>) -> !mpc.add<2x8, 16>
  // CHECK: mpc.reveal {{.*}} {fraction_bits = 6 : i64}
  %r = mpc.reveal %d {fraction_bits = 6 : i64} : !mpc.add<2x8, 16> -> tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// CHECK-LABEL: @widths
func.func @widths(%a: !mpc.add<4x8, 16>) -> !mpc.rss<4x8, 32> {
  // CHECK: mpc.extract
  %e = mpc.extract %a : !mpc.add<4x8, 16> -> !mpc.add<4x8, 6>
  // CHECK: mpc.lift {{.*}} unsigned
  %l = mpc.lift %e unsigned : !mpc.add<4x8, 6> -> !mpc.rss<4x8, 8>
  // CHECK: mpc.reshare {{.*}} {streams = array<i64: 1, 2>} : !mpc.add<4x8, 16>, !mpc.add<4x8, 6>
  %m:2 = mpc.reshare %a, %e {streams = array<i64: 1, 2>} : !mpc.add<4x8, 16>, !mpc.add<4x8, 6> -> !mpc.rss<4x8, 16>, !mpc.rss<4x8, 6>
  // CHECK: mpc.wrap
  %w = mpc.wrap %m#0 : !mpc.rss<4x8, 16> -> !mpc.add<4x8, 16>
  %z = mpc.reshare %w : !mpc.add<4x8, 16> -> !mpc.rss<4x8, 16>
  // CHECK: mpc.join
  %j = mpc.join %m#0, %z : (!mpc.rss<4x8, 16>, !mpc.rss<4x8, 16>) -> !mpc.rss<4x8, 32>
  // CHECK: mpc.resize
  %q = mpc.resize %j : !mpc.rss<4x8, 32> -> !mpc.rss<4x8, 8>
  return %j : !mpc.rss<4x8, 32>
}

// CHECK-LABEL: @structure
func.func @structure(%m: !mpc.mask<4x8, 16>, %b: !mpc.mask<1x8, 16>) -> !mpc.mask<4x4, 16> {
  // CHECK: mpc.add {{.*}} : (!mpc.mask<4x8, 16>, !mpc.mask<1x8, 16>)
  %a = mpc.add %m, %b : (!mpc.mask<4x8, 16>, !mpc.mask<1x8, 16>) -> !mpc.mask<4x8, 16>
  // CHECK: mpc.add_public {{.*}}, -3
  %p = mpc.add_public %a, -3 : !mpc.mask<4x8, 16>
  // CHECK: mpc.mul_public {{.*}}, 5
  %u = mpc.mul_public %p, 5 : !mpc.mask<4x8, 16>
  // CHECK: mpc.reshape
  %r = mpc.reshape %u : !mpc.mask<4x8, 16> -> !mpc.mask<2x2x8, 16>
  // CHECK: mpc.transpose {{.*}} [2, 0, 1]
  %t = mpc.transpose %r [2, 0, 1] : !mpc.mask<2x2x8, 16> -> !mpc.mask<8x2x2, 16>
  // CHECK: mpc.slice {{.*}} [4, 0, 1]
  %s = mpc.slice %t [4, 0, 1] : !mpc.mask<8x2x2, 16> -> !mpc.mask<4x2x1, 16>
  // CHECK: mpc.concat
  %c = mpc.concat %s, %s {axis = 2 : i64} : (!mpc.mask<4x2x1, 16>, !mpc.mask<4x2x1, 16>) -> !mpc.mask<4x2x2, 16>
  %f = mpc.reshape %c : !mpc.mask<4x2x2, 16> -> !mpc.mask<4x4, 16>
  // CHECK: mpc.row_sum
  %n = mpc.row_sum %f : !mpc.mask<4x4, 16> -> !mpc.mask<4x1, 16>
  return %f : !mpc.mask<4x4, 16>
}

// CHECK-LABEL: @dealt
func.func @dealt(%x: !mpc.rss<1x2x4, 8>, %y: !mpc.rss<1x3x4, 8>, %i: !mpc.rss<2x4, 2>, %r: !mpc.rss<2x1, 2>) {
  %w = mpc.constant dense<1> : tensor<4x3xi8> : !mpc.private<4x3, 8>
  %b = mpc.constant dense<0> : tensor<3xi8> : !mpc.private<3, 8>
  %t = mpc.constant dense<7> : tensor<4x4xi16> : !mpc.private<4x4, 16>
  %t2 = mpc.constant dense<7> : tensor<16xi16> : !mpc.private<16, 16>
  %b2 = mpc.constant dense<2> : tensor<4xi8> : !mpc.private<4, 8>
  // CHECK: mpc.linear
  %0 = mpc.linear %x, %w, %b : (!mpc.rss<1x2x4, 8>, !mpc.private<4x3, 8>, !mpc.private<3, 8>) -> !mpc.add<1x2x3, 8>
  // CHECK: mpc.matmul {{.*}} {transpose_b}
  %1 = mpc.matmul %x, %y {transpose_b} : (!mpc.rss<1x2x4, 8>, !mpc.rss<1x3x4, 8>) -> !mpc.add<1x2x3, 8>
  // CHECK: mpc.dot
  %2 = mpc.dot %x, %x : (!mpc.rss<1x2x4, 8>, !mpc.rss<1x2x4, 8>) -> !mpc.add<1x2x1, 8>
  // CHECK: mpc.product %{{.*}}, %{{.*}} const %{{.*}} {streams = array<i64: 1, 2, 3, 4>}
  %3 = mpc.product %y, %y const %b2 {streams = array<i64: 1, 2, 3, 4>} : (!mpc.rss<1x3x4, 8>, !mpc.rss<1x3x4, 8>, !mpc.private<4, 8>) -> !mpc.add<1x3x4, 8>
  // CHECK: mpc.lut
  %4 = mpc.lut %i, %t {shift = 0 : i64} : (!mpc.rss<2x4, 2>, !mpc.private<4x4, 16>) -> !mpc.add<2x4, 16>
  // CHECK: mpc.lut_pair
  %pair = mpc.lut_pair %i, %t {shift = 0 : i64} : (!mpc.rss<2x4, 2>, !mpc.private<4x4, 16>) -> !mpc.add<2x2x4, 16>
  // CHECK: mpc.lut2
  %5 = mpc.lut2 %i, %r, %t2 : (!mpc.rss<2x4, 2>, !mpc.rss<2x1, 2>, !mpc.private<16, 16>) -> !mpc.add<2x4, 16>
  // CHECK: mpc.high_bits %{{.*}} {shift = 3 : i64} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  %8 = mpc.high_bits %x {shift = 3 : i64} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  // CHECK: mpc.read_bits %{{.*}} {digits = array<i64: 3, 5>, reads = array<i64: 0, 1>, tables = array<i64: 254, 4294967296>} : !mpc.rss<1x2x4, 8> -> !mpc.add<2x1x2x4, 1>
  %9 = mpc.read_bits %x {digits = array<i64: 3, 5>, reads = array<i64: 0, 1>, tables = array<i64: 254, 4294967296>} : !mpc.rss<1x2x4, 8> -> !mpc.add<2x1x2x4, 1>
  %10 = mpc.reshare %9 : !mpc.add<2x1x2x4, 1> -> !mpc.rss<2x1x2x4, 1>
  // CHECK: mpc.from_bits %{{.*}} const %{{.*}} {coefficients = array<i64: 1, -2>, terms = array<i64: 0, 3>} : (!mpc.rss<2x1x2x4, 1>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  %11 = mpc.from_bits %10 const %b2 {terms = array<i64: 0, 3>, coefficients = array<i64: 1, -2>} : (!mpc.rss<2x1x2x4, 1>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  // CHECK: mpc.from_bits %{{.*}} {coefficients = array<i64: 1>, terms = array<i64: 3>} : (!mpc.rss<2x1x2x4, 1>) -> !mpc.add<1x2x4, 1>
  %12 = mpc.from_bits %10 {terms = array<i64: 3>, coefficients = array<i64: 1>} : (!mpc.rss<2x1x2x4, 1>) -> !mpc.add<1x2x4, 1>
  // CHECK: mpc.truncate %{{.*}} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 3>
  %13 = mpc.truncate %x : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 3>
  // CHECK: mpc.public_lut %{{.*}} times %{{.*}} {values = array<i64: 0, 1, -2, -1>} : (!mpc.rss<1x2x4, 8>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  %14 = mpc.public_lut %x times %b2 {values = array<i64: 0, 1, -2, -1>} : (!mpc.rss<1x2x4, 8>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  // CHECK: mpc.private_lut %{{.*}} by %{{.*}} {least = -1 : i64} : (!mpc.rss<1x2x4, 8>, !mpc.private<4x2, 1>) -> !mpc.add<1x2x4, 16>
  %bits = mpc.constant dense<0> : tensor<4x2xi8> : !mpc.private<4x2, 1>
  %20 = mpc.private_lut %x by %bits {least = -1 : i64} : (!mpc.rss<1x2x4, 8>, !mpc.private<4x2, 1>) -> !mpc.add<1x2x4, 16>
  // CHECK: mpc.staircase %{{.*}} {digit = 4 : i64, limit = 3 : i64, origin = 1 : i64, starts = array<i64: -1, 0, 5>, values = array<i64: 1, 3, 0>} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  %15 = mpc.staircase %x {starts = array<i64: -1, 0, 5>, values = array<i64: 1, 3, 0>, digit = 4 : i64, origin = 1 : i64, limit = 3 : i64} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  // CHECK: mpc.leading_lut %{{.*}} {gap = 1 : i64, index = 2 : i64, values = array<i64: 0, 0, 2, 3, 0, 1, 1, 2>} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  %16 = mpc.leading_lut %x {index = 2 : i64, gap = 1 : i64, values = array<i64: 0, 0, 2, 3, 0, 1, 1, 2>} : !mpc.rss<1x2x4, 8> -> !mpc.add<1x2x4, 16>
  // CHECK: mpc.saturate %{{.*}} times %{{.*}} {bits = 5 : i64, least = -4 : i64, most = 3 : i64} : (!mpc.rss<1x2x4, 8>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  %17 = mpc.saturate %x times %b2 {bits = 5 : i64, least = -4 : i64, most = 3 : i64} : (!mpc.rss<1x2x4, 8>, !mpc.private<4, 8>) -> !mpc.add<1x2x4, 8>
  // CHECK: mpc.row_max
  %7 = mpc.row_max %5 : !mpc.add<2x4, 16> -> !mpc.add<2x1, 16>
  return
}

// CHECK-LABEL: @online
func.func @online(%x: !mpc.rss<2x4, 8>) -> !mpc.add<2x3, 8> {
  // CHECK: %[[W:.*]] = mpc.sealed : !mpc.private<4x3, 8>
  %w = mpc.sealed : !mpc.private<4x3, 8>
  %b = mpc.sealed : !mpc.private<3, 8>
  // CHECK: mpc.linear %arg0, %[[W]], %{{.*}} {streams = array<i64: 3>, weight_stream = 7 : i64}
  %y = mpc.linear %x, %w, %b {streams = array<i64: 3>, weight_stream = 7 : i64} : (!mpc.rss<2x4, 8>, !mpc.private<4x3, 8>, !mpc.private<3, 8>) -> !mpc.add<2x3, 8>
  return %y : !mpc.add<2x3, 8>
}

// CHECK-LABEL: @offline
func.func @offline() {
  // CHECK: %[[M:.*]] = mpc.draw_mask input {streams = array<i64: 1>} : !mpc.mask<2x4, 8>
  %m = mpc.draw_mask input {streams = array<i64: 1>} : !mpc.mask<2x4, 8>
  // CHECK: mpc.draw_mask {streams = array<i64: 2>} : !mpc.mask<2x4, 8>
  %n = mpc.draw_mask {streams = array<i64: 2>} : !mpc.mask<2x4, 8>
  %w = mpc.constant dense<1> : tensor<4x3xi8> : !mpc.private<4x3, 8>
  %b = mpc.constant dense<0> : tensor<3xi8> : !mpc.private<3, 8>
  // CHECK: mpc.deal "linear" %[[M]], %{{.*}}, %{{.*}} {params = {weight_stream = 7 : i64}, result_type = !mpc.add<2x3, 8>, streams = array<i64: 3>} : !mpc.mask<2x4, 8>,
  mpc.deal "linear" %m, %w, %b {streams = array<i64: 3>, params = {weight_stream = 7 : i64}, result_type = !mpc.add<2x3, 8>} : !mpc.mask<2x4, 8>, !mpc.private<4x3, 8>, !mpc.private<3, 8>
  return
}
