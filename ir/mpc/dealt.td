// SPDX-License-Identifier: Apache-2.0
// Operations of the mpc dialect for which P0 deals vectors. mpc.td includes this file.
#ifndef MPCC_IR_MPC_DEALT_TD
#define MPCC_IR_MPC_DEALT_TD

def Mpc_WrapOp : Mpc_Op<"wrap", Mpc_DealtByTable<"kWrap", /*elementwise=*/true, /*tail=*/false, /*tells=*/"true">, [Pure, Mpc_StreamsOpInterface]> {
  let summary = "how often the masks of x wrapped: z with x = m - L1 - L2 + 2^k z over the integers; needs 0 <= x < 2^(k-1)";
  let description = [{
    P0 deals the carry of L1 + L2 and the top bit of their sum; P1 and P2 combine them with the top bit of m. In the ideal meaning, which has
    no masks, nothing wraps. `mpc.join` puts x into the wider ring with it.
  }];
  let arguments = (ins RssShare:$input, OptionalAttr<DenseI64ArrayAttr>:$streams);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

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
}

#endif  // MPCC_IR_MPC_DEALT_TD
