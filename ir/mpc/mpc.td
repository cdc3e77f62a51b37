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

def Mpc_ShareType : TypeDef<MpcDialect, "Share"> {
  let typeName = "mpc.share";
  let summary = "a tensor in one of the sharings, or of mask components, or private to P0";
  let parameters = (ins "::mpcc::mpc::ShareKind":$kind, ArrayRefParameter<"int64_t">:$shape, "unsigned":$width);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t numElements() const;
    int64_t rank() const { return static_cast<int64_t>(getShape().size()); }
    bool isAdd() const { return getKind() == ShareKind::add; }
    bool isRss() const { return getKind() == ShareKind::rss; }
    bool isMask() const { return getKind() == ShareKind::mask; }
    bool isPrivate() const { return getKind() == ShareKind::priv; }
    ShareType withKind(ShareKind kind) const;
    ShareType withWidth(unsigned width) const;
    ShareType withShape(::llvm::ArrayRef<int64_t> shape) const;
  }];
}

class Mpc_Kind<string pred, string what> : Type<
    CPred<"::llvm::isa<::mpcc::mpc::ShareType>($_self) && (" # pred # ")">, what, "::mpcc::mpc::ShareType">;
class Mpc_Is<string kind> : StrFunc<"::llvm::cast<::mpcc::mpc::ShareType>($_self)." # kind # "()">;
def AddShare : Mpc_Kind<Mpc_Is<"isAdd">.result, "additive share">;
def RssShare : Mpc_Kind<Mpc_Is<"isRss">.result, "replicated share">;
def MaskValue : Mpc_Kind<Mpc_Is<"isMask">.result, "mask at P0">;
def PrivateValue : Mpc_Kind<Mpc_Is<"isPrivate">.result, "integers private to P0">;
def AddOrRss : Mpc_Kind<Mpc_Is<"isAdd">.result # " || " # Mpc_Is<"isRss">.result, "additive or replicated share">;
def RssOrMask : Mpc_Kind<Mpc_Is<"isRss">.result # " || " # Mpc_Is<"isMask">.result, "replicated share or mask">;
def ShareOrMask : Mpc_Kind<"!" # Mpc_Is<"isPrivate">.result, "share or mask">;
def LocalTensor : StaticShapeTensorOf<[F32, I64, I1, AnySignlessInteger]>;

// What the protocol makes of an operation: the answers to interfaces.td, in C++. `deals` and `tells` are expressions, or empty where
// the answer is a function beside the verifier.
class Mpc_Facts<string role, string cost, string deals, bit replicated, bit invertible, string noise, bit elementwise, bit tail, string tells> {
  string declaration = "static ::mpcc::mpc::Role getRole() { return ::mpcc::mpc::Role::" # role # "; }\n" #
      "static ::std::optional<::mpcc::Operation> getCostOperation() { return " #
      !if(!empty(cost), "::std::nullopt", "::mpcc::Operation::" # cost) # "; }\n" #
      "static ::std::vector<::mpcc::PackedVector> getDealtVectors(const ::mpcc::mpc::Dealing& dealing)" #
      !if(!empty(deals), ";\n", " { return " # deals # "; }\n") #
      "static bool needsReplicated() { return " # !if(replicated, "true", "false") # "; }\n" #
      "static bool isInvertible() { return " # !if(invertible, "true", "false") # "; }\n" #
      "static ::mpcc::mpc::Noise getNoise() { return ::mpcc::mpc::Noise::" # noise # "; }\n" #
      "static bool isElementwise() { return " # !if(elementwise, "true", "false") # "; }\n" #
      "static bool isOfTail() { return " # !if(tail, "true", "false") # "; }\n" #
      "bool tellsOfMask()" # !if(!empty(tells), ";\n", " { return " # tells # "; }\n");
}

// The result types follow from operands and attributes: `types`, in C++, of the operands `op`. They are compared by the verifiers,
// which say what differs.
class Mpc_Infers<string types> : TraitList<[
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    NativeOpTrait<"InferTypeOpAdaptor", [], [{
      static bool isCompatibleReturnTypes(::mlir::TypeRange, ::mlir::TypeRange) { return true; }
    }], [{
      ::llvm::LogicalResult $cppClass::inferReturnTypes(
          ::mlir::MLIRContext*, std::optional<::mlir::Location>, ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
          ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions, ::llvm::SmallVectorImpl<::mlir::Type>& results) {
        Adaptor op(operands, attributes, properties, regions);
        return Append(}] # types # [{, results);
      }
    }]>]>;

class Mpc_Op<string mnemonic, Mpc_Facts facts, list<Trait> traits = []>
    : Op<MpcDialect, mnemonic, !listconcat([Mpc_ProtocolOpInterface], traits)> {
  string declarations = "";  // beyond the facts
  let extraClassDeclaration = facts.declaration # declarations;
}

// P0 deals nothing, and no digits of a mask are read.
class Mpc_Undealt<string role, string cost, bit replicated, bit invertible, string noise, bit elementwise, bit tail>
    : Mpc_Facts<role, cost, /*deals=*/"{}", replicated, invertible, noise, elementwise, tail, /*tells=*/"false">;
// P1 or P2 computes, and nothing is sent or dealt; `noise` as in ir/mpc/protocol.h.
class Mpc_Quiet<string role, string noise, bit elementwise, bit tail>
    : Mpc_Undealt<role, /*cost=*/"", /*replicated=*/false, /*invertible=*/false, noise, elementwise, tail>;
// Reads the opened value exactly, in some way that `expand-exact-reads` chooses.
def Mpc_Exact : Mpc_Undealt<"kAbstract", /*cost=*/"", /*replicated=*/true, /*invertible=*/false, "kNone", /*elementwise=*/true, /*tail=*/false>;
// A message between P1 and P2.
class Mpc_Exchange<string role, string cost, string noise, bit elementwise, bit tail>
    : Mpc_Undealt<role, cost, /*replicated=*/false, /*invertible=*/false, noise, elementwise, tail>;
// Linear and structural operations, on additive or replicated shares and on masks alike.
class Mpc_Local<bit invertible, bit elementwise>
    : Mpc_Undealt<"kLocal", /*cost=*/"", /*replicated=*/false, invertible, "kPassesOn", elementwise, /*tail=*/true>;
// P0 deals `vectors`; what the result is rounded by, if at all, the dealt vectors hide.
class Mpc_Dealt<string cost, string vectors, bit elementwise, bit tail, string tells>
    : Mpc_Facts<"kDeals", cost, vectors, /*replicated=*/true, /*invertible=*/false, "kNone", elementwise, tail, tells>;
// The same with vectors as the cost table says; `index_bits` of a tabulated operation.
class Mpc_DealtByTable<string cost, bit elementwise, bit tail, string tells, string index_bits = "0">
    : Mpc_Dealt<cost, "dealing.Vectors(::mpcc::Operation::" # cost # ", " # index_bits # ")", elementwise, tail, tells>;

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
  let hasVerifier = 1;
}

def Mpc_SealedOp : Mpc_Op<"sealed", Mpc_Quiet<"kOnline", "kNone", /*elementwise=*/false, /*tail=*/false>, [Pure]> {
  let summary = "stands in an online function for integers private to P0";
  let description = [{
    After `hoist-to-offline` the constant itself is in the offline function only: operand i of an online op that reads a `sealed`
    value is operand i of the `mpc.deal` with the same streams.
  }];
  let results = (outs PrivateValue:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
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
  let hasVerifier = 1;
}

def Mpc_WrapOp : Mpc_Op<"wrap", Mpc_DealtByTable<"kWrap", /*elementwise=*/true, /*tail=*/false, /*tells=*/"true">, [Pure, Mpc_StreamsOpInterface]> {
  let summary = "how often the masks of x wrapped: z with x = m - L1 - L2 + 2^k z over the integers; needs 0 <= x < 2^(k-1)";
  let description = [{
    P0 deals the carry of L1 + L2 and the top bit of their sum; P1 and P2 combine them with the top bit of m. In the ideal meaning, which has
    no masks, nothing wraps. `mpc.join` puts x into the wider ring with it.
  }];
  let arguments = (ins RssShare:$input, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Mpc_JoinOp : Mpc_Op<"join", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, Mpc_Infers<"JoinedType(op.getLow(), op.getWraps())">]> {
  let summary = "x in Z_2^(k+r) from x in Z_2^k and its wrap count in Z_2^r";
  let description = [{
    x = low + 2^k wraps over the integers, on the masked values and on the masks alike. Local, on replicated shares and on masks. Without the
    right wrap count the result is off by a multiple of 2^k.
  }];
  let arguments = (ins RssOrMask:$low, RssOrMask:$wraps);
  let results = (outs RssOrMask:$result);
  let assemblyFormat = "$low `,` $wraps attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

// ---- local, linear and structural; the same on shares and on masks ----

def Mpc_AddOp : Mpc_Op<"add", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, Mpc_Infers<"SumType(op.getLhs(), op.getRhs())">]> {
  let summary = "sum; `rhs` broadcasts to `lhs`; a replicated operand beside an additive one is opened for free";
  let description = [{
    Modulo 2^l. Both operands have one ring. Masks are added to masks only.
  }];
  let arguments = (ins ShareOrMask:$lhs, ShareOrMask:$rhs);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_SubOp : Mpc_Op<"sub", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, Mpc_Infers<"SumType(op.getLhs(), op.getRhs())">]> {
  let summary = "difference; `rhs` broadcasts to `lhs`";
  let description = [{
    Modulo 2^l; operands as those of `mpc.add`.
  }];
  let arguments = (ins ShareOrMask:$lhs, ShareOrMask:$rhs);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_AddPublicOp : Mpc_Op<"add_public", Mpc_Local</*invertible=*/true, /*elementwise=*/true>, [Pure, SameOperandsAndResultType]> {
  let summary = "x + value, a public integer";
  let description = [{
    Modulo 2^l. The number stands in the plans of P1 and P2, so it must not be a private one. A mask is left as it is.
  }];
  let arguments = (ins ShareOrMask:$input, I64Attr:$value);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input `,` $value attr-dict `:` type($input)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_MulPublicOp : Mpc_Op<"mul_public", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, SameOperandsAndResultType]> {
  let summary = "x * value, a public integer";
  let description = [{
    Modulo 2^l. The number stands in the plans of P1 and P2, so it must not be a private one; private factors are `mpc.product ... const`.
  }];
  let arguments = (ins ShareOrMask:$input, I64Attr:$value);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input `,` $value attr-dict `:` type($input)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_RowSumOp : Mpc_Op<"row_sum", Mpc_Local</*invertible=*/false, /*elementwise=*/false>, [Pure, Mpc_Infers<"WithLast(op.getInput(), 1)">]> {
  let summary = "sum over the last axis, which stays with extent 1";
  let description = [{
    Modulo 2^l: the sum of K values of w bits needs w + log2(K) bits.
  }];
  let arguments = (ins ShareOrMask:$input);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Mpc_ReshapeOp : Mpc_Op<"reshape", Mpc_Local</*invertible=*/true, /*elementwise=*/false>, [Pure]> {
  let summary = "same elements in row-major order, another shape";
  let description = [{
    Local, and free where the operand is not used again.
  }];
  let arguments = (ins ShareOrMask:$input);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_TransposeOp : Mpc_Op<"transpose", Mpc_Local</*invertible=*/true, /*elementwise=*/false>,
                        [Pure, Mpc_Infers<"PermutedType(op.getInput(), op.getPerm())">]> {
  let summary = "result dimension i is input dimension perm[i]";
  let description = [{
    Local. `perm` is a permutation of the dimensions.
  }];
  let arguments = (ins ShareOrMask:$input, DenseI64ArrayAttr:$perm);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input $perm attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_SliceOp : Mpc_Op<"slice", Mpc_Local</*invertible=*/false, /*elementwise=*/false>, [Pure]> {
  let summary = "the box at `offsets` of the result's shape";
  let description = [{
    Local; step 1, within the operand.
  }];
  let arguments = (ins ShareOrMask:$input, DenseI64ArrayAttr:$offsets);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input $offsets attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_ConcatOp : Mpc_Op<"concat", Mpc_Local</*invertible=*/false, /*elementwise=*/false>,
                        [Pure, Mpc_Infers<"ConcatenatedType(op.getInputs(), op.getAxis())">]> {
  let summary = "concatenation along `axis`";
  let description = [{
    Local. All operands have the ring and the sharing of the result, and its extents but for `axis`.
  }];
  let arguments = (ins Variadic<ShareOrMask>:$inputs, I64Attr:$axis);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Mpc_ResizeOp : Mpc_Op<"resize", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure]> {
  let summary = "the value modulo a smaller power of two";
  let description = [{
    Local and exact for values that fit the smaller ring; others wrap. To a wider ring `mpc.lift` leads.
  }];
  let arguments = (ins ShareOrMask:$input);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

// ---- products and tables, with dealt vectors ----

def Mpc_LinearOp : Mpc_Op<"linear", Mpc_DealtByTable<"kLinear", /*elementwise=*/false, /*tail=*/false, /*tells=*/"false">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"AdditiveType(WithLast(op.getInput(), Share(op.getWeight()).getShape().back()))">]> {
  let summary = "x W + bias for private W [K, N], bias [N]; no online communication";
  let description = [{
    Set-up: P1 and P2 hold additive shares of W (stream `weight_stream` under the set-up keys). Per inference P0 deals bias - L W.
    All operands have one ring, wide enough for the sums: what is beyond wraps.
  }];
  let arguments = (ins AddOrRss:$input, PrivateValue:$weight, PrivateValue:$bias, OptionalAttr<DenseI64ArrayAttr>:$streams,
                       OptionalAttr<I64Attr>:$weight_stream);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input `,` $weight `,` $bias attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_MatMulOp : Mpc_Op<"matmul", Mpc_DealtByTable<"kMatMul", /*elementwise=*/false, /*tail=*/false, /*tells=*/"false">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"MatMulType(op.getLhs(), op.getRhs(), op.getTransposeB())">]> {
  let summary = "batched product of two shared tensors [B, M, K] x [B, K, N] (or [B, N, K] with transpose_b)";
  let description = [{
    P0 deals the product of the masks, one element for each of the result. One ring, wide enough for the sums.
  }];
  let arguments = (ins AddOrRss:$lhs, AddOrRss:$rhs, UnitAttr:$transpose_b, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_DotOp : Mpc_Op<"dot", Mpc_DealtByTable<"kDot", /*elementwise=*/false, /*tail=*/false, /*tells=*/"false">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"AdditiveType(WithLast(op.getLhs(), 1))">]> {
  let summary = "inner product of the last axes: [.., K] x [.., K] to [.., 1]";
  let description = [{
    P0 deals one element for each of the result, not K. One ring, wide enough for the sums.
  }];
  let arguments = (ins AddOrRss:$lhs, AddOrRss:$rhs, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_ProductOp : Mpc_Op<"product", Mpc_Dealt<"kProduct", "dealing.SubsetVectors()", /*elementwise=*/true, /*tail=*/true, /*tells=*/"false">,
                        [Pure, AttrSizedOperandSegments, Mpc_StreamsOpInterface, Mpc_Infers<"ProductType(operands)">]> {
  let summary = "elementwise product of one to six shared factors and optionally one private constant, each broadcast to the result";
  let description = [{
    Masked evaluation: prod_t (m_t - L_t) * c, one dealt vector per non-empty subset of factors (the empty one too with a
    constant). A subset's vector has the broadcast shape of its own factors, so row scalars stay cheap.
  }];
  let arguments = (ins Variadic<AddOrRss>:$factors, Optional<PrivateValue>:$constant, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$factors (`const` $constant^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_LutOp : Mpc_Op<"lut", Mpc_DealtByTable<"kLut", /*elementwise=*/true, /*tail=*/false, /*tells=*/"false", "dealing.RowBits(1)">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"TableType(op.getIndex(), op.getTable())">]> {
  let summary = "private table [T, 2^k] read at bits [shift, shift + k) of the index; one opening serves every lut of a wire";
  let description = [{
    T is 1 or the extent of the last axis. With shift > 0 the window is read up to one step too high (the carry of the bits
    below), as in `extract`.
  }];
  let arguments = (ins AddOrRss:$index, PrivateValue:$table, I64Attr:$shift, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$index `,` $table attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_LutPairOp : Mpc_Op<"lut_pair", Mpc_Dealt<"kLutPair", /*deals=*/"", /*elementwise=*/false, /*tail=*/false, /*tells=*/"">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"PairType(op.getIndex(), op.getTable())">]> {
  let summary = "a private table read at bits [shift, shift + k) of m less those of the mask, and one entry below: two planes";
  let description = [{
    The bits of m less those of the mask are floor(x / 2^shift) or, if something is borrowed from them, one more. So the first plane is what
    the table says if nothing is borrowed, the second one if something is: with the borrow, of which `mpc.read_bits` tells, a private function of
    top bits is exact. Both are entries of one dealt table, that of `mpc.lut`. In the ideal meaning, which has no masks, nothing is borrowed.
  }];
  let arguments = (ins AddOrRss:$index, PrivateValue:$table, I64Attr:$shift, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$index `,` $table attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_Lut2Op : Mpc_Op<"lut2", Mpc_DealtByTable<"kLut2", /*elementwise=*/true, /*tail=*/false, /*tells=*/"false", "dealing.RowBits(2)">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"TableType(op.getA(), op.getTable())">]> {
  let summary = "private two-input table: entry a * 2^k2 + b; `b` broadcasts to `a`";
  let description = [{
    P0 deals 2^(k1+k2) entries for each element, so k1 + k2 is at most 20 in plans. Operands are read as unsigned numbers of their rings.
  }];
  let arguments = (ins AddOrRss:$a, AddOrRss:$b, PrivateValue:$table, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$a `,` $b `,` $table attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Mpc_HighBitsOp : Mpc_Op<"high_bits", Mpc_DealtByTable<"kHighBits", /*elementwise=*/true, /*tail=*/true, /*tells=*/"">, [Pure, Mpc_StreamsOpInterface]> {
  let summary = "the bits of the opened value from `shift` on less those of its mask: floor(x / 2^shift), exact but for borrows";
  let description = [{
    floor(m / 2^s) - floor(L / 2^s), where P0 deals the second term. That is floor(x / 2^s) + b - 2^(l-s) t with b = [m mod 2^s < L mod 2^s], the
    borrow out of the low bits, and t = [m < L], that of all bits, which counts in rings of more than l - s bits alone. `mpc.read_bits` reads
    both, so that the exact quotient costs no table of the high bits. In the ideal meaning, which has no masks, nothing is borrowed.
  }];
  let arguments = (ins AddOrRss:$input, I64Attr:$shift, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Mpc_ReadBitsOp : Mpc_Op<"read_bits", Mpc_Dealt<"kReadBits", /*deals=*/"", /*elementwise=*/false, /*tail=*/true, /*tells=*/"">,
                        [Pure, Mpc_StreamsOpInterface, Mpc_Infers<"BitsType(op.getInput(), op.getReads().size())">]> {
  let summary = "Boolean functions of the digits of the opened value beside those of its mask: one bit each, shared modulo 2";
  let description = [{
    `digits` are widths from the top, together the ring's. Result bit b, the b-th plane of the result, is a public function of u - v, u being
    digit `reads[b]` of m and v that of L. `tables` has for each bit in turn 2^(d + 1) bits in words of 64, at least one: bit u - v + 2^d is
    the function there, -2^d < u - v < 2^d, and bit 0 is 0. So [u < v] is bits 1 to 2^d - 1, [u = v] is bit 2^d, and a function f modulo 2^d
    stands there twice, one rotated by one being f after a borrow. P0 deals one-hot vectors of the digits of L, from which any number of
    functions is read. In the ideal meaning, which has no masks, v is 0.
  }];
  let arguments = (ins AddOrRss:$input, DenseI64ArrayAttr:$digits, DenseI64ArrayAttr:$reads, DenseI64ArrayAttr:$tables,
                       OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Mpc_FromBitsOp : Mpc_Op<"from_bits", Mpc_Dealt<"kFromBits", /*deals=*/"", /*elementwise=*/false, /*tail=*/true, /*tells=*/"false">, [Pure, Mpc_StreamsOpInterface]> {
  let summary = "a public polynomial of shared bits, times a private constant if there is one, in the ring of the result";
  let description = [{
    The sum over t of `coefficients[t]` times the product of the planes of `bits` whose numbers are in the set `terms[t]`, a bit mask; the sets
    increase. With the constant, one number or one a column, the sum is multiplied by it, and the result has its ring. Each bit is
    d + (1 - 2 d) s with d opened and s its mask's, 0 or 1 in every ring; P0 deals the products of the s, times the constant, for every subset
    of a term (the empty one with a constant alone), modulo 2^(w - z) where all coefficients concerned are multiples of 2^z. Modulo 2 and
    without a constant single bits are not dealt: their masks' components are their shares.
  }];
  let arguments = (ins AddOrRss:$bits, Optional<PrivateValue>:$constant, DenseI64ArrayAttr:$terms, DenseI64ArrayAttr:$coefficients,
                       OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$bits (`const` $constant^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

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
  let hasVerifier = 1;
  let declarations = [{
    // The operation that `target` names.
    ::mlir::OperationName targetName() { return {("mpc." + getTarget()).str(), getContext()}; }
  }];
}

#endif  // MPCC_IR_MPC_MPC_TD
