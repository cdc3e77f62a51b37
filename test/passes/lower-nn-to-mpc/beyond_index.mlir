// Tests the warning for values beyond those that saturate as the file's quantizer clips them.
// RUN: mpcc-opt %s -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -verify-diagnostics -o /dev/null
// RUN: mpcc-opt %s -set-policy=policy=lowering=paper -choose-rings -choose-lowerings -lower-nn-to-mpc -split-input-file -o /dev/null 2>&1 | count 0

!x = tensor<1x4x!quant.uniform<i8<-8:7>:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @narrow(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  %fits = nn.linear %q, %w {nn.range = 32.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %a = nn.quantize %fits : tensor<1x4xf32> -> !x
  // expected-warning@+1 {{values up to 80 steps before a quantizer of 4 bits, which wrap; accepted: 64 steps, as many as the index holds; remedy: give this quantizer a coarser scale}}
  %wide = nn.linear %a, %w {nn.range = 40.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %b = nn.quantize %wide : tensor<1x4xf32> -> !x
  %y = nn.linear %b, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// -----

!x = tensor<1x4x!quant.uniform<i8:f32, 0.5>>
!w = tensor<4x4x!quant.uniform<i8<-1:1>:f32, 0.25>>
func.func @wide(%x: tensor<1x4xf32> {nn.owner = "data"}) -> tensor<1x4xf32> {
  %q = nn.quantize %x : tensor<1x4xf32> -> !x
  %w = nn.constant dense<1> : tensor<4x4xi8> : !w
  // expected-warning@+1 {{values up to 1200 steps before a quantizer of 8 bits, which wrap; accepted: 1024 steps}}
  %wide = nn.linear %q, %w {nn.range = 600.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  %b = nn.quantize %wide : tensor<1x4xf32> -> !x
  %y = nn.linear %b, %w {nn.range = 4.0 : f64} : (!x, !w) -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}
