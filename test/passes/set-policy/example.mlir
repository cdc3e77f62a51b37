// Tests that keys of the policy become one attribute of the module, without those that are as usual.
// RUN: mpcc-opt %s -set-policy=policy=norm-width=18,lowering=paper,table-bits=4,net-rtt=0.04 | FileCheck %s

// CHECK: mpc.policy = {lowering = "paper", "net-rtt" = 4.000000e-02 : f64, "norm-width" = 18 : i64}
module {
}
