// Tests that weights, scales, zero points, ranges and guesses have no part in the choice, and neither have choices made before.
// RUN: mpcc-opt %s -choose-lowerings -split-input-file | grep -o 'mpc.choices = [^]]*' | sort -u | count 1

!q = tensor<4x4x!quant.uniform<i8:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {mpc.ring = 32 : i64} : (!q, !w) -> tensor<4x4xf32>
  return %h : tensor<4x4xf32>
}

// -----

!q = tensor<4x4x!quant.uniform<i8:f32, 7.0e-4:100>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 12.5>>
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<-1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x {nn.range = 1.0e-9 : f64, nn.guessed} : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {mpc.ring = 32 : i64, nn.range = 1.0e9 : f64} : (!q, !w) -> tensor<4x4xf32>
  return %h : tensor<4x4xf32>
}

// -----

!q = tensor<4x4x!quant.uniform<i8:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @f(%x: tensor<4x4xf32> {nn.owner = "data"}) -> tensor<4x4xf32> {
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %q = nn.quantize %x : tensor<4x4xf32> -> !q
  %h = nn.linear %q, %w {mpc.choices = [{construction = "table", operand = 0 : i64, ring = 32 : i64, widths = {index = 4 : i64}}], mpc.ring = 32 : i64} : (!q, !w) -> tensor<4x4xf32>
  return %h : tensor<4x4xf32>
}
