// SPDX-License-Identifier: Apache-2.0
// Abstract operations of the mpc dialect: functions of a shared value that passes expand to operations of the protocol. mpc.td
// includes this file.
#ifndef MPCC_IR_MPC_ABSTRACT_TD
#define MPCC_IR_MPC_ABSTRACT_TD

def Mpc_RowMaxOp : Mpc_Op<"row_max", Mpc_Quiet<"kAbstract", "kNone", /*elementwise=*/false, /*tail=*/false>, [Pure, Mpc_Infers<"WithLast(op.getInput(), 1)">]> {
  let summary = "largest value of each row; abstract, expanded to a tournament of two-input tables";
  let description = [{
    Signed numbers of a ring of at most 6 bits. `expand-row-max` makes log2(K) rounds of `mpc.lut2` of it.
  }];
  let arguments = (ins AddShare:$input);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_TruncateOp : Mpc_Op<"truncate", Mpc_Exact, [Pure]> {
  let summary = "floor(x / 2^(l-k)) modulo 2^k, exactly; abstract, expanded to the digits of the opened value";
  let description = [{
    The top k bits of x, without the carry that `extract` meets at random: equal values give equal results. `fuse-extract-lut` makes
    one read of it and the function that follows; what is left becomes `mpc.high_bits` less the borrow, which `mpc.read_bits` finds
    (`expand-exact-reads`). With k = l the sharing is unchanged; else k is 2 at least.
  }];
  let arguments = (ins AddOrRss:$input);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
}

def Mpc_PublicLutOp : Mpc_Op<"public_lut", Mpc_Exact, [Pure]> {
  let summary = "a public function of the top bits of x, times a private factor; abstract, expanded to the digits of the opened value";
  let description = [{
    `values` are 2^k integers: those of the k top bits 0 to 2^(k-1) - 1, then of -2^(k-1) to -1. The function is exact over the whole
    ring of x and is in the plans of all parties; the factor, of the ring of the result, is one number or one a column.
    `expand-exact-reads` makes `mpc.read_bits` and `mpc.from_bits` of it.
  }];
  let arguments = (ins AddOrRss:$input, Optional<PrivateValue>:$factor, DenseI64ArrayAttr:$values);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input (`times` $factor^)? attr-dict `:` functional-type(operands, results)";
}

def Mpc_PrivateLutOp : Mpc_Op<"private_lut", Mpc_Exact, [Pure, AttrSizedOperandSegments]> {
  let summary = "a private function of the top bits of x, times a private factor; abstract, expanded to tables of the opened value";
  let description = [{
    Table b, [T, 2^k] of bits with T one or the columns, has bit b of the function: of the k top bits 0 to 2^(k-1) - 1, then of -2^(k-1) to -1.
    The result is `least` plus that number, times the factor, of the ring of the result, one number or one a column. Exact over the whole ring
    of x. `expand-exact-reads` makes `mpc.lut_pair`, `mpc.read_bits` and `mpc.from_bits` of it, or reads the index first, and `mpc.lut` of it.
  }];
  let arguments = (ins AddOrRss:$input, Variadic<PrivateValue>:$tables, Optional<PrivateValue>:$factor, I64Attr:$least);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input `by` $tables (`times` $factor^)? attr-dict `:` functional-type(operands, results)";
}

def Mpc_StaircaseOp : Mpc_Op<"staircase", Mpc_Exact, [Pure]> {
  let summary = "a public function of all of x that is zero outside of a window; abstract, expanded to two digits of the opened value";
  let description = [{
    `values[i]` for x from `starts[i]` to the next start, zero below the first one; the last value is 0, so that it is zero above, too, up to
    the first start plus 2^l. With `limit` what lies from there to the last start does not occur, and may be read as anything.
    The low digit of x - `origin`, `digit` bits, resolves the steps: the function is read at the difference of that digit to its mask's, once
    for each value of the digit above. Where functions of two such cells agree, or are each other times a power of two, bits are read once:
    exponentials cost little, and constants nothing. Staircases of one value with one digit and origin share their reads (`expand-exact-reads`).
  }];
  let arguments = (ins AddOrRss:$input, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$values, I64Attr:$digit, I64Attr:$origin,
                       OptionalAttr<I64Attr>:$limit);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_LeadingLutOp : Mpc_Op<"leading_lut", Mpc_Exact, [Pure]> {
  let summary = "a public function of an unsigned x at its leading bits, over many octaves; abstract, expanded to digits of the opened value";
  let description = [{
    Level t sees k = `index` bits of x: u = floor(x / 2^s) modulo 2^k with s = l - k - t `gap`. The first level at which u is 2^(k - gap) or
    more decides, so that it has that many leading bits of x, else the last one does; the result is value u of that level. `values` are 2^k
    integers a level, less than 2^24 in magnitude; of all levels but the last those below 2^(k - gap) are not read. They are in the plans
    of all parties. `expand-exact-reads` makes `mpc.read_bits` and `mpc.from_bits` of it: all levels read one opening.
  }];
  let arguments = (ins AddOrRss:$input, I64Attr:$index, I64Attr:$gap, DenseI64ArrayAttr:$values);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Mpc_SaturateOp : Mpc_Op<"saturate", Mpc_Exact, [Pure]> {
  let summary = "the top bits of x as a signed number, held between public bounds, times a private factor; abstract, expanded to digits";
  let description = [{
    The k = `bits` top bits of x are a number from -2^(k-1) to 2^(k-1) - 1; what is less than `least` becomes `least`, and what is more than
    `most` becomes `most`. So a quantizer that saturates reads a value in whole quanta. Exact over the whole ring of x; the bounds are in the
    plans of all parties; the factor, of the ring of the result, is one number or one a column. `expand-exact-reads` makes
    `mpc.read_bits` and `mpc.from_bits` of it.
  }];
  let arguments = (ins AddOrRss:$input, Optional<PrivateValue>:$factor, I64Attr:$bits, I64Attr:$least, I64Attr:$most);
  let results = (outs AddShare:$result);
  let assemblyFormat = "$input (`times` $factor^)? attr-dict `:` functional-type(operands, results)";
}

#endif  // MPCC_IR_MPC_ABSTRACT_TD
