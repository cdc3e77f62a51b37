# SPDX-License-Identifier: Apache-2.0
"""What commands write and read where no file is: links, pipes and folders stay what they are."""

import json
import os
import stat
import subprocess
import threading

import numpy as np
import pytest
import qdq_graph
from qdq_graph import TOKENS

from tools.lib import private_run


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory):
    """A folder with a model, one to quantize, plans, and inputs."""
    top = tmp_path_factory.mktemp("outputs")
    real = qdq_graph.Graph()
    x = real.op("Gather", real.random.normal(size=(64, 8)).astype(np.float32),
                real.input("input_ids"))
    real.save(top / "real.onnx",
              real.op("MatMul", x, real.random.normal(size=(8, 4)).astype(np.float32)))
    graph = qdq_graph.Graph()
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")),
                 graph.weight(qdq_graph.WIDTH, qdq_graph.WIDTH))
    model = graph.save(top / "model.onnx", graph.qdq(x, 0.02))
    private_run.compile_model(model, top / "plans", TOKENS)
    (top / "ids.jsonl").write_text(json.dumps(list(range(TOKENS))) + "\n", encoding="utf-8")
    return top


def _command(made, name, output):
    words = {
        "calibrate": ["mpcc", "calibrate", made / "model.onnx", "--inputs", made / "ids.jsonl",
                      "-o", output],
        "quantize": ["mpcc", "quantize", made / "real.onnx", "--inputs", made / "ids.jsonl",
                     "-o", output],
        "report": ["mpcc", "report", made / "plans", "-o", output],
        "ir": ["mpcc", "compile", made / "model.onnx", "--emit=nn", "-o", output],
        "trace": ["mpcc-local", "--plans", made / "plans", "--input", made / "ids.jsonl",
                  "--trace", output],
        "machine": ["mpcc-local", "--plans", made / "plans", "--input", made / "ids.jsonl",
                    "--measure-machine", output],
    }[name]
    return subprocess.run([private_run.BIN / words[0], *words[1:]], capture_output=True, text=True,
                          check=False, timeout=120)


_ALL = ["calibrate", "quantize", "report", "ir", "trace", "machine"]


@pytest.mark.parametrize("name", _ALL)
def test_a_link_is_followed(made, tmp_path, name):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("older")
    (tmp_path / "link").symlink_to("there/file")
    done = _command(made, name, tmp_path / "link")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there/file").read_bytes() not in (b"older", b"")
    assert os.listdir(tmp_path / "there") == ["file"]


@pytest.mark.parametrize("name", _ALL)
def test_a_pipe_stays_one(made, tmp_path, name):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)  # nobody waits for the other end
    read = []
    reader = threading.Thread(target=lambda: read.append(os.read(descriptor, 1 << 16)))
    reader.start()
    done = _command(made, name, pipe)
    if not stat.S_ISFIFO(pipe.lstat().st_mode) or done.returncode:
        os.write(descriptor, b"none")
    reader.join()
    os.close(descriptor)
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    if name in ("calibrate", "quantize"):
        assert done.returncode != 0 and f"error: {pipe}: no file; accepted: " in done.stderr
    else:
        assert done.returncode == 0 and read[0] not in (b"", b"none"), done.stderr


@pytest.mark.parametrize("name", _ALL)
def test_a_folder_is_refused(made, tmp_path, name):
    done = _command(made, name, tmp_path)
    assert done.returncode != 0 and str(tmp_path) in done.stderr
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("name", ["trace", "machine"])
def test_what_cannot_be_written_is_told_before_the_work(made, tmp_path, name):
    done = _command(made, name, tmp_path / "missing/file")
    assert done.returncode != 0 and str(tmp_path / "missing") in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("output", ["missing/page", ""])
def test_a_report_looks_at_its_page_first(tmp_path, output):
    done = subprocess.run([private_run.BIN / "mpcc", "report", "nowhere", "-o", output],
                          cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0 and "nowhere" not in done.stderr
    assert f"error: {output or repr('')}: " in done.stderr


@pytest.mark.parametrize("words", [
    ("mpcc-local", "--plans", "plans", "--input", "plans"),
    ("mpcc", "report", "plans", "-o", "page.html", "--trace", "plans"),
    ("mpcc", "inspect", "plans/party1.plan", "--net=lan", "--machine", "plans"),
])
def test_a_folder_is_not_read(made, words):
    done = subprocess.run([private_run.BIN / words[0], *words[1:]], cwd=made, text=True,
                          capture_output=True, check=False, timeout=120)
    assert done.returncode != 0
    assert "plans: a folder; accepted: a file" in done.stderr and "basic_" not in done.stderr
