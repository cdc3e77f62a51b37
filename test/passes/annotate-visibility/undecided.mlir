// Tests that before constants are marked, one that meets data outside a product is not secret.
// RUN: mpcc-opt %s -annotate-visibility=undecided | FileCheck %s

!real = tensor<2x2xf32>

func.func @f(%x: !real {nn.owner = "data"}) {
  // CHECK: nn.constant {{.*}}nn.visibility = "private"
  %c = nn.constant dense<1.0> : !real : !real
  // CHECK: nn.unary {{.*}}nn.visibility = "private"
  %folded = nn.unary neg %c : !real -> !real
  // CHECK: nn.binary {{.*}}nn.visibility = "data"
  %embedded = nn.binary mul %x, %folded : (!real, !real) -> !real
  // CHECK: nn.matmul {{.*}}nn.visibility = "data"
  %scores = nn.matmul %embedded, %x : (!real, !real) -> !real
  // CHECK: nn.linear {{.*}}nn.visibility = "secret"
  %layer = nn.linear %embedded, %c : (!real, !real) -> !real
  // CHECK: nn.matmul {{.*}}nn.visibility = "secret"
  %product = nn.matmul %embedded, %folded : (!real, !real) -> !real
  // CHECK: nn.binary {{.*}}nn.visibility = "secret"
  %sum = nn.binary add %layer, %c : (!real, !real) -> !real
  return
}
