// Tests that what has no place in a plan is refused where it stands, and no file is left behind.
// RUN: rm -rf %t
// RUN: not mpcc compile --from=program %s -o %t 2>&1 | FileCheck %s
// RUN: not ls %t/party1.plan

// CHECK: {{.*}}:[[@LINE+3]]:8): error: 'mpc.input_local' op shares 'tensor<4xi32>' in a ring of 16 bits; expected integers of 16 bits straight from 'mpc.encode'
func.func @f(%x: tensor<4xf32> {nn.owner = "data"}) -> (tensor<4xf32> {nn.name = "y"}) attributes {mpc.offline = @g, mpc.argument_slots = array<i64: 0>, mpc.layers = [#mpc.layer<name = "head", cost = <>>]} {
  %e = mpc.encode %x {fraction_bits = 0 : i64, mpc.layer = 0 : i64, mpc.slots = array<i64: 1>} : tensor<4xf32> -> tensor<4xi32>
  %a = mpc.input_local %e {mpc.layer = 0 : i64, mpc.slots = array<i64: 0>} : tensor<4xi32> -> !mpc.add<4, 16>
  %r = mpc.reveal %a {fraction_bits = 0 : i64, mpc.layer = 0 : i64, mpc.slots = array<i64: 1>} : !mpc.add<4, 16> -> tensor<4xf32>
  return {mpc.layer = 0 : i64} %r : tensor<4xf32>
}
func.func private @g() attributes {mpc.online = @f} {
  return
}
