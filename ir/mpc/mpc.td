// SPDX-License-Identifier: Apache-2.0
// The mpc dialect: how the three parties compute. One operation per protocol operation (docs/protocol.md), on sharings over Z_2^l.
#ifndef MPCC_IR_MPC_MPC_TD
#define MPCC_IR_MPC_MPC_TD

include "ir/mpc/interfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MpcDialect : Dialect {
  let name = "mpc";
  let cppNamespace = "::mpcc::mpc";
  let summary = "three-party computation on additive and replicated sharings";
  let description = [{
    Parties: P0 model owner (offline only), P1 data owner, P2 assistant. Types:
    `!mpc.add<16x768, 16>` additive between P1 and P2 in Z_2^16; `!mpc.rss<..>` replicated, P1 and P2 both hold the masked
    value m, P0 and P1 hold the mask component L1, P0 and P2 hold L2, x = m - L1 - L2; `!mpc.mask<..>` the components L1, L2 at P0;
    `!mpc.private<..>` integers that P0 alone knows. Plaintext at P1 has builtin tensor types.
    Element values are integers modulo 2^l; they stand for signed numbers unless an op says otherwise.

    Life of a function: after `lower-nn-to-mpc` ops may take either sharing; `insert-share-conversions` inserts reshare and
    lift; `merge-openings` makes every reshare one round; `hoist-to-offline` splits the function into `@online` (P1, P2) and
    `@offline` (P0), linked by PRG stream numbers.
  }];
  let useDefaultTypePrinterParser = 0;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    void printType(::mlir::Type type, ::mlir::DialectAsmPrinter &printer) const override;
    void registerTypes();
    void registerAttributes();
  }];
}

include "ir/mpc/attributes.td"
include "ir/mpc/types.td"
include "ir/mpc/facts.td"

// ---- sources and sinks ----

def Mpc_ConstantOp : Mpc_Op<"constant", Mpc_Quiet<"kConstant", "kNone", /*elementwise=*/false, /*tail=*/false>> {
  let summary = "integers private to P0: weights, tables, multipliers";
  let description = [{
    Elements are signless or signed integers, sign-extended, or unsigned ones, then reduced modulo 2^width of the result. Nothing of
    them reaches the plans of P1 and P2. The op counts as an allocation, so that CSE never merges two constants which happen to be
    equal: the structure of the program would then depend on private numbers.
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Res<PrivateValue, "", [MemAlloc]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
}

def Mpc_SealedOp : Mpc_Op<"sealed", Mpc_Quiet<"kOnline", "kNone", /*elementwise=*/false, /*tail=*/false>, [Pure]> {
  let summary = "stands in an online function for integers private to P0";
  let description = [{
    After `hoist-to-offline` the constant itself is in the offline function only: operand i of an online op that reads a `sealed`
    value is operand i of the `mpc.deal` with the same streams.
  }];
  let results = (outs PrivateValue:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 0;  // any is right
}

def Mpc_EncodeOp : Mpc_Op<"encode", Mpc_Quiet<"kOnline", "kNone", /*elementwise=*/true, /*tail=*/false>, [Pure]> {
  let summary = "P1: real plaintext to ring integers, rint(x * 2^fraction_bits), saturating";
  let description = [{
    The result holds integers of the ring of its element type, half to even; what is beyond the ring becomes its largest or smallest number.
    Local to P1. A value that is no number is an error of the run.
  }];
  let arguments = (ins LocalTensor:$input, I64Attr:$fraction_bits);
  let results = (outs LocalTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_InputOp : Mpc_Op<"input", Mpc_Exchange<"kDrawsMasks", "kInput", "kNone", /*elementwise=*/false, /*tail=*/false>,
                        [Mpc_StreamsOpInterface]> {
  let summary = "P1 shares plaintext integers: one message P1 to P2, mask component L2 = 0";
  let description = [{
    P2 learns `m = x + L1` under a fresh uniform `L1`, nothing else. One message for all operands; the ring of a result may be
    wider than its integers in IR, but plans take integers straight from an `mpc.encode` to the same ring.
  }];
  let arguments = (ins Variadic<LocalTensor>:$inputs, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs Variadic<RssShare>:$results);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs) `->` type($results)";
  let hasCanonicalizer = 1;
}

def Mpc_InputLocalOp : Mpc_Op<"input_local", Mpc_Quiet<"kOnline", "kNone", /*elementwise=*/true, /*tail=*/false>,
                        [Pure]> {
  let summary = "plaintext integers of P1 as the additive sharing (x, 0); no message";
  let description = [{
    Nothing is sent: P2 holds zeros. A later operation that masks the value hides it as any other.
  }];
  let arguments = (ins LocalTensor:$input);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_RevealOp : Mpc_Op<"reveal", Mpc_Exchange<"kOnline", "kReveal", "kPassesOn", /*elementwise=*/true, /*tail=*/false>, [Mpc_Infers<"RevealedType(op.getInput())">]> {
  let summary = "opens a result to P1: one message P2 to P1";
  let description = [{
    `result` is the integer times 2^-fraction_bits as f32. P1 learns all bits of the ring: the operand must be a result of the network, and
    `verify-no-leak` refuses anything else.
  }];
  let arguments = (ins AddShare:$input, I64Attr:$fraction_bits);
  let results = (outs LocalTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

// ---- conversions ----

def Mpc_ReshareOp : Mpc_Op<"reshare", Mpc_Exchange<"kDrawsMasks", "kReshare", "kPassesOn", /*elementwise=*/false, /*tail=*/true>,
                        [Mpc_StreamsOpInterface, Mpc_Infers<"ReplicatedTypes(op.getInputs())">]> {
  let summary = "additive to replicated: opens every operand under a fresh mask, one round for all";
  let description = [{
    P1 and P2 learn `m = x + L1 + L2`, uniform under fresh masks. Costs one round however many operands it has; `merge-openings`
    joins all of a stage. Values do not change.
  }];
  let arguments = (ins Variadic<AddShare>:$inputs, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs Variadic<RssShare>:$results);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs) `->` type($results)";
  let hasCanonicalizer = 1;
}

def Mpc_OpenFreeOp : Mpc_Op<"open_free", Mpc_Quiet<"kOnline", "kPassesOn", /*elementwise=*/true, /*tail=*/true>,
                        [Pure, Mpc_Infers<"AdditiveType(Share(op.getInput()))">]> {
  let summary = "replicated to additive, local: (m - L1, -L2)";
  let description = [{
    The value does not change. It costs nothing, so a replicated value may stand wherever an additive one is wanted.
  }];
  let arguments = (ins RssShare:$input);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_ExtractOp : Mpc_Op<"extract", Mpc_Quiet<"kOnline", "kFresh", /*elementwise=*/true, /*tail=*/false>, [Pure]> {
  let summary = "top k bits of each share: the stochastic rounding of x / 2^(l-k), modulo 2^k";
  let description = [{
    P1 computes ceil(a1 / 2^(l-k)), P2 floor(a2 / 2^(l-k)). Unbiased, error below one in the last place, no high-bit error; exact
    for multiples of 2^(l-k). With k = l the sharing is unchanged.
  }];
  let arguments = (ins AddShare:$input);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
}

def Mpc_LiftOp : Mpc_Op<"lift", Mpc_Undealt<"kAbstract", /*cost=*/"", /*replicated=*/true, /*invertible=*/false, "kPassesOn", /*elementwise=*/true, /*tail=*/false>,
                        [Pure]> {
  let summary = "the same signed integer in a wider ring; needs |x| < 2^(k-2)";
  let description = [{
    Abstract: `insert-share-conversions` expands it to add_public, reshare, wrap, reshare, join, add_public. With `unsigned`
    0 <= x < 2^(k-1) is known and the two offsets fall away.
  }];
  let arguments = (ins AddShare:$input, UnitAttr:$is_unsigned);
  let results = (outs RssShare:$result);
  let assemblyFormat = "$input (`unsigned` $is_unsigned^)? attr-dict `:` type($input) `->` type($result)";
}

include "ir/mpc/local.td"
include "ir/mpc/dealt.td"
include "ir/mpc/abstract.td"

// ---- offline, at P0 ----

def Mpc_MaskOp : Mpc_Op<"draw_mask", Mpc_Quiet<"kAtP0", "kNone", /*elementwise=*/false, /*tail=*/false>, [Mpc_StreamsOpInterface]> {
  let summary = "P0 draws the mask components of an input or reshare result (L2 = 0 for an input)";
  let description = [{
    Each component is a stream of its own pair of parties, so nothing is sent. In P0's function only, for masks that a dealt vector depends on.
  }];
  let arguments = (ins DenseI64ArrayAttr:$streams, UnitAttr:$is_input);
  let results = (outs MaskValue:$result);
  let assemblyFormat = "(`input` $is_input^)? attr-dict `:` type($result)";
  let hasVerifier = 0;  // any is right
}

def Mpc_DealOp : Mpc_Op<"deal", Mpc_Quiet<"kAtP0", "kNone", /*elementwise=*/false, /*tail=*/false>, [Mpc_StreamsOpInterface]> {
  let summary = "P0 deals the vectors that one online operation consumes";
  let description = [{
    `target` is the online op's name without the dialect; its attributes stand in `params`; operands are the masks of its
    replicated operands and its private constants, in the same order; `result_type` is the online result. The online op with the same streams
    consumes what is dealt.
  }];
  let arguments = (ins StrAttr:$target, Variadic<AnyTypeOf<[MaskValue, PrivateValue]>>:$inputs, DenseI64ArrayAttr:$streams,
                       DictionaryAttr:$params, TypeAttr:$result_type);
  let assemblyFormat = "$target $inputs attr-dict `:` type($inputs)";
  let declarations = [{
    // The operation that `target` names.
    ::mlir::OperationName targetName() { return {("mpc." + getTarget()).str(), getContext()}; }
  }];
}

#endif  // MPCC_IR_MPC_MPC_TD
