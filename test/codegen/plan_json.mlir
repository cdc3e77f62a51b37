// Tests that the JSON of a plan has the costs of the printed summary, and at P1 inputs and results.
// RUN: mpcc compile --from=mpc --allow-leak=rounding-coins %S/Inputs/layer.mlir -o %t
// RUN: mpcc inspect --json %t/party2.plan | FileCheck %s
// RUN: mpcc inspect --json %t/party1.plan | FileCheck %s --check-prefix=OWNER
// RUN: not mpcc inspect --json --steps %t/party2.plan 2>&1 | FileCheck %s --check-prefix=BOTH

// CHECK: "party":2
// CHECK-SAME: "programs":[{"cost":{"bytes_p1_to_p2":32,"bytes_p2_to_p1":24,"material_bytes":192,
// CHECK-SAME: "rounds":4,"setup_bytes":16}
// CHECK-SAME: "name":"embedding"},{"cost":{"bytes_p1_to_p2":18,"bytes_p2_to_p1":2,
// CHECK-SAME: "name":"layer.0"}
// OWNER: "exact_length":false,"inputs":[{"name":"input_ids","padding":0,"role":"ids","shape":[1,2],"type":"i64"}]
// OWNER-SAME: "results":[{"name":"logits","shape":[1,2,2],"values":4}]
// BOTH: --steps excludes --json
