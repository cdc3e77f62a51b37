# SPDX-License-Identifier: Apache-2.0
"""A BERT with random weights to distil from, text, and the student that the command makes."""

import json
import pathlib
import shutil
import subprocess

import pytest
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
_SETTINGS = {"model_type": "bert", "num_hidden_layers": 2, "hidden_size": 32,
             "num_attention_heads": 2, "intermediate_size": 64, "vocab_size": 30522,
             "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu"}


def write_teacher(folder, labels=0, **settings):
    """A BERT with random weights in transformers' layout, with MiniLM's tokenizer."""
    from safetensors.torch import save_file

    from tools.models import texts

    settings = _SETTINGS | settings
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    shutil.copy(texts.weights_folder() / "tokenizer.json", folder)
    torch.manual_seed(3)
    d, f = settings["hidden_size"], settings["intermediate_size"]
    shapes = {"embeddings.word_embeddings.weight": (settings["vocab_size"], d),
              "embeddings.token_type_embeddings.weight": (2, d),
              "embeddings.position_embeddings.weight": (settings["max_position_embeddings"], d)}
    norms = ["embeddings.LayerNorm"]
    linears = {}
    for i in range(settings["num_hidden_layers"]):
        layer = f"encoder.layer.{i}"
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for name in ("attention.self.query", "attention.self.key", "attention.self.value",
                     "attention.output.dense"):
            linears[f"{layer}.{name}"] = (d, d)
        linears |= {f"{layer}.intermediate.dense": (f, d), f"{layer}.output.dense": (d, f)}
    if labels:
        linears |= {"pooler.dense": (d, d), "classifier": (labels, d)}
    shapes |= {f"{n}.weight": s for n, s in linears.items()}
    tensors = {n: torch.randn(s) / (s[1] ** 0.5) for n, s in shapes.items()}
    tensors |= {f"{n}.bias": 0.1 * torch.randn(s[0]) for n, s in linears.items()}
    for name in norms:
        tensors |= {f"{name}.weight": 1 + 0.1 * torch.randn(d), f"{name}.bias": torch.zeros(d)}
    save_file({f"bert.{n}" if labels and n != "classifier" else n: t
               for n, t in tensors.items()}, str(folder / "model.safetensors"))
    return folder


def rows_of(name, path):
    """The lines that may be learnt from, as a teacher's tokens."""
    from tools.quantize import teacher, text

    return text.tokenize(teacher.tokenizer_of(name), text.read(path)[0], 64)


def student_of(name, widths, function=None, dense=False):
    """An untrained student of a teacher."""
    from tools.quantize import student, teacher

    loaded = teacher.load(name)
    return student.student_of(loaded, widths, loaded.shape.of_student(function, dense))


@pytest.fixture(scope="session")
def small_teacher(tmp_path_factory):
    return write_teacher(tmp_path_factory.mktemp("teacher"))


@pytest.fixture(scope="session")
def lines(tmp_path_factory):
    """Some 400 lines of text without documents."""
    from tools.models import texts

    path = tmp_path_factory.mktemp("text") / "lines.txt"
    sentences = texts.calibration()
    path.write_text("\n".join(sentences + [" ".join(reversed(s.split())) for s in sentences]),
                    encoding="utf-8")
    return path


def run_tool(name, *words):
    """The finished command of tools/quantize."""
    command = ROOT / "tools/quantize" / name
    return subprocess.run([command, *map(str, words)], capture_output=True, text=True,
                          check=False)


@pytest.fixture(scope="session")
def distilled(small_teacher, lines, tmp_path_factory):
    """A two-layer W1A4 model, made by the command."""
    out = tmp_path_factory.mktemp("student") / "student.onnx"
    done = run_tool("quantize", "--teacher", small_teacher, "--text", lines, "--out", out,
                    "--steps", 12, "--batch", 8, "--longest", 32, "--embeddings", 4, "--dense")
    assert done.returncode == 0, done.stderr
    assert "integers equal to ONNX Runtime's" in done.stderr
    assert (out.with_suffix(".work") / "losses.png").stat().st_size > 1000
    return out
