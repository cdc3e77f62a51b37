// Tests that setting the policy changes nothing that is computed.
// RUN: mpcc-opt %s -set-policy=policy=table-bits=2 -o %t
// RUN: mpcc-run %t --compare %s --seed 7 --quiet

func.func @f(%x: tensor<2xf32> {nn.owner = "data"}) -> tensor<2xf32> {
  %y = nn.unary neg %x : tensor<2xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}
