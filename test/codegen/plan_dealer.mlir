// Tests that P0's plan deals in the order of consumption and alone holds the private constants.
// RUN: mpcc compile --from=mpc --allow-leak=rounding-coins %S/Inputs/layer.mlir -o %t
// RUN: mpcc inspect --steps %t/party0.plan | FileCheck %s

// CHECK: plan of P0 (model owner)
// CHECK: 4 constants of 56 bytes, 1 shared weights
// CHECK: total {{ *}}0 {{ *}}0 {{ *}}0 {{ *}}192 {{ *}}16
// CHECK: %0:mask<1x2x4,16>@0 = draw_mask [1] streams 0
// CHECK-NEXT: linear %0 streams 1 constants 0,1 shared 0
// CHECK-NEXT: %1:mask<1x2x2,4>@0 = draw_mask [0] streams 2
// CHECK-NEXT: lut %1 [4,0] streams 3 constants 2
// CHECK-NEXT: wrap %1 [12] streams 4,5
