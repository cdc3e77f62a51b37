// Tests that choosing changes nothing that is computed.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -o %t
// RUN: mpcc-run %t --compare %s --seed 7 --quiet

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @f(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<4x2xi8> : !w
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %y = nn.linear %q, %w : (!x, !w) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}
