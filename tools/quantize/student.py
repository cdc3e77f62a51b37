# SPDX-License-Identifier: Apache-2.0
"""The encoder, real (the teacher) or fake-quantized (the student), with one code for both.

Quantizers sit where the canonical ONNX form has them (tools/models/bert_graph.py) and carry the
names of its nodes, so that verify.py can compare them one by one.
"""

import dataclasses
import math
import os
import pathlib
import pickle
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from tools.quantize import config, limits, quantizers


@dataclasses.dataclass
class Trace:
    """What distillation looks at."""

    hidden: list  # after the embeddings and after each layer, [batch, sequence, hidden]
    relations: list  # of each layer: queries, keys, values as [batch, heads, sequence, width]
    output: torch.Tensor  # unit embeddings, or logits
    penalty: torch.Tensor  # of scores beyond their limit


class _Real(nn.Module):
    """The quantizer that does nothing."""

    def __init__(self):
        super().__init__()
        self.register_buffer("one", torch.ones(()), persistent=False)

    def forward(self, x, dtype=torch.float32):
        return x.to(dtype), self.one


def _site(bits, unsigned=False, fixed=None):
    return _Real() if bits is None else quantizers.Activation(bits, unsigned, fixed)


def _scale_per_channel(weights, activations):
    """Whether a layer that writes to the residual stream has a scale for each output.

    With few bits its accumulator may have only 16, the compiler's units are coarse, and only one
    scale stays exact (docs/numerics.md); with more bits one scale loses what the largest output
    takes.
    """
    return weights > 4 or (weights > 1 and activations is not None and activations > 4)


class Layer(nn.Module):
    def __init__(self, shape: config.Shape, weights: int, bits: int | None):
        super().__init__()
        d, f = shape.hidden, shape.intermediate
        self.heads, self.function, self.bits = shape.heads, shape.function, bits
        self.query, self.key, self.value = (quantizers.Linear(d, d, weights) for _ in range(3))
        per_channel = _scale_per_channel(weights, bits)
        self.out = quantizers.Linear(d, d, weights, per_channel)
        self.up = quantizers.Linear(d, f, weights)
        self.down = quantizers.Linear(f, d, weights, per_channel)
        self.attention_norm = nn.LayerNorm(d, shape.epsilon)
        self.norm = nn.LayerNorm(d, shape.epsilon)
        self.q_input, self.q_query, self.q_key, self.q_value = (_site(bits) for _ in range(4))
        self.q_probabilities = _site(bits, True, bits and 1 / (2**bits - 1))
        self.q_context, self.q_up = _site(bits), _site(bits)
        self.q_activation = _site(bits, shape.function == "relu")
        self.limit = limits.score(bits) if bits else None

    def _split(self, x):
        batch, sequence, _ = x.shape
        return x.view(batch, sequence, self.heads, -1).transpose(1, 2)

    def _attend(self, x, mask, dtype):
        quantized = self.q_input(x, dtype)
        heads = [self._split(linear(*quantized, dtype))
                 for linear in (self.query, self.key, self.value)]
        (q, sq), (k, sk), (v, sv) = (
            site(h, dtype) for site, h in zip((self.q_query, self.q_key, self.q_value), heads))
        scores = torch.matmul(q, k.transpose(2, 3)).float() * (sq * sk)
        scores = scores * (1 / math.sqrt(q.shape[-1]))
        penalty = limits.excess_penalty(scores, self.limit) if self.limit else None
        p, sp = self.q_probabilities(torch.softmax(scores + mask, -1), dtype)
        context = torch.matmul(p, v).float() * (sp * sv)
        return context.transpose(1, 2).flatten(2), heads, penalty

    def forward(self, x, mask, dtype):
        """(output, [queries, keys, values], penalty or None)."""
        context, heads, penalty = self._attend(x, mask, dtype)
        y = self.attention_norm(self.out(*self.q_context(context, dtype), dtype) + x)
        up = self.up(*self.q_up(y, dtype), dtype)
        up = functional.relu(up) if self.function == "relu" else functional.gelu(up)
        down = self.down(*self.q_activation(up, dtype), dtype)
        return self.norm(down + y), heads, penalty


class _Embeddings(nn.Module):
    """Word, type and position tables, rounded to `bits` with one scale per row."""

    def __init__(self, shape, bits):
        super().__init__()
        self.bits = bits
        self.word = nn.Parameter(torch.empty(shape.vocab, shape.hidden))
        self.kind = nn.Parameter(torch.empty(shape.types, shape.hidden))
        self.place = nn.Parameter(torch.empty(shape.positions, shape.hidden))
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)

    def quantized(self, rows):
        """(integers, scale per row) of some rows of a table."""
        rows, high = rows.detach(), 2 ** (self.bits - 1) - 1
        scale = (rows.abs().amax(-1, keepdim=True) / high).clamp_min(1e-8)
        if self.bits == 4:  # clipping a little loses less than coarse steps
            scale = scale * 0.8
        return torch.round(rows / scale).clamp(-high, high), scale

    def _rows(self, rows):
        if self.bits is None:
            return rows
        integers, scale = self.quantized(rows)
        return quantizers.StraightThrough.apply(rows, integers, scale) * scale

    def forward(self, ids, types):
        word = self._rows(functional.embedding(ids, self.word))
        kind = self._rows(functional.embedding(types, self.kind))
        place = self._rows(self.place[: ids.shape[1]])
        return self.norm(word + kind + place)


def _run_layer(layer, *args):
    return layer(*args)


class Encoder(nn.Module):
    """`widths` of None is the teacher."""

    def __init__(self, shape: config.Shape, widths: config.Widths | None = None):
        super().__init__()
        if widths:
            widths.check(shape)
        self.shape, self.widths = shape, widths
        self.settled = False  # its steps fit what arrives
        self.embeddings = _Embeddings(shape, widths and widths.embeddings)
        self.layers = nn.ModuleList(
            Layer(shape, widths.weights if widths else 32, widths.of_layer(i) if widths else None)
            for i in range(shape.layers))
        if shape.labels:
            self.pooler = nn.Linear(shape.hidden, shape.hidden)
            self.classifier = nn.Linear(shape.hidden, shape.labels)
        if shape.dense:
            self.dense = nn.Linear(shape.hidden, shape.hidden)
            nn.init.eye_(self.dense.weight)
            nn.init.zeros_(self.dense.bias)
        self._run = _run_layer

    def compile_layers(self, on: bool = True) -> None:
        """Lets PyTorch 2 fuse what a layer does; text.pad keeps the number of shapes small."""
        if on:
            torch._dynamo.config.cache_size_limit = 256
            torch._dynamo.config.accumulated_cache_size_limit = 4096
        self._run = torch.compile(_run_layer, dynamic=False) if on else _run_layer

    def _head(self, x, mask):
        if self.shape.labels:
            return self.classifier(torch.tanh(self.pooler(x[:, 0])))
        weight = mask.unsqueeze(-1).float()
        mean = (x * weight).sum(1) / weight.sum(1).clamp_min(1e-9)
        return functional.normalize(self.dense(mean) if self.shape.dense else mean, dim=1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor,
                dtype: torch.dtype = torch.float32) -> Trace:
        """A Trace. ids, mask, types: int64 [batch, sequence]. `dtype` is that of the products."""
        additive = (1 - mask[:, None, None, :].float()) * -3.4028235e38
        x = self.embeddings(ids, types)
        hidden, relations, penalties = [x], [], []
        for layer in self.layers:
            x, heads, penalty = self._run(layer, x, additive, dtype)
            hidden.append(x)
            relations.append(heads)
            penalties += [] if penalty is None else [penalty]
        return Trace(hidden, relations, self._head(x, mask), sum(penalties, torch.zeros(())))

    # Quantizers ----------------------------------------------------------------------------

    def sites(self) -> dict[str, quantizers.Activation]:
        """Activation quantizers by the name of their nodes in the ONNX file."""
        names = {"q_input": "attention/input/quant", "q_query": "attention/query/quant",
                 "q_key": "attention/key/quant", "q_value": "attention/value/quant",
                 "q_probabilities": "attention/probabilities",
                 "q_context": "attention/output/quant", "q_up": "intermediate/quant",
                 "q_activation": "activation/quant"}
        return {f"encoder/layer.{i}/{name}": getattr(layer, field)
                for i, layer in enumerate(self.layers) for field, name in names.items()}

    def limit_scores(self, widths: config.Widths) -> None:
        """The penalty for scores that a private run at `widths` cannot hold."""
        for i, layer in enumerate(self.layers):
            layer.limit = limits.score(widths.of_layer(i))

    @torch.no_grad()
    def calibrate(self, batch: Sequence[torch.Tensor], dtype: torch.dtype = torch.float32) -> None:
        """Fits every step to what arrives on one batch (ids, mask, types), layer after layer."""
        for site in self.sites().values():
            site.measuring = True
        self.eval()
        self(*batch, dtype=dtype)
        for site in self.sites().values():
            site.measuring = False


def save(student: Encoder, path: pathlib.Path) -> None:
    """Writes beside and renames, so that an older file stays whole until the new one is."""
    assert student.widths, "a teacher is not saved"
    partial = path.with_suffix(".partial")
    torch.save({"shape": dataclasses.asdict(student.shape),
                "widths": dataclasses.asdict(student.widths), "state": student.state_dict()},
               partial)
    os.replace(partial, path)


def load(path: str | pathlib.Path) -> Encoder:
    """The student that save wrote."""
    try:
        saved = torch.load(path, map_location="cpu")
        shape, widths = config.Shape(**saved["shape"]), config.Widths(**saved["widths"])
        student = Encoder(shape, widths)
        lost = _take(student, saved["state"])
    except (OSError, EOFError, KeyError, TypeError, RuntimeError,
            pickle.UnpicklingError) as error:
        raise ValueError(f"{path}: not a student that tools/quantize/quantize saved "
                         f"({type(error).__name__})") from None
    if lost:
        raise ValueError(f"{path}: a student without {', '.join(lost[:3])}")
    return student


def _take(student, known):
    """Takes the parameters that it has a place for; returns the names of those not `known`.

    Scales of binary weights that are not known, as in older students, are fitted.
    """
    own = student.state_dict()
    found = student.load_state_dict({k: v for k, v in known.items() if k in own}, strict=False)
    lost = set(found.missing_keys)
    for name, module in student.named_modules():
        if f"{name}.log_scale" in lost:
            module.fit_scale()
            lost.remove(f"{name}.log_scale")
    return sorted(lost)


def student_of(teacher: Encoder, widths: config.Widths,
               shape: config.Shape | None = None) -> Encoder:
    """A student that starts from the teacher's parameters, or from another student's.

    `shape` is the teacher's or differs from it in function and dense layer. Quantization steps go
    on where widths and function are equal. A new dense layer changes nothing at first.
    """
    shape = shape or teacher.shape
    student = Encoder(shape, widths)
    student.settled = (teacher.shape.function, teacher.widths) == (shape.function, widths)
    known = {k: v for k, v in teacher.state_dict().items()
             if student.settled or "log_step" not in k}
    lost = [name for name in _take(student, known)
            if not any(part in name for part in ("log_step", "dense."))]
    if lost:
        raise ValueError(f"the teacher has no {', '.join(lost[:3])}")
    return student
