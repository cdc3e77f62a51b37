// Tests that the example of `mpc.reshare` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, -8], "arg1": [1]}' | FileCheck %s
// CHECK: {{^}}[3, -8]{{$}}
// CHECK-NEXT: {{^}}[1]{{$}}

func.func @f(%a: !mpc.add<2, 8>, %b: !mpc.add<1, 4>) -> (!mpc.rss<2, 8>, !mpc.rss<1, 4>) {
  %m:2 = mpc.reshare %a, %b : !mpc.add<2, 8>, !mpc.add<1, 4> -> !mpc.rss<2, 8>, !mpc.rss<1, 4>
  return %m#0, %m#1 : !mpc.rss<2, 8>, !mpc.rss<1, 4>
}
