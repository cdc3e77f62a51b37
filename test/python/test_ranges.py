# SPDX-License-Identifier: Apache-2.0
"""Range metadata names tensors of the file and bounds what they hold."""

import numpy as np
import onnx

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
