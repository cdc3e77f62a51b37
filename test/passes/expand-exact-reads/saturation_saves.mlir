// Tests that digits save eight ninths of what a saturation of 11 bits deals, for two rounds more.
// RUN: mpcc-opt %s -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=read-by-digits=0 -expand-exact-reads -insert-share-conversions -merge-openings -annotate-cost | FileCheck %s --check-prefix=WHOLE

// CHECK: @f({{.*}}mpc.cost = #mpc.cost<rounds = 4, {{[^>]*}}material_bytes = 33664>
// WHOLE: @f({{.*}}mpc.cost = #mpc.cost<rounds = 2, {{[^>]*}}material_bytes = 304640>
func.func @f(%x: !mpc.add<1024, 20>) -> !mpc.add<1024, 16> {
  %y = mpc.saturate %x {bits = 11 : i64, least = -128 : i64, most = 127 : i64} : (!mpc.add<1024, 20>) -> !mpc.add<1024, 16>
  return %y : !mpc.add<1024, 16>
}
