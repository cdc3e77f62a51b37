// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_LOWER_PASSES_TD
#define MPCC_PASSES_LOWER_PASSES_TD

include "mlir/Pass/PassBase.td"

def SetPolicy : Pass<"set-policy", "::mlir::ModuleOp"> {
  let summary = "writes what the lowering decides by on the module";
  let description = [{
    Sets keys of `mpc.policy`, a dictionary on the module of what is not as usual ([policy](policy.md)); what the module has already
    stays. All passes of this stage read it there.
  }];
  let options = [ListOption<"policyValues", "policy", "std::string", "key=value, separated by commas">];
}

def CalibrateRanges : Pass<"calibrate-ranges", "::mlir::ModuleOp"> {
  let summary = "gives every real value that is read a range: known, or measured on random inputs";
  let description = [{
    Real values that no quantizer bounds (attention scores, residual sums, inputs of functions) need a range before they can be put
    into a ring. Ranges that the model carries as metadata, or that a calibration on given inputs left, are kept. A value that only
    quantizers read has the largest of their ends; a dequantized value has the range given for what its quantizer reads, else the
    quantizer's own ends; sums, functions and normalizations of such values are bounded by arithmetic. For the others the nn
    interpreter runs on `samples` random inputs for each bucket, texts of all lengths that fit with the usual first and last tokens, as
    many at a time as there are threads: what comes out does not depend on how many. The largest absolute value seen becomes `nn.range`,
    marked `nn.guessed`, and `nn.bound` beside it, as far as there is one, what no input exceeds: normalized rows have a known length,
    and the spectra of the weights behind them bound the rest. The buckets of a model get the largest over all of them, so that one set of weights serves all. The ranges
    steer private multipliers only; nothing public depends on them.
  }];
  let options = [Option<"samples", "samples", "unsigned", "100", "random inputs to run">,
                 Option<"seed", "seed", "unsigned", "1", "seed of the random inputs">];
}

def ChooseRings : Pass<"choose-rings", "::mlir::func::FuncOp"> {
  let summary = "gives every product the ring of its accumulator, from what is read of it, shapes and bit widths";
  let description = [{
    Sets `mpc.ring` on nn.linear and nn.matmul: as many bits as its readers take of a sum, and some below them for rounded constants
    (docs/lowering.md, "Rings"); the source design has lanes of 16, 32 or 64 bits that hold the sum of K products. It looks at no weight, scale or range, so two models of one architecture get the same rings; their private multipliers
    are then fitted inside.
  }];
}

def ChooseLowerings : Pass<"choose-lowerings", "::mlir::func::FuncOp"> {
  let summary = "writes on each operation which constructions its operands are lowered to";
  let description = [{
    Where the protocol has several constructions (saturation, tables of bits of functions, the source design's tables; forms of softmax;
    windows), `mpc.choices` names the one that is fastest on the policy's network, with the widths that it is made
    with. Demands go from the results backwards: in how many bits a value is read decides about the ring of the layer that makes it.
    The choice looks at types, shapes and the policy. It has a library of its own, which knows no model (passes/policy).

    Assumptions: canonical nn, `mpc.ring` on products (choose-rings).
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def LowerNnToMpc : Pass<"lower-nn-to-mpc", "::mlir::func::FuncOp"> {
  let summary = "replaces the secret part of a network by protocol operations";
  let description = [{
    Demand-driven: every consumer asks for a real value in a ring and a unit, so that private scales become exact integer
    multipliers and no rescaling is computed online. What P1 sees in the clear anyway (embedding, masks) stays in nn and runs at P1.

    Assumptions: canonical nn (canonicalize-quantization, raise-composites), `nn.range` on every real value without a quantizer
    (calibrate-ranges), `mpc.ring` on products (choose-rings), `mpc.choices` (choose-lowerings). One warning names the values whose range, read here, was measured
    on random inputs.
  }];
  let options = [Option<"strictRanges", "strict-ranges", "bool", "false", "a range from random inputs is an error">];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

#endif  // MPCC_PASSES_LOWER_PASSES_TD
