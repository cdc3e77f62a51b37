# SPDX-License-Identifier: Apache-2.0
"""Reads the TSV files of the GLUE tasks, and measures answers as GLUE does.

Wang et al., "GLUE", ICLR 2019, arXiv 1804.07461.
"""

import csv
import dataclasses
import pathlib
from collections.abc import Sequence

import numpy as np

from tools.quantize import evaluate


@dataclasses.dataclass(frozen=True)
class Task:
    """Columns by name, or by number where the file has no header. No classes: a score."""

    first: object
    second: object
    label: object
    classes: tuple
    measures: tuple = ("accuracy",)


_YES = ("0", "1")
_ENTAILED = ("entailment", "not_entailment")
TASKS = {
    "cola": Task(3, None, 1, _YES, ("Matthews correlation",)),
    "sst-2": Task("sentence", None, "label", _YES),
    "mrpc": Task("#1 String", "#2 String", "Quality", _YES, ("accuracy", "F1")),
    "qqp": Task("question1", "question2", "is_duplicate", _YES, ("accuracy", "F1")),
    "sts-b": Task("sentence1", "sentence2", "score", (), ("Spearman correlation",)),
    "mnli": Task("sentence1", "sentence2", "gold_label",
                 ("contradiction", "entailment", "neutral")),
    "qnli": Task("question", "sentence", "label", _ENTAILED),
    "rte": Task("sentence1", "sentence2", "label", _ENTAILED),
    "wnli": Task("sentence1", "sentence2", "label", _YES),
}


def _columns(path, task, header):
    """Positions of first, second and label."""
    wanted = (task.first, task.second, task.label)
    if isinstance(task.first, int):
        return wanted
    missing = [name for name in wanted if name is not None and name not in header]
    if missing:
        raise ValueError(f"{path}:1: no column '{missing[0]}'; the columns are "
                         + ", ".join(header))
    return tuple(None if name is None else header.index(name) for name in wanted)


def _label(text, task, place):
    if not task.classes:
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{place}: the score '{text}' is not a number") from None
    if text not in task.classes:
        raise ValueError(f"{place}: label '{text}', and the labels are "
                         + ", ".join(task.classes))
    return task.classes.index(text)


def read(path: str | pathlib.Path, name: str) -> tuple[list, np.ndarray]:
    """(lines or pairs of lines, labels as numbers)."""
    if name not in TASKS:
        raise ValueError(f"no task '{name}'; the tasks are " + ", ".join(TASKS))
    task = TASKS[name]
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise ValueError(f"{path}: {str(error.strerror).lower()}") from None
    first, second, label = _columns(path, task, rows[0] if rows else [])
    start = 0 if isinstance(task.first, int) else 1
    texts, labels = [], []
    for number, row in enumerate(rows[start:], start + 1):
        place = f"{path}:{number}"
        if max(first, second or 0, label) >= len(row):
            raise ValueError(f"{place}: {len(row)} columns, fewer than the task's")
        texts.append(row[first] if second is None else (row[first], row[second]))
        labels.append(_label(row[label], task, place))
    if not texts:
        raise ValueError(f"{path}: no examples")
    return texts, np.array(labels)


def _matthews(predicted, true):
    """Correlation of two binary vectors; 0 where one is constant."""
    if predicted.std() == 0 or true.std() == 0:
        return 0.0
    return float(np.corrcoef(predicted, true)[0, 1])


def _f1(predicted, true):
    """Harmonic mean of precision and recall of class 1; 0 where it is neither true nor found."""
    return float(2 * (predicted * true).sum() / max(1, predicted.sum() + true.sum()))


_MEASURES = {"accuracy": lambda predicted, true: float((predicted == true).mean()),
             "F1": _f1, "Matthews correlation": _matthews}


def columns_of_classes(name: str, labels: Sequence[str]) -> list[int]:
    """The logit of each of the task's classes, for a model whose logits have these names."""
    named = [label.lower() for label in labels]
    classes = TASKS[name].classes
    if not classes or sorted(named) != sorted(classes):  # LABEL_0, ...: the task's own order
        return list(range(max(1, len(classes))))
    return [named.index(label) for label in classes]


def measures(name: str, outputs: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """GLUE's measures by name, of logits [examples, classes] or scores [examples, 1]."""
    task = TASKS[name]
    if not task.classes:
        return {task.measures[0]: evaluate.spearman(outputs[:, 0], labels)}
    predicted = outputs.argmax(1)
    return {what: _MEASURES[what](predicted, labels) for what in task.measures}
