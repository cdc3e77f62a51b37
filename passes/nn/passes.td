// SPDX-License-Identifier: Apache-2.0
// Passes on the nn dialect: from what exporters write to the canonical form that the lowering takes.
#ifndef MPCC_PASSES_NN_PASSES_TD
#define MPCC_PASSES_NN_PASSES_TD

include "mlir/Pass/PassBase.td"

def CanonicalizeQuantization : Pass<"canonicalize-quantization", "::mlir::func::FuncOp"> {
  let summary = "bring quantized products into nn.linear and nn.matmul on quantized operands";
  let description = [{
    Exporters spell one quantized layer in many ways. This pass leaves one:

    - quantize, clip of the integers, dequantize becomes a quantize with the clip's bounds (QCDQ);
    - the bit width of a parameter comes from its values: a channel that holds only {-k, +k} becomes bounds <-1:1>
      with its scale multiplied by k; others get the narrowest bounds that hold the values. Zero points are taken out first, and a
      float weight of a quantized input with one magnitude in each column is one of 1 bit;
    - a dequantize moves below transpose, reshape and slice, into the product that reads it;
    - a matmul with a constant becomes nn.linear; the addition of a constant vector after it becomes its bias;
    - a dequantized constant becomes a float constant where no product reads it (biases in int32);
    - a quantizer of a parameter becomes its integers, and arithmetic on parameters a float parameter.

    Assumes static shapes. `nn.range` follows the value: a linear layer takes the range of the addition it absorbs.
    Private and public parameters are never merged.
  }];
  let dependentDialects = ["::mpcc::nn::NnDialect"];
}

def RaiseComposites : Pass<"raise-composites", "::mlir::func::FuncOp"> {
  let summary = "recognize layer_norm, gelu, masked softmax, mean_pool and l2_normalize in their parts";
  let description = [{
    Exporters decompose normalizations and activations, differently in each release. This pass finds them again:

    - layer normalization from its mean, variance, square root and affine part, in any association;
    - GELU (erf and tanh forms): any chain of elementwise operators of one value and scalar constants that computes the
      function, checked by evaluating it at sample points instead of matching its shape;
    - softmax of scores plus anything that is visible to the data owner: that is the mask, however it was computed;
    - select of a visible condition between scores and a very negative number, before softmax: also a mask;
    - secret summands behind such a mask, which are added to the scores before it, and further masks;
    - such masks with a quantizer before the softmax: quantized scores * kept + the quantizer's lower end * masked;
    - the mean over tokens weighted by a visible mask, and their sum by the root of the mask's sum; division by the L2 norm;
    - a transposition of the last two dimensions before a matmul becomes `transpose_b`, also through a quantize.

    Quantizers between the steps of a composite, whose results are read as reals again, are left out. Of a layer normalization those stay
    that round (of at most `rounded-bits` bits) and stand before scale and shift, or, where one of them rounds the row too, on what its
    variance becomes: then it is `variance`, the file's own operators on that, and `standardize`. What the data owner computes
    between quantizers stays as it is.

    Assumes static shapes and constants marked public as the importer marks them. `nn.range` of a composite is that of
    the op that produced its value; the producer of its input keeps its own.
  }];
  let dependentDialects = ["::mpcc::nn::NnDialect"];
}

def RaiseSaturation : Pass<"raise-saturation", "::mlir::func::FuncOp"> {
  let summary = "make the ReLU explicit that a quantizer's range does";
  let description = [{
    ONNX Runtime leaves a ReLU out before a quantizer whose range begins at zero: the quantizer's clip does the same.
    What follows must know that nothing negative comes out of it, so that this pass puts the ReLU back: where the zero point of a
    quantizer is the least integer of its type, and its input may be negative, the input becomes `relu` of itself.

    What cannot be negative is known from operators (softmax, relu, sigmoid, exp, squares, and sums, means and layouts of
    such values) and from quantizers before. That a range ends at zero is public, nothing else about a zero point is.
  }];
  let dependentDialects = ["::mpcc::nn::NnDialect"];
}

def RaiseFunctions : Pass<"raise-functions", "::mlir::func::FuncOp"> {
  let summary = "make one map of all that computes a function of one secret value";
  let description = [{
    SiLU, QuickGELU, HardSwish, Mish, a Clip, GELU in pieces with quantizers between them, and whatever else is a function of
    one secret value and constant numbers, element by element, becomes one `nn.map`: one table. The graph of elementwise ops
    has dominators; the value that is read and its farthest dominator are the ends of the function.

    Affine steps before the function stay outside, where they cost nothing, and so do the first quantizer before it, if that has up to 8 bits and
    `rounded-bits` of the policy (none with the paper's lowering), and the one whose integers are read: they are sites. Whatever stands behind that first
    quantizer, and other quantizers, belong to the function: they round and clip as the file says. A
    function that, but for affine steps and quantizers around it, is one op that the lowering knows (gelu, relu, tanh, ...)
    stays as it is. Constants that differ by row or column end a function.

    Assumes raise-composites, so that the steps of normalizations are gone. `nn.range` of a map is that of the op whose
    value it computes.
  }];
  let dependentDialects = ["::mpcc::nn::NnDialect"];
}

def VerifyCanonicalNn : Pass<"verify-canonical-nn", "::mlir::func::FuncOp"> {
  let summary = "report every op that the lowering to sharings would not take";
  let description = [{
    Values that the data owner computes alone may use any op. On secret values only the canonical ops are accepted:
    linear, matmul, residual additions, products with constant scalars and vectors, softmax, layer_norm, variance, standardize, activations, quantize,
    mean_pool, l2_normalize and the ops that move elements. None may read a number that stands for infinity, as visible values and
    constants hold it in masks, but a softmax as its mask. All other ops are reported, each at the ONNX node it
    comes from, and the pass fails.
  }];
}

def AnnotateVisibility : Pass<"annotate-visibility", "::mlir::func::FuncOp"> {
  let summary = "write on each operation who may see its result";
  let description = [{
    For tests, and for whoever writes a pass: the answer of `VisibilityAnalysis`, which import, passes and lowering ask. No pass reads
    the attribute. `public` is what public constants give, `data` what the data owner computes from its inputs, `private` what the
    model owner computes from its parameters, and `secret` all that data and private parameters both take part in.

    With `undecided`, constants that are not marked `public` are taken as the importer takes them before it marks any: what meets
    data outside a product with a parameter is going to be public.
  }];
  let options = [Option<"undecided", "undecided", "bool", "false", "constants have not been marked yet">];
}

#endif  // MPCC_PASSES_NN_PASSES_TD
