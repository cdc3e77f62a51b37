// Tests that the example of `mpc.lift` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, -4]}' | FileCheck %s
// CHECK: {{^}}[3, -4]{{$}}

func.func @f(%x: !mpc.add<2, 5>) -> !mpc.rss<2, 12> {
  %y = mpc.lift %x : !mpc.add<2, 5> -> !mpc.rss<2, 12>
  return %y : !mpc.rss<2, 12>
}
