// Tests that P2's plan has every exchange and local step but nothing of P1's plaintext.
// RUN: mpcc compile --from=mpc --allow-leak=rounding-coins %S/Inputs/layer.mlir -o %t
// RUN: mpcc inspect --steps %t/party2.plan | FileCheck %s

// CHECK: plan of P2 (assistant)
// CHECK: 0 constants of 0 bytes, 1 shared weights
// CHECK: layer.0 {{ *}}2 {{ *}}18 {{ *}}2 {{ *}}8 {{ *}}16
// CHECK: total {{ *}}4 {{ *}}32 {{ *}}24 {{ *}}192 {{ *}}16
// CHECK: P2 (assistant): 1 inputs of P1, each under a fresh uniform mask
// CHECK-NOT: local
// CHECK: %0:rss<1x2x4,16>@{{[0-9]+}} = input streams 0 # layer.0
// CHECK: %1:add<1x2x2,16>@{{[0-9]+}} = linear %0 streams 1 shared 0 # layer.0
// CHECK: lut %3 [4,0] streams 3 # layer.1
// CHECK: wrap %5 [12] streams 4,5
// CHECK: product %7 %9 [1,2] streams 8,9,10,11
// CHECK: reveal %12 # head
