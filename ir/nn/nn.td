// SPDX-License-Identifier: Apache-2.0
// The nn dialect: what to compute. Float semantics of the ONNX file on static shapes, quantized tensors as
// `!quant.uniform` element types, and who owns an input (`nn.owner` on function arguments).
#ifndef MPCC_IR_NN_NN_TD
#define MPCC_IR_NN_NN_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NnDialect : Dialect {
  let name = "nn";
  let cppNamespace = "::mpcc::nn";
  let summary = "quantized encoder networks, before any choice of protocol";
  let description = [{
    Values are builtin ranked tensors with static shapes: `f32` for real values, `i64` for token ids, and
    `!quant.uniform` element types for quantized tensors (the storage bounds give the bit width).
    A function argument carries `nn.owner = "data"` when the data owner provides it. Every other input of the
    network is a constant. A value computed from data-owner arguments and constants marked `public` alone is
    visible to the data owner and is computed there in the clear; what other constants take part in beside them is
    secret to both (`ir/nn/visibility.h`).
    `nn.range` (f64) on an op is the largest absolute value its result takes, from calibration or proof;
    `nn.guessed` beside it says that random inputs were all there was to measure it on, and `nn.bound` what no input
    can exceed. `nn.guessed_scales` on the function says the first of its quantizers.
    `nn.least_maximum` (f64) on a softmax is the least that a row's largest score was on given inputs.
  }];
  let dependentDialects = ["::mlir::quant::QuantizationDialect"];
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
  }];
}

include "ir/nn/attributes.td"

class Nn_Op<string mnemonic, list<Trait> traits = []> : Op<NnDialect, mnemonic, traits>;

def QuantizedElement : Type<
    CPred<"::llvm::isa<::mlir::quant::UniformQuantizedType, ::mlir::quant::UniformQuantizedPerAxisType>($_self)">,
    "uniformly quantized value">;

def FloatTensor : StaticShapeTensorOf<[F32]>;
def QuantizedTensor : StaticShapeTensorOf<[QuantizedElement]>;
def AnyNnTensor : StaticShapeTensorOf<[F32, I64, I1, QuantizedElement]>;

def Nn_ConstantOp : Nn_Op<"constant", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "a parameter of the model";
  let description = [{
    `value` holds the elements: f32, i64, i1, or, for a quantized result, its storage integers in a container of
    8, 16 or 32 bits with the signedness of the storage type. Large values are `dense_resource` attributes;
    `GetConstantTensor` in ir/reference/nn_constants.h reads every form.

    Not `ConstantLike`: MLIR's folder would merge a public constant with an equal private one. A private one counts as an
    allocation, so that CSE never merges two which happen to be equal, nor what is computed with them: the structure of
    the program would then depend on private numbers.

    `public` marks parameters that the data owner may hold in the clear (the embedding); all others belong to
    the model owner.
  }];
  let arguments = (ins ElementsAttr:$value, UnitAttr:$is_public);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "(`public` $is_public^)? $value attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Nn_QuantizeOp : Nn_Op<"quantize", [Pure]> {
  let summary = "clip(rint(x / scale) + zero_point), half to even (ONNX QuantizeLinear)";
  let description = [{
    Scale and zero point are those of the result's type, per tensor or along an axis. What is outside the storage bounds is clipped.
  }];
  let arguments = (ins FloatTensor:$input);
  let results = (outs QuantizedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_DequantizeOp : Nn_Op<"dequantize", [Pure]> {
  let summary = "(q - zero_point) * scale (ONNX DequantizeLinear)";
  let description = [{
    Scale and zero point are those of the operand's type. Exact in f32 for up to 16 bits.
  }];
  let arguments = (ins QuantizedTensor:$input);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_LinearOp : Nn_Op<"linear", [Pure]> {
  let summary = "x W + bias with a constant weight";
  let description = [{
    `input` [.., K] and `weight` [K, N] are quantized (or f32 before quantization is canonical); `bias` is f32 [N].
    The result is real: sum_k dequantize(x)_k * dequantize(W)_kn + bias_n.
  }];
  let arguments = (ins AnyNnTensor:$input, AnyNnTensor:$weight, Optional<FloatTensor>:$bias);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input `,` $weight (`,` $bias^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_MatMulOp : Nn_Op<"matmul", [Pure]> {
  let summary = "batched product of two computed tensors, [.., M, K] x [.., K, N], or [.., N, K] with transpose_b";
  let description = [{
    Quantized operands are multiplied as the real numbers they stand for. Leading dimensions are equal.
  }];
  let arguments = (ins AnyNnTensor:$lhs, AnyNnTensor:$rhs, UnitAttr:$transpose_b);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_GatherOp : Nn_Op<"gather", [Pure]> {
  let summary = "rows of a table: result[.., :] = table[ids[..], :]";
  let description = [{
    Ids are plaintext of P1, the table public; an id outside the table is an error of the run.
  }];
  let arguments = (ins AnyNnTensor:$table, AnyNnTensor:$ids);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$table `,` $ids attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_BinaryKind : I32EnumAttr<"BinaryKind", "elementwise operator", [
    I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"sub", 1>, I32EnumAttrCase<"mul", 2>, I32EnumAttrCase<"div", 3>,
    I32EnumAttrCase<"pow", 4>, I32EnumAttrCase<"max", 5>, I32EnumAttrCase<"min", 6>, I32EnumAttrCase<"equal", 7>,
    I32EnumAttrCase<"less", 8>, I32EnumAttrCase<"greater", 9>, I32EnumAttrCase<"logical_and", 10>]> {
  let cppNamespace = "::mpcc::nn";
}

def Nn_BinaryOp : Nn_Op<"binary", [Pure]> {
  let summary = "elementwise operator with numpy broadcasting";
  let description = [{
    Operands and results have the types of the ONNX operator of the name; comparisons give booleans.
  }];
  let arguments = (ins Nn_BinaryKind:$kind, AnyNnTensor:$lhs, AnyNnTensor:$rhs);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$kind $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_UnaryKind : I32EnumAttr<"UnaryKind", "elementwise function", [
    I32EnumAttrCase<"neg", 0>, I32EnumAttrCase<"sqrt", 1>, I32EnumAttrCase<"erf", 2>, I32EnumAttrCase<"tanh", 3>,
    I32EnumAttrCase<"relu", 4>, I32EnumAttrCase<"exp", 5>, I32EnumAttrCase<"reciprocal", 6>, I32EnumAttrCase<"gelu", 7>,
    I32EnumAttrCase<"gelu_tanh", 8>, I32EnumAttrCase<"sigmoid", 9>, I32EnumAttrCase<"cast", 10>,
    I32EnumAttrCase<"logical_not", 11>, I32EnumAttrCase<"abs", 12>,
    I32EnumAttrCase<"log", 13>, I32EnumAttrCase<"sin", 14>, I32EnumAttrCase<"cos", 15>, I32EnumAttrCase<"sign", 16>,
    I32EnumAttrCase<"ceil", 17>, I32EnumAttrCase<"floor", 18>, I32EnumAttrCase<"round", 19>,
    I32EnumAttrCase<"softplus", 20>]> {
  let cppNamespace = "::mpcc::nn";
}

def Nn_UnaryOp : Nn_Op<"unary", [Pure]> {
  let summary = "elementwise function";
  let description = [{
    Meaning and domain are those of the ONNX operator of the name, `gelu_tanh` the approximation with tanh. On secret values it becomes a
    table, or public lines before a wide quantizer, where the range of the operand is known.
  }];
  let arguments = (ins Nn_UnaryKind:$kind, AnyNnTensor:$input);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_MapOp : Nn_Op<"map", [Pure, IsolatedFromAbove, SingleBlock]> {
  let summary = "a function of one number, of every element";
  let description = [{
    `body` says how one number is computed from another: constants and elementwise ops on tensors of rank 0, real, boolean
    or quantized per tensor, and an `nn.yield`. On secret values it becomes a table, or public
    lines before a wide quantizer if it has no numbers of the model.
  }];
  let arguments = (ins FloatTensor:$input);
  let results = (outs FloatTensor:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input $body attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_YieldOp : Nn_Op<"yield", [Pure, Terminator, HasParent<"MapOp">]> {
  let summary = "the number that the body of a map computes";
  let description = [{
    Ends the body of an `nn.map`: a real number, of rank 0.
  }];
  let arguments = (ins FloatTensor:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Nn_ReduceKind : I32EnumAttr<"ReduceKind", "reduction", [
    I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"mean", 1>, I32EnumAttrCase<"max", 2>, I32EnumAttrCase<"l2", 3>,
    I32EnumAttrCase<"min", 4>, I32EnumAttrCase<"prod", 5>, I32EnumAttrCase<"l1", 6>,
    I32EnumAttrCase<"sum_square", 7>]> {
  let cppNamespace = "::mpcc::nn";
}

def Nn_ReduceOp : Nn_Op<"reduce", [Pure]> {
  let summary = "reduction over `axes`; the axes stay with extent 1";
  let description = [{
    Real or integer; `mean` divides by the number of elements, `l2` is the root of the sum of squares.
  }];
  let arguments = (ins Nn_ReduceKind:$kind, AnyNnTensor:$input, DenseI64ArrayAttr:$axes);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$kind $input $axes attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_SelectOp : Nn_Op<"select", [Pure]> {
  let summary = "condition ? lhs : rhs, with numpy broadcasting (ONNX Where)";
  let description = [{
    The condition is boolean and visible to the data owner.
  }];
  let arguments = (ins AnyNnTensor:$condition, AnyNnTensor:$lhs, AnyNnTensor:$rhs);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$condition `,` $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_SoftmaxOp : Nn_Op<"softmax", [Pure]> {
  let summary = "softmax over the last axis of `scores` + `mask`";
  let description = [{
    `mask` is visible to the data owner, broadcasts to `scores`, and is added to them, in float as ONNX adds it.
  }];
  let arguments = (ins FloatTensor:$scores, Optional<FloatTensor>:$mask);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$scores (`mask` $mask^)? attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_LayerNormOp : Nn_Op<"layer_norm", [Pure]> {
  let summary = "layer normalization over the last axis";
  let description = [{
    (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the variance of the row itself (divided by its length). gamma and beta are
    constants of the last axis.
  }];
  let arguments = (ins FloatTensor:$input, FloatTensor:$gamma, FloatTensor:$beta, F64Attr:$epsilon);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input `,` $gamma `,` $beta attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_VarianceOp : Nn_Op<"variance", [Pure]> {
  let summary = "variance of each row: [.., n] to [.., 1]";
  let description = [{
    The mean over the last axis of (x - mean)^2, mean being that of the row.
  }];
  let arguments = (ins FloatTensor:$input);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_StandardizeOp : Nn_Op<"standardize", [Pure]> {
  let summary = "each row [.., n] without its mean, times a number of its own [.., 1]";
  let description = [{
    (x - mean) * factor, over the last axis. With 1 / sqrt(variance + epsilon) as the factor it is a layer normalization without scale
    and shift; with quantizers in that factor it is what static quantization makes of one.
  }];
  let arguments = (ins FloatTensor:$input, FloatTensor:$factor);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input `,` $factor attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_MeanPoolOp : Nn_Op<"mean_pool", [Pure]> {
  let summary = "mean over the tokens that `mask` keeps: [B, S, D] and mask [B, S] (1 or 0) to [B, D]";
  let description = [{
    The mask is visible to the data owner and holds ones and zeros.
  }];
  let arguments = (ins FloatTensor:$input, FloatTensor:$mask);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input `,` $mask attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_L2NormalizeOp : Nn_Op<"l2_normalize", [Pure]> {
  let summary = "x / max(|x|, epsilon) over the last axis";
  let description = [{
    |x| is the root of the sum of squares of a row.
  }];
  let arguments = (ins FloatTensor:$input, F64Attr:$epsilon);
  let results = (outs FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_ReshapeOp : Nn_Op<"reshape", [Pure]> {
  let summary = "same elements in row-major order, another static shape";
  let description = [{
    The number of elements stays; elements of any type.
  }];
  let arguments = (ins AnyNnTensor:$input);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_TransposeOp : Nn_Op<"transpose", [Pure]> {
  let summary = "result dimension i is input dimension perm[i]";
  let description = [{
    `perm` is a permutation of the dimensions.
  }];
  let arguments = (ins AnyNnTensor:$input, DenseI64ArrayAttr:$perm);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$input $perm attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_SliceOp : Nn_Op<"slice", [Pure]> {
  let summary = "the box at `offsets` of the result's shape, step 1";
  let description = [{
    The box lies within the operand.
  }];
  let arguments = (ins AnyNnTensor:$input, DenseI64ArrayAttr:$offsets);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$input $offsets attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_ConcatOp : Nn_Op<"concat", [Pure]> {
  let summary = "concatenation along `axis`";
  let description = [{
    Operands have the element type of the result, and its extents but for `axis`.
  }];
  let arguments = (ins Variadic<AnyNnTensor>:$inputs, I64Attr:$axis);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_BroadcastOp : Nn_Op<"broadcast", [Pure]> {
  let summary = "numpy broadcast to the result's shape (ONNX Expand)";
  let description = [{
    Extents of 1 are repeated, missing ones added in front.
  }];
  let arguments = (ins AnyNnTensor:$input);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_PlainOp : Nn_Op<"plain", [Pure]> {
  let summary = "an operator on plaintext, by its name in runtime/plain";
  let description = [{
    For operators that have no meaning on secret values, and so no operation of their own: what P1 computes in the
    clear, or the compiler from constants. The table in runtime/plain/operators.cc has names, parameters and rules;
    the verifier asks it.
  }];
  let arguments = (ins StrAttr:$name, Variadic<AnyNnTensor>:$inputs, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$ints);
  let results = (outs AnyNnTensor:$result);
  let assemblyFormat = "$name `(` $inputs `)` $ints attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif  // MPCC_IR_NN_NN_TD
