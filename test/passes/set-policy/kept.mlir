// Tests that what a module has already stays, unless it is set again; and that what is set as usual goes.
// RUN: mpcc-opt %s -set-policy=policy=table-bits=3 | FileCheck %s
// RUN: mpcc-opt %s -set-policy=policy=range-margin=1.25,table-bits=4 | FileCheck %s --check-prefix=NONE

// CHECK: mpc.policy = {"range-margin" = 2.000000e+00 : f64, "table-bits" = 3 : i64}
// NONE-NOT: mpc.policy
module attributes {mpc.policy = {"range-margin" = 2.0, "table-bits" = 2}} {
}
