# SPDX-License-Identifier: Apache-2.0
"""What computes a function of one secret value is one table, with or without quantizers inside."""

import numpy as np
import pytest
import qdq_graph

_INPUTS = [qdq_graph.ids(seed) for seed in range(3)]


def _silu(graph, x):
    return graph.op("Mul", x, graph.op("Sigmoid", x))


def _quick_gelu(graph, x):
    return graph.op("Mul", x, graph.op("Sigmoid", graph.op("Mul", x, 1.702)))


def _hard_swish(graph, x):
    gate = graph.op("Clip", graph.op("Add", x, 3.0), 0.0, 6.0)
    return graph.op("Mul", x, graph.op("Div", gate, 6.0))


def _leaky(graph, x):
    return graph.op("Where", graph.op("Less", x, 0.0), graph.op("Mul", x, 0.1), x)


def _elu(graph, x):
    return graph.op("Where", graph.op("Less", x, 0.0),
                    graph.op("Sub", graph.op("Exp", x), 1.0), x)


def _bell(graph, x):
    return graph.op("Exp", graph.op("Neg", graph.op("Pow", x, 2.0)))


def _root(graph, x):
    return graph.op("Sqrt", graph.op("Add", graph.op("Abs", x), 0.5))


def _gelu_between_quantizers(graph, x):
    x = graph.qdq(x, 0.03)
    erf = graph.qdq(graph.op("Erf", graph.qdq(graph.op("Div", x, 1.4142135), 0.02)), 1 / 127)
    one = graph.qdq(graph.constant(np.float32(1)), 1 / 127)
    twice = graph.qdq(graph.op("Mul", x, graph.qdq(graph.op("Add", erf, one), 2 / 255,
                                                    np.int8(-128))), 0.04, np.int8(-100))
    return graph.op("Mul", twice, graph.qdq(graph.constant(np.float32(0.5)), 0.5 / 127))


@pytest.mark.parametrize("function", [_silu, _quick_gelu, _hard_swish, _leaky, _elu, _bell, _root,
                                      _gelu_between_quantizers])
def test_function_of_one_value_is_taken_before_a_quantizer(tmp_path, function):
    graph = qdq_graph.Graph()
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 32))
    y = graph.qdq(function(graph, x), 0.08)
    model = graph.save(tmp_path / "m.onnx", graph.op("MatMul", y, graph.weight(32, 8)))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.995


# Operators of one value: inputs and attributes behind the first operand. By what they can take,
# the operand is made positive (shifted by 1.5 times its size) before.
_SINGLE = {
    "Abs": [], "Celu": [{"alpha": 1.5}], "Clip": [-0.5, 1.0], "Elu": [{"alpha": 0.7}], "Erf": [],
    "Exp": [], "Gelu": [], "HardSigmoid": [{"alpha": 0.3}], "HardSwish": [],
    "LeakyRelu": [{"alpha": 0.2}], "Mish": [], "Neg": [], "PRelu": [0.3], "Relu": [],
    "Selu": [], "Shrink": [{"lambd": 0.3, "bias": 0.1}], "Sigmoid": [], "Sin": [], "Softplus": [],
    "Softsign": [], "Tanh": [], "ThresholdedRelu": [{"alpha": 0.4}],
    "Gelu tanh": [{"approximate": "tanh"}], "Pow": [3.0], "Max": [0.2], "Min": [0.2],
    "PRelu by channel": [np.linspace(-0.5, 0.5, 16, dtype=np.float32)],
    "Sqrt positive": [], "Log positive": [], "Reciprocal positive": [], "Pow positive": [-0.5],
}  # fmt: skip


def _single(graph, x, name):
    kind, *how = name.split()
    if "positive" in how:
        x = graph.op("Add", graph.op("Abs", x), 0.5)
    inputs = [i for i in _SINGLE[name] if not isinstance(i, dict)]
    attributes = next((i for i in _SINGLE[name] if isinstance(i, dict)), {})
    return graph.op(kind, x, *inputs, **attributes)


def test_each_operator_of_one_value_is_taken(tmp_path):
    graph = qdq_graph.Graph(opset=20)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 16, 0.003))
    results = [graph.op("MatMul", graph.qdq(_single(graph, x, name), 0.06), graph.weight(16, 8))
               for name in _SINGLE]  # fmt: skip
    model = graph.save(tmp_path / "m.onnx", graph.op("Concat", *results, axis=-1))
    answers = qdq_graph.private_answers(model, tmp_path, _INPUTS)
    expected = qdq_graph.expected_answers(model, _INPUTS)
    worst = {}
    for answer, right in zip(answers, expected, strict=True):
        parts = zip(*(np.split(v.reshape(-1, 8 * len(_SINGLE)), len(_SINGLE), axis=1)
                      for v in (answer, right)), strict=True)  # fmt: skip
        for name, (a, b) in zip(_SINGLE, parts, strict=True):
            worst[name] = min(worst.get(name, 1), qdq_graph.cosine(a.ravel(), b.ravel()))
    assert {name: c for name, c in worst.items() if not c >= 0.995} == {}


def test_function_is_read_as_a_real_too(tmp_path):
    graph = qdq_graph.Graph()
    embedded = graph.embedding(graph.input("input_ids"))
    x = graph.op("MatMul", embedded, graph.weight(16, 16))
    y = graph.op("Mul", _silu(graph, x), graph.random.uniform(0.5, 2, 16).astype(np.float32))
    model = graph.save(tmp_path / "m.onnx", graph.op("Add", y, embedded))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.995
