// Tests that the example of `mpc.join` in the page means what it says.
// RUN: mpcc-run %s --inputs '{"arg0": [3, 7]}' | FileCheck %s
// CHECK: {{^}}[3, 7]{{$}}

func.func @f(%x: !mpc.rss<2, 5>) -> !mpc.rss<2, 12> {
  %w = mpc.wrap %x : !mpc.rss<2, 5> -> !mpc.add<2, 7>
  %z = mpc.reshare %w : !mpc.add<2, 7> -> !mpc.rss<2, 7>
  %y = mpc.join %x, %z : (!mpc.rss<2, 5>, !mpc.rss<2, 7>) -> !mpc.rss<2, 12>
  return %y : !mpc.rss<2, 12>
}
