// Tests that the example of `mpc.wrap` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, 7]}' | FileCheck %s
// CHECK: {{^}}[0, 0]{{$}}

func.func @f(%x: !mpc.rss<2, 5>) -> !mpc.add<2, 7> {
  %y = mpc.wrap %x : !mpc.rss<2, 5> -> !mpc.add<2, 7>
  return %y : !mpc.add<2, 7>
}
