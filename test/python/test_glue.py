# SPDX-License-Identifier: Apache-2.0
"""Tasks from GLUE's TSV files."""

import re

import numpy as np
import onnx
import pytest
from small_teacher import run_tool, write_teacher

from tools.quantize import evaluate, glue, teacher, text


def test_a_glue_task_from_its_tsv_files(lines, tmp_path):
    folder = tmp_path / "teacher"
    folder.mkdir()
    write_teacher(folder, labels=2, id2label={"0": "NOT_ENTAILMENT", "1": "ENTAILMENT"})
    sentences = lines.read_text(encoding="utf-8").splitlines()[:200]
    for name in ("train", "dev"):
        rows = [f"{i}\t{a}\t{b}\tentailment"
                for i, (a, b) in enumerate(zip(sentences[::2], sentences[1::2]))]
        (tmp_path / f"{name}.tsv").write_text(
            "\n".join(["index\tsentence1\tsentence2\tlabel", *rows]), encoding="utf-8")
    out = tmp_path / "rte.onnx"
    done = run_tool("quantize", "--teacher", folder, "--text", tmp_path / "train.tsv", "--task",
                    "rte", "--dev", tmp_path / "dev.tsv", "--out", out, "--steps", 4, "--batch", 4,
                    "--longest", 64)
    assert done.returncode == 0, done.stderr
    assert "accuracy, student" in done.stderr
    rows = text.tokenize(teacher.tokenizer_of(folder), list(zip(sentences[::2], sentences[1::2])),
                         64)
    entailed = (evaluate.outputs(teacher.load(folder), rows).argmax(1) == 1).mean()
    shown = float(re.search(r"accuracy, teacher\s*│\s*([0-9.]+)", done.stderr).group(1))
    assert shown == pytest.approx(entailed, abs=0.03)  # the command may compute in bfloat16
    assert abs(entailed - 0.5) > 0.1
    assert onnx.load(out).graph.output[0].name == "logits"


def test_glue_columns_and_measures(tmp_path):
    path = tmp_path / "cola.tsv"
    path.write_text('gj04\t1\t\tA "quoted sentence.\ngj04\t0\t*\tNot a one.\n', encoding="utf-8")
    sentences, labels = glue.read(path, "cola")
    assert sentences == ['A "quoted sentence.', "Not a one."] and labels.tolist() == [1, 0]
    assert glue.measures("cola", np.eye(2)[[1, 0]], labels) == {
        "Matthews correlation": pytest.approx(1)}
    scores = np.array([[0.1], [0.9], [0.5]])
    assert glue.measures("sts-b", scores, np.array([1.0, 5.0, 2.5])) == {
        "Spearman correlation": pytest.approx(1)}
    answers = np.eye(2)[[1, 1, 1, 0, 0]]  # 2 of 3 are right, 2 of 4 are found
    assert glue.measures("mrpc", answers, np.array([1, 1, 0, 1, 1])) == {
        "accuracy": pytest.approx(2 / 5), "F1": pytest.approx(4 / 7)}


@pytest.mark.parametrize("named, columns", [
    ({"0": "ENTAILMENT", "2": "CONTRADICTION", "1": "NEUTRAL"}, [2, 0, 1]),
    ({"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}, [0, 1, 2]),
    (None, [0, 1, 2]), ({"a": "entailment"}, [0, 1, 2]),
])
def test_a_teachers_own_order_of_classes_is_respected(tmp_path, named, columns):
    write_teacher(tmp_path, labels=3, id2label=named)
    assert glue.columns_of_classes("mnli", teacher.labels_of(tmp_path)) == columns
    assert glue.columns_of_classes("sts-b", teacher.labels_of(tmp_path)) == [0]


@pytest.mark.parametrize("name, content, message", [
    ("sst-2", "phrase\tlabel\nfine\t1\n", "1: no column 'sentence'; the columns are phrase, label"),
    ("sst-2", "sentence\tlabel\nfine\t2\n", "2: label '2', and the labels are 0, 1"),
    ("sst-2", "sentence\tlabel\nfine\n", "2: 1 columns, fewer than the task's"),
    ("sts-b", "sentence1\tsentence2\tscore\na\tb\tx\n", "2: the score 'x' is not a number"),
    ("sst-2", "sentence\tlabel\n", "no examples"),
])
def test_a_bad_tsv_file_is_located(tmp_path, name, content, message):
    path = tmp_path / "bad.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        glue.read(path, name)
