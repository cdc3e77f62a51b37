# SPDX-License-Identifier: Apache-2.0
"""The random BERT classifiers are in canonical form and reproducible."""

import collections

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from tools.models import oracle, random_bert, ranges

_SMALL = {"layers": 1, "hidden": 32, "heads": 2, "intermediate": 64, "vocab": 50, "positions": 32}


def _small(**options):
    return random_bert.make(random_bert.BertConfig(**_SMALL | options))


def _operators(model):
    return collections.Counter(node.op_type for node in model.graph.node)


def _initializers(model):
    return {i.name: i for i in model.graph.initializer}


def test_same_seed_gives_the_same_bytes():
    assert _small().SerializeToString() == _small().SerializeToString()


def test_another_seed_gives_other_weights_and_the_same_graph():
    first, second = _small(seed=1), _small(seed=2)
    assert first.SerializeToString() != second.SerializeToString()
    assert [n.op_type for n in first.graph.node] == [n.op_type for n in second.graph.node]


def test_format_is_opset_21_and_ir_10_and_valid():
    model = _small()
    assert (model.opset_import[0].version, model.ir_version) == (21, 10)
    onnx.checker.check_model(model, full_check=True)


def test_a_layer_has_eight_quantized_products():
    found = _operators(_small())
    assert found["MatMul"] == 8  # Q, K, V, scores, context, output, up, down
    assert found["QuantizeLinear"] == 8  # x, q, k, v, probabilities, context, y, activation
    assert found["DequantizeLinear"] == 8 + 6
    assert found["LayerNormalization"] == 3
    assert (found["Gemm"], found["Tanh"], found["Gelu"], found["Softmax"]) == (2, 1, 1, 1)


def test_a_sentence_encoder_may_end_in_a_dense_layer():
    plain, dense = _operators(_small(labels=0)), _operators(_small(labels=0, dense=True))
    assert dense - plain == {"Gemm": 1} and not plain - dense
    with pytest.raises(ValueError, match="which a model of 2 labels has not"):
        _small(dense=True)


def test_one_bit_weights_are_plus_and_minus_one_in_int8():
    model = _small()
    quantized = {n.input[0] for n in model.graph.node if n.op_type == "DequantizeLinear"}
    weights = [i for name, i in _initializers(model).items() if name in quantized]
    assert len(weights) == 6
    for weight in weights:
        assert weight.data_type == TensorProto.INT8
        assert set(np.unique(numpy_helper.to_array(weight))) == {-1, 1}


def test_every_product_reads_dequantized_operands():
    model = _small()
    maker = {o: n for n in model.graph.node for o in n.output}
    passes = {"Reshape", "Transpose"}
    for node in model.graph.node:
        if node.op_type != "MatMul":
            continue
        for name in node.input:
            while maker[name].op_type in passes:
                name = maker[name].input[0]
            assert maker[name].op_type == "DequantizeLinear", node.name


def test_four_bit_activations_are_int4_and_softmax_is_uint4():
    model = _small()
    maker = {o: n.op_type for n in model.graph.node for o in n.output}
    constants = _initializers(model)
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear":
            softmax = maker[node.input[0]] == "Softmax"
            kind = TensorProto.UINT4 if softmax else TensorProto.INT4
            assert constants[node.input[2]].data_type == kind


def test_other_widths_clip_between_quantize_and_dequantize():
    found = _operators(_small(weights=3, activations=5))
    assert found["Clip"] == found["QuantizeLinear"] == 8
    assert _operators(_small(weights=8, activations=8))["Clip"] == 0


@pytest.mark.parametrize("bits", range(2, 9))
def test_weights_of_each_width_use_it_symmetrically(bits):
    model = _small(weights=bits)
    values = np.concatenate([numpy_helper.to_array(i).ravel() for i in model.graph.initializer
                             if i.data_type == TensorProto.INT8 and len(i.dims) == 2])
    high = 2 ** (bits - 1) - 1
    assert (values.min(), values.max()) == (-high, high)


def test_per_channel_scales_are_vectors_along_the_outputs():
    model = _small(per_channel=True)
    constants = _initializers(model)
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            weight, scale = constants[node.input[0]], constants[node.input[1]]
            assert list(scale.dims) == [weight.dims[1]]
            assert node.attribute[0].i == 1


@pytest.mark.parametrize("options", [
    {"weights": 0}, {"weights": 9}, {"activations": 1}, {"heads": 3}, {"function": "silu"}])
def test_impossible_options_are_refused(options):
    with pytest.raises(ValueError):
        _small(**options)


def test_activations_use_their_range():
    """No quantized tensor is crushed into few levels: scales fit what arrives."""
    model = _small()
    names = [n.input[0] for n in model.graph.node if n.op_type == "QuantizeLinear"]
    maker = {o: n.op_type for n in model.graph.node for o in n.output}
    constants = _initializers(model)
    feeds = random_bert._random_batch(random_bert.BertConfig(**_SMALL), [32, 20, 9], 32, 5)
    values = ranges.sessions.run(
        ranges.sessions.open_session(ranges.sessions.with_outputs(model, names)), feeds, names)
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear" and maker[node.input[0]] != "Softmax":
            scale = float(numpy_helper.to_array(constants[node.input[1]]))
            levels = np.clip(np.rint(values[node.input[0]] / scale), -8, 7)
            assert 1.2 < levels.std() < 5, node.name


def test_padding_does_not_change_the_answer(model_path):
    answer = oracle.Oracle(model_path("bert-test-w1a4"))
    ids = [5, 9, 31, 44, 2]
    short = answer.run({"input_ids": ids})["logits"]
    padded = answer.run({"input_ids": ids + [0] * 11, "attention_mask": [1] * 5 + [0] * 11})
    np.testing.assert_allclose(padded["logits"], short, atol=1e-5)


def test_bert_tiny_has_the_shape_of_bert_tiny(model_path):
    model = onnx.load(model_path("bert-tiny-w1a4"))
    assert _operators(model)["MatMul"] == 16
    constants = _initializers(model)
    assert list(constants["embeddings/word/weight"].dims) == [30522, 128]
    assert list(constants["encoder/layer.1/intermediate/weight"].dims) == [128, 512]
    assert [o.name for o in model.graph.output] == ["logits"]
