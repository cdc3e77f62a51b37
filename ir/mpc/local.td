// SPDX-License-Identifier: Apache-2.0
// Local operations of the mpc dialect, linear and structural: the same on shares and on masks. mpc.td includes this file.
#ifndef MPCC_IR_MPC_LOCAL_TD
#define MPCC_IR_MPC_LOCAL_TD

def Mpc_AddOp : Mpc_Op<"add", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, Mpc_Infers<"SumType(op.getLhs(), op.getRhs())">]> {
  let summary = "sum; `rhs` broadcasts to `lhs`; a replicated operand beside an additive one is opened for free";
  let description = [{
    Modulo 2^l. Both operands have one ring. Masks are added to masks only.
  }];
  let arguments = (ins ShareOrMask:$lhs, ShareOrMask:$rhs);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Mpc_SubOp : Mpc_Op<"sub", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure, Mpc_Infers<"SumType(op.getLhs(), op.getRhs())">]> {
  let summary = "difference; `rhs` broadcasts to `lhs`";
  let description = [{
    Modulo 2^l; operands as those of `mpc.add`.
  }];
  let arguments = (ins ShareOrMask:$lhs, ShareOrMask:$rhs);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Mpc_AddPublicOp : Mpc_Op<"add_public", Mpc_Local</*invertible=*/true, /*elementwise=*/true>, [Pure, SameOperandsAndResultType]> {
  let summary = "x + value, a public integer";
  let description = [{
    Modulo 2^l. The number stands in the plans of P1 and P2, so it must not be a private one. A mask is left as it is.
  }];
  let arguments = (ins ShareOrMask:$input, I64Attr:$value);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input `,` $value attr-dict `:` type($input)";
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
}

def Mpc_ReshapeOp : Mpc_Op<"reshape", Mpc_Local</*invertible=*/true, /*elementwise=*/false>, [Pure]> {
  let summary = "same elements in row-major order, another shape";
  let description = [{
    Local, and free where the operand is not used again.
  }];
  let arguments = (ins ShareOrMask:$input);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
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
  let hasFolder = 1;
  let hasCanonicalizer = 1;
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
}

def Mpc_ResizeOp : Mpc_Op<"resize", Mpc_Local</*invertible=*/false, /*elementwise=*/true>, [Pure]> {
  let summary = "the value modulo a smaller power of two";
  let description = [{
    Local and exact for values that fit the smaller ring; others wrap. To a wider ring `mpc.lift` leads.
  }];
  let arguments = (ins ShareOrMask:$input);
  let results = (outs ShareOrMask:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

#endif  // MPCC_IR_MPC_LOCAL_TD
