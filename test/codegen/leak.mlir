// Tests that a program from a file is checked for leaks before a plan is written of it.
// RUN: rm -rf %t
// RUN: not mpcc compile --from=program %s -o %t 2>&1 | FileCheck %s
// RUN: not ls %t/party1.plan

// CHECK: error: 'mpc.draw_mask' op draws a mask under a stream that no online operation opens with
func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  %x = mpc.draw_mask {streams = array<i64: 0>} : !mpc.mask<4, 8>
  return
}
