// Tests that a function without an offline part is left as it is.
// RUN: mpcc-opt %s -schedule-offline-tables | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK-NOT: mpc.material_bytes
// CHECK: mpc.wrap %{{.*}} : !mpc.rss<3, 4>
func.func @f(%a: !mpc.rss<3, 4>) -> !mpc.add<3, 5> {
  %w = mpc.wrap %a : !mpc.rss<3, 4> -> !mpc.add<3, 5>
  return %w : !mpc.add<3, 5>
}
