// Tests that P1's plan names the inputs and outputs and keeps the plaintext operations.
// RUN: mpcc compile --from=mpc --allow-leak=rounding-coins %S/Inputs/layer.mlir -o %t
// RUN: mpcc inspect --steps %t/party1.plan | FileCheck %s

// CHECK: plan of P1 (data owner)
// CHECK: %0:local<1x2,i64>@0 = local_argument [1,0] "input_ids" # embedding
// CHECK-NEXT: %1:local<3x4,f32>@1 = local_constant constants 0
// CHECK-NEXT: local_plain gather %1 %0 [0]
// CHECK-NEXT: %3:local<1x2x4,16>@{{[0-9]+}} = local_encode %2 [4]
// CHECK-NEXT: input %3 streams 0
// CHECK: %17:local<1x2x2,16>@{{[0-9]+}} = reveal %16
// CHECK-NEXT: local_output %17 [4] "logits" # head
