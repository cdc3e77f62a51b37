// Tests that codegen refuses what passes are said to have found and it does not know, or that the steps contradict.
// RUN: split-file %s %t
// RUN: not mpcc compile --from=program %t/party.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=PARTY
// RUN: not mpcc compile --from=program %t/layer.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=LAYER
// RUN: not mpcc compile --from=program %t/cost.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=COST

//--- party.mlir
// PARTY: expected ::mpcc::mpc::Party to be one of: P0, P1, P2
func.func @f() attributes {mpc.offline = @g, mpc.disclosures = [#mpc.disclosure<party = P3, kind = structure>]} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  return
}

//--- layer.mlir
// LAYER: has no layers; run 'annotate-cost' first
func.func @f() attributes {mpc.offline = @g} {
  return
}
func.func private @g() attributes {mpc.online = @f} {
  return
}

//--- cost.mlir
// COST: has the cost #mpc.cost<rounds = 7> in "head", which is not that of the steps of party 1; run 'annotate-cost'
func.func @f() attributes {mpc.offline = @g, mpc.layers = [#mpc.layer<name = "head", cost = <rounds = 7>>]} {
  return {mpc.layer = 0 : i64}
}
func.func private @g() attributes {mpc.online = @f} {
  return
}
