# SPDX-License-Identifier: Apache-2.0
"""Range metadata names tensors of the file and bounds what they hold."""

import numpy as np
import onnx
import pytest
import qdq_graph

from tools.lib import private_run
from tools.models import ranges, session, texts


def test_ranges_survive_the_file_and_replace_older_ones(tmp_path):
    model = onnx.ModelProto()
    model.metadata_props.add(key="author", value="us")
    ranges.store(model, {"a": 1.0})
    ranges.store(model, {"b": 12.34})
    onnx.save(model, tmp_path / "m.onnx")
    loaded = onnx.load(tmp_path / "m.onnx")
    assert ranges.load(loaded) == {"b": 12.4}
    assert {p.key for p in loaded.metadata_props} == {"author", "mpcc.range:b"}


def test_every_fixed_point_site_of_minilm_has_a_range(model_path, tmp_path):
    path = model_path("minilm-layer-w8a8")
    model = onnx.load(path)
    assert set(ranges.load(model)) <= {o for n in model.graph.node for o in n.output}
    private_run.compile_model(path, tmp_path, "16,128", "--strict-ranges")  # guesses nothing


def test_scaled_scores_have_a_range_and_masked_positions_none(model_path):
    for name in ("minilm-layer-w8a8", "bert-test-w1a4"):
        model = onnx.load(model_path(name))
        known, maker = ranges.load(model), {o: n for n in model.graph.node for o in n.output}
        softmax = next(n for n in model.graph.node if n.op_type == "Softmax")
        scores = max(known.get(i, 0) for i in maker[softmax.input[0]].input)
        assert 1 < scores < 1e3
        assert known.get(softmax.input[0], 0) <= scores  # of unmasked positions, if it is there


def test_ranges_bound_a_calibration_sentence(model_path):
    model = onnx.load(model_path("minilm-layer-w8a8"))
    known = ranges.load(model)
    opened = session.open_session(session.with_outputs(model, list(known)))
    seen = session.run(opened, texts.feeds(texts.encode(texts.calibration()[10])), list(known))
    for name, bound in known.items():
        assert np.abs(seen[name]).max() <= bound * (1 + 1e-2), name


def _normalized(path, bits, known):
    """A layer before a normalization, whose input is said to reach `known`."""
    graph = qdq_graph.Graph(seed=4)
    step = {4: 0.4, 8: 0.03}[bits]

    def quantized(x):
        integers = graph.quantize(x, step)
        if bits == 4:
            integers = graph.op("Clip", integers, np.array(-8, np.int8), np.array(7, np.int8))
        return graph.dequantize(integers, step)

    table = graph.random.normal(size=(qdq_graph.VOCABULARY, 16)).astype(np.float32)
    embedded = quantized(graph.op("Gather", table, graph.input("input_ids")))
    row = graph.op("MatMul", embedded, graph.weight(16, 16))
    normalized = graph.op("LayerNormalization", row, np.ones(16, np.float32),
                          graph.random.normal(size=16).astype(np.float32), axis=-1)
    out = graph.op("MatMul", quantized(normalized), graph.weight(16, 4))
    model = onnx.load(graph.save(path, out))
    ranges.store(model, {row: known})
    onnx.save(model, path)
    return path


# Rows reach 7 to 11: of a range of 5 all lie outside, where a lift gives what masks decide.
@pytest.mark.parametrize("bits", [4, 8])
def test_rows_beyond_a_range_are_right_where_no_input_exceeds_what_is_held(tmp_path, bits):
    model = _normalized(tmp_path / "m.onnx", bits, 5.0)
    asked = [qdq_graph.ids(seed) for seed in range(4)]
    answers = qdq_graph.private_answers(model, tmp_path, asked * 3)
    for once, again, expected in zip(answers, answers[4:] + answers[:4],
                                     qdq_graph.expected_answers(model, asked) * 3, strict=True):
        assert np.array_equal(once, again)
        assert qdq_graph.cosine(once, expected) > 0.999
