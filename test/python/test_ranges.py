# SPDX-License-Identifier: Apache-2.0
"""Range metadata names tensors of the file and bounds what they hold."""

import numpy as np
import onnx

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


def test_every_fixed_point_site_of_minilm_has_a_range(model_path):
    model = onnx.load(model_path("minilm-layer-w8a8"))
    known = ranges.load(model)
    outputs = {o for n in model.graph.node for o in n.output}
    assert set(known) <= outputs
    for node in model.graph.node:
        if node.op_type in ("MatMul", "LayerNormalization"):
            assert node.output[0] in known, node.name
        if node.op_type in ("LayerNormalization", "Erf"):
            assert node.input[0] in known, node.name


def test_masked_scores_have_no_range_but_scaled_scores_do(model_path):
    for name in ("minilm-layer-w8a8", "bert-test-w1a4"):
        model = onnx.load(model_path(name))
        known, maker = ranges.load(model), {o: n for n in model.graph.node for o in n.output}
        softmax = next(n for n in model.graph.node if n.op_type == "Softmax")
        masked = maker[softmax.input[0]]
        assert softmax.input[0] not in known
        assert any(name in known for name in masked.input)


def test_ranges_bound_a_calibration_sentence(model_path):
    model = onnx.load(model_path("minilm-layer-w8a8"))
    known = ranges.load(model)
    opened = session.open_session(session.with_outputs(model, list(known)))
    seen = session.run(opened, texts.feeds(texts.encode(texts.calibration()[10])), list(known))
    for name, bound in known.items():
        assert np.abs(seen[name]).max() <= bound * (1 + 1e-2), name
