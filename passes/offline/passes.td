// SPDX-License-Identifier: Apache-2.0
// Passes that separate P0's work from the inference and settle what the plans need: streams, offsets, buffers, costs.
#ifndef MPCC_PASSES_OFFLINE_PASSES_TD
#define MPCC_PASSES_OFFLINE_PASSES_TD

include "mlir/Pass/PassBase.td"

def HoistToOffline : Pass<"hoist-to-offline", "::mlir::ModuleOp"> {
  let summary = "split every program into what P1 and P2 do online and what P0 deals before";
  let description = [{
    P0's part of a program depends on masks that it derives from seeds and on its private constants only (passes/analysis/phase.h),
    never on an online message. This pass finds that part by dataflow and moves it:

    - every mask drawn and every vector dealt gets a PRG stream number (`streams`), unique within its function and counted in program
      order; every weight gets a `weight_stream` for the set-up keys, unique within the module. The same weight in another function
      (another sequence length) keeps its number: the k-th linears of two functions share, if all weights of both agree.
    - `@f` becomes online; `@f_offline`, without arguments, holds P0's draw_mask, mask arithmetic and one mpc.deal per dealt operation,
      in the order of consumption. Masks that no dealt vector depends on are not computed.
    - private constants move to `@f_offline`; in `@f` mpc.sealed values of the same types stand for them.

    Assumes that insert-share-conversions has run: operands of dealt operations are replicated shares or private constants.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect", "::mlir::func::FuncDialect"];
}

def ScheduleOfflineTables : Pass<"schedule-offline-tables", "::mlir::ModuleOp"> {
  let summary = "order what P0 deals by first use online and lay it out in the material";
  let description = [{
    Sorts the mpc.deal ops of each offline function by the position of the online operation that consumes them, so that material can
    be streamed and consumed front to back, and moves each mask and constant to just before its first use, so that P0 holds few at a
    time. Then packs the vectors: each gets its byte offset in the material (`mpc.offsets`, a multiple of 8), the function the total
    (`mpc.material_bytes`). Fails if a dealt operation has no mpc.deal with its streams, or the reverse.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def PlanBuffers : Pass<"plan-buffers", "::mlir::func::FuncOp"> {
  let summary = "give every wire a buffer slot, reusing those of dead wires";
  let description = [{
    A wire of the one block of a function needs memory from its operation to its last use. The largest wires are placed first, each into
    the smallest slot that is free for its time; shares before plaintext, so that P2's layout tells nothing of P1's plaintext. A constant of
    P1's has a slot of its own, since it lies in the plan. An operation's results never share with its operands, except that a reshape of a
    dying wire, and its sum with a public number, stay in its slot. Results: `mpc.slots` on each operation (one number per result, private values excepted),
    `mpc.argument_slots` on the function. The slots of P1's and P2's programs are those of the online function, without the plaintext wires
    at P2; P0's are those of the offline function.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def AnnotateCost : Pass<"annotate-cost", "::mlir::func::FuncOp"> {
  let summary = "write rounds, bytes and material of operations, layers and programs as attributes";
  let description = [{
    `mpc.cost` on every operation of an online function that costs something and on the function, `mpc.layers` on the function: an array
    of `#mpc.layer` in program order. Numbers come from the table in runtime/protocol/cost.h, which the plan declares and the run
    measures. Layers are read off the ONNX node names in locations: `layer.N`, else `embedding` before the first and `head` after the
    last (passes/offline/layers.h). Each operation gets its layer's index as `mpc.layer`.
    Codegen takes layers from these attributes and refuses costs that are not those of the steps.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

#endif  // MPCC_PASSES_OFFLINE_PASSES_TD
