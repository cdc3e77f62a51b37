// Tests that the example of `mpc.open_free` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, -8]}' | FileCheck %s
// CHECK: {{^}}[3, -8]{{$}}

func.func @f(%x: !mpc.rss<2, 8>) -> !mpc.add<2, 8> {
  %y = mpc.open_free %x : !mpc.rss<2, 8> -> !mpc.add<2, 8>
  return %y : !mpc.add<2, 8>
}
