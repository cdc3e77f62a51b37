// Tests that costs are written on operations, added up by layer, and that a shared weight's set-up counts once.
// RUN: mpcc-opt %s -annotate-cost | FileCheck %s

// CHECK-LABEL: func.func @f(
// CHECK-SAME: mpc.cost = #mpc.cost<rounds = 1, messages_p1_to_p2 = 1, messages_p2_to_p1 = 1, bytes_p1_to_p2 = 2, bytes_p2_to_p1 = 2, material_bytes = 16, setup_bytes = 8>
// CHECK-SAME: mpc.layers = [#mpc.layer<name = "embedding", cost = <rounds = 1, {{.*}}>>, #mpc.layer<name = "layer.0", cost = <material_bytes = 8, setup_bytes = 8>>, #mpc.layer<name = "layer.1", cost = <material_bytes = 8>>, #mpc.layer<name = "head", cost = <>>]
// CHECK: mpc.reshare %{{.*}} {mpc.cost = #mpc.cost<rounds = 1, {{.*}}bytes_p1_to_p2 = 2
// CHECK: mpc.linear {{.*}} {mpc.cost = #mpc.cost<material_bytes = 8, setup_bytes = 8>, mpc.layer = 1
// CHECK: mpc.linear {{.*}} {mpc.cost = #mpc.cost<material_bytes = 8>, mpc.layer = 2
// CHECK: mpc.add %{{.*}} {mpc.layer = 3
func.func @f(%a: !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> {
  %w = mpc.sealed : !mpc.private<2x2, 8>
  %b = mpc.sealed : !mpc.private<2, 8>
  %x = mpc.reshare %a : !mpc.add<1x2, 8> -> !mpc.rss<1x2, 8>
  %y = mpc.linear %x, %w, %b {weight_stream = 0 : i64} : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8> loc(fused<#nn.node<op = "MatMul", part = #nn.part<kind = layer>>>["query"])
  %z = mpc.linear %x, %w, %b {weight_stream = 0 : i64} : (!mpc.rss<1x2, 8>, !mpc.private<2x2, 8>, !mpc.private<2, 8>) -> !mpc.add<1x2, 8> loc(fused["model.onnx", fused<#nn.node<op = "MatMul", part = #nn.part<kind = layer, index = 1>>>["key"]])
  %s = mpc.add %y, %z : (!mpc.add<1x2, 8>, !mpc.add<1x2, 8>) -> !mpc.add<1x2, 8> loc(fused<#nn.node<op = "Add", part = #nn.part<kind = head>>>["sum"])
  return %s : !mpc.add<1x2, 8>
}
