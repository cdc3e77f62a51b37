# SPDX-License-Identifier: Apache-2.0
"""The quantized MiniLM stays close to the float model, on sentences it was not calibrated on."""

import collections

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from tools.models import compare, oracle, texts


def _embeddings(path, sentences):
    opened = oracle.Oracle(path)
    return np.concatenate([opened.run_text(s)["sentence_embedding"] for s in sentences])


def test_there_are_200_sentences_of_3_to_128_tokens():
    lengths = [len(texts.encode(s)["input_ids"]) for s in texts.sentences()]
    assert len(set(texts.sentences())) == 200
    assert min(lengths) == 3 and 100 < max(lengths) <= 128


def test_calibration_holds_the_evaluation_out():
    assert not set(texts.sentences()) & set(texts.calibration())


@pytest.fixture(scope="module")
def float_embeddings(model_path):
    return _embeddings(model_path("minilm-float"), texts.sentences())


def test_embeddings_have_length_one(float_embeddings):
    assert float_embeddings.shape == (200, 384)
    np.testing.assert_allclose(np.linalg.norm(float_embeddings, axis=1), 1, atol=1e-5)


def test_quantized_minilm_is_close_to_float(model_path, float_embeddings):
    quantized = _embeddings(model_path("minilm-w8a8"), texts.sentences())
    agreement = compare.compare(quantized, float_embeddings)
    print(agreement)
    assert agreement.least_cosine > 0.97
    assert agreement.mean_cosine > 0.996
    assert agreement.same_neighbour > 0.9


def test_products_and_nothing_else_are_quantized(model_path):
    model = onnx.load(model_path("minilm-w8a8"))
    found = collections.Counter(n.op_type for n in model.graph.node)
    assert (found["MatMul"], found["QuantizeLinear"], found["DequantizeLinear"]) == (48, 48, 84)
    dequantized = {n.output[0] for n in model.graph.node if n.op_type == "DequantizeLinear"}
    readers = {n.op_type for n in model.graph.node if dequantized.intersection(n.input)}
    assert readers == {"MatMul"}


def test_weights_are_symmetric_int8_per_output_channel(model_path):
    model = onnx.load(model_path("minilm-w8a8"))
    constants = {i.name: i for i in model.graph.initializer}
    weights = [n for n in model.graph.node
               if n.op_type == "DequantizeLinear" and n.input[0] in constants]
    assert len(weights) == 36
    for node in weights:
        values, scale, zero = (constants[i] for i in node.input)
        assert values.data_type == TensorProto.INT8
        assert list(scale.dims) == [values.dims[1]]
        assert not np.any(onnx.numpy_helper.to_array(zero))


def test_oldest_form_has_decomposed_layer_normalization(model_path):
    old = onnx.load(model_path("minilm-layer-w8a8-opset14"))
    operators = {n.op_type for n in old.graph.node}
    assert "LayerNormalization" not in operators and "ReduceMean" in operators
    sentence = texts.sentences()[:20]
    first = _embeddings(model_path("minilm-layer-w8a8-opset14"), sentence)
    second = _embeddings(model_path("minilm-layer-w8a8"), sentence)
    assert compare.compare(first, second).least_cosine > 0.999
