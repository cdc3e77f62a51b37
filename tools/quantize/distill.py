# SPDX-License-Identifier: Apache-2.0
"""Training: stages from real weights down to the wanted widths, one loop, checkpoints."""

import dataclasses
import hashlib
import math
import os
import pathlib
import time

import torch

from tools.quantize import evaluate, losses, prepare, student, text
from tools.quantize.config import Widths

_REFERENCES = 4096  # lines, at most
_SCORED = 512  # lines whose attention scores are looked at
_RECIPE = 3  # counts the ways in which equal options train: checkpoints of another do not go on
_TABLE_RATE = 0.6  # of embedding tables, whose rows see few lines each, to that of weights


class Diverged(RuntimeError):
    """The loss left the real numbers."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """`share` of all steps at given widths."""

    weights: int
    activations: int
    share: float
    rate: float = 1.0  # of the learning rate of weights


@dataclasses.dataclass(frozen=True)
class Options:
    steps: int = 4000
    batch: int = 64
    window: int | None = None  # tokens of a line that a step sees; all if None
    rate: float = 5e-4  # of weights; steps of quantizers and scales learn `step_rate`
    step_rate: float = 2e-3
    warmup: float = 0.02
    clip: float = 1.0
    seed: int = 1
    device: str = "cpu"
    dtype: torch.dtype = torch.float32
    checkpoint_seconds: float = 180
    compiled: bool = False
    loss: losses.Weights = losses.Weights()


def stages(widths: Widths) -> list[Stage]:
    """W32A8 first, to settle the steps; then the wanted weights, then the wanted activations."""
    plan = [Stage(32, 8, 0.01, rate=0.02)]
    if widths.weights < 8:
        plan.append(Stage(widths.weights, 8, 0.34))
    rest = 1 - sum(stage.share for stage in plan)
    return [*plan, Stage(widths.weights, widths.activations, rest)]


def boundaries(plan, steps):
    """The step at which each stage ends; the last one is `steps`."""
    if steps < len(plan) + 1:
        raise ValueError(f"{steps} steps for {len(plan)} stages: at least {len(plan) + 1} are "
                         "needed, and some thousands for a good student")
    ends: list[int] = []
    done = 0.0
    for stage in plan:
        done += stage.share
        ends.append(max(len(ends) + 1, round(done * steps)))
    ends[-1] = steps
    return ends


def device_and_type(wanted: str | None) -> tuple[str, torch.dtype]:
    """Where to train, and the type of the products: bfloat16 where the machine has it."""
    found = "cuda" if torch.cuda.is_available() else "cpu"
    device = wanted or found
    if device not in ("cpu", found):
        raise ValueError(f"no device '{device}' here; there is {found}")
    if device == "cuda":
        return device, torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    info = pathlib.Path("/proc/cpuinfo")
    flags = info.read_text(encoding="utf-8").split() if info.exists() else []
    fast = {"amx_bf16", "avx512_bf16"}.intersection(flags)
    return device, torch.bfloat16 if fast else torch.float32


def _digest(rows, *models):
    """A hash of the text and of the parameters that a run starts from."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row.tobytes())
    for model in models:
        for name, value in (model.state_dict() if model else {}).items():
            digest.update(name.encode() + value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def _random_state():
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"cpu": torch.get_rng_state(), "cuda": cuda}


def _kind(name):
    """What a parameter is, for its learning rate."""
    if "log_" in name:  # steps, and scales of weights
        return "steps"
    tables = ("embeddings.word", "embeddings.kind", "embeddings.place")
    return "tables" if name in tables else "weights"


class Run:
    """One distillation. `progress(step, loss)` is called after each step.

    `start`, a student of another run, takes the place of all stages but the last. The folder gets
    checkpoints, the student at the end of each stage (stage0.pt, ...) and of the run (student.pt).
    """

    def __init__(self, teacher, rows, widths, shape, options, folder, progress=None, start=None):
        """`shape`: the student's, which may differ from the teacher's in function and dense."""
        widths.check(teacher.shape)
        if start is not None and not start.shape.same_encoder(teacher.shape):
            raise ValueError(f"the student to start from has the shape {start.shape}, and the "
                             f"teacher {teacher.shape}")
        if start is not None and start.shape.dense and not shape.dense:
            raise ValueError("the student to start from has a dense layer: give --dense too")
        self.teacher = teacher.to(options.device)
        self.widths, self.options = widths, options
        self.shape, self.folder = shape, pathlib.Path(folder)
        self.progress = progress or (lambda step, loss: None)
        self.batches = text.Batches(rows, options.batch, options.seed, options.window)
        self.plan = stages(widths) if start is None else [
            dataclasses.replace(stages(widths)[-1], share=1.0)]
        self._origin = _digest(rows, teacher, start)
        self.ends = boundaries(self.plan, options.steps)
        self.step, self.history, self.model = 0, [], start
        if options.compiled:
            self.teacher.compile_layers()
        self.references = None if teacher.shape.labels else self._references(rows)

    def _references(self, rows):
        lines = [text.window(row, self.batches.most) for row in
                 text.sample(rows, _REFERENCES, self.options.seed)]
        found = torch.from_numpy(evaluate.outputs(self.teacher, lines, self.options.dtype))
        return losses.References(found.to(self.options.device))

    # Stages --------------------------------------------------------------------------------

    def _stage_widths(self, stage):
        if stage is self.plan[-1]:
            return self.widths
        return dataclasses.replace(self.widths, weights=stage.weights, layers=(),
                                   activations=stage.activations)

    def _enter(self, index, fresh=True):
        """A student of this stage's widths from what there is, and a new optimizer.

        Not `fresh` is one that a checkpoint will fill.
        """
        stage, options = self.plan[index], self.options
        torch.manual_seed(options.seed + index)
        source = self.model or self.teacher
        self.model = student.student_of(source, self._stage_widths(stage),
                                        self.shape).to(options.device)
        self.model.limit_scores(self.widths)
        self._tie_padding()
        if fresh and index == 0 and not self.model.settled:
            self._limit_heads(source)
        if fresh and not self.model.settled:
            self.model.calibrate(self.batches.at(self.step, options.device), options.dtype)
        if options.compiled:
            self.model.compile_layers()
        self.stage = index
        fused = {"fused": True} if options.compiled else {}
        self.optimizer = torch.optim.AdamW(self._groups(), betas=(0.9, 0.99), weight_decay=0,
                                           **fused)

    def _tie_padding(self):
        prepare.neutral_padding(self.model, int(self.batches.rows[0][-1, 0]))

    def _save_student(self, name):
        self._tie_padding()  # the end of a line has learned, padding has not
        student.save(self.model, self.folder / name)

    def _limit_heads(self, source):
        rows = text.sample(self.batches.rows, _SCORED, self.options.seed)
        peaks = prepare.largest_scores(source.to(self.options.device), rows, self.options.dtype)
        prepare.shrink_scores(self.model, peaks)

    def _groups(self):
        rate = self.options.rate * self.plan[self.stage].rate
        bases = {"steps": self.options.step_rate, "tables": _TABLE_RATE * rate, "weights": rate}
        groups = {kind: {"params": [], "base": base} for kind, base in bases.items()}
        for name, parameter in self.model.named_parameters():
            if parameter.requires_grad:
                groups[_kind(name)]["params"].append(parameter)
        return list(groups.values())

    def _factor(self):
        """Of the learning rate: a warm-up in each stage, and one decay over all of them."""
        start = self.ends[self.stage - 1] if self.stage else 0
        warm = max(1, round(self.options.warmup * self.options.steps))
        rise = min(1.0, (self.step - start + 1) / warm)
        done = self.step / self.options.steps
        return rise * max(0.01, 0.5 * (1 + math.cos(math.pi * done)))

    # The loop ------------------------------------------------------------------------------

    def train(self, until: int | None = None) -> student.Encoder:
        """Trains to the end (or to step `until`), resuming from the folder's checkpoint."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._resume():
            self._enter(0)
        saved = time.monotonic()
        while self.step < (until or self.options.steps):
            if self.step >= self.ends[self.stage]:
                self._save_student(f"stage{self.stage}.pt")
                self._enter(self.stage + 1)
            self._one_step()
            if time.monotonic() - saved > self.options.checkpoint_seconds:
                self.save()
                saved = time.monotonic()
        self.save()
        self._save_student("student.pt")
        self.model.compile_layers(False)
        return self.model

    def _one_step(self):
        options = self.options
        batch = self.batches.at(self.step, options.device)
        with torch.no_grad():
            theirs = self.teacher(*batch, dtype=options.dtype)
        self.model.train()
        ours = self.model(*batch, dtype=options.dtype)
        parts = losses.all_losses(ours, theirs, batch[1], self.references, options.dtype)
        loss = losses.total(parts, options.loss)
        if not math.isfinite(float(loss.detach())):
            raise Diverged(f"the loss is {float(loss):g} at step {self.step}: lower --rate, or "
                           "use more bits")
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), options.clip)
        if not math.isfinite(float(norm)):
            raise Diverged(f"the gradient is {float(norm):g} at step {self.step}: lower --rate, or "
                           "use more bits")
        factor = self._factor()
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * factor
        self.optimizer.step()
        self.history.append([float(v.detach()) for v in (loss, *parts.values())])
        self.step += 1
        self.progress(self.step, self.history[-1][0])

    # Checkpoints ---------------------------------------------------------------------------

    @property
    def _path(self):
        return self.folder / "checkpoint.pt"

    def _identity(self):
        """What must be equal for a checkpoint to be continued."""
        return repr((_RECIPE, self.widths, self.shape, self.teacher.shape, self.options, self.plan,
                     self._origin))

    def save(self) -> None:
        """Writes beside and renames, so that a crash leaves the older checkpoint whole."""
        partial = self._path.with_suffix(".partial")
        torch.save({"identity": self._identity(), "step": self.step, "stage": self.stage,
                    "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(),
                    "random": _random_state(), "history": self.history}, partial)
        os.replace(partial, self._path)

    def _resume(self):
        if not self._path.exists():
            return False
        state = torch.load(self._path, map_location=self.options.device)
        if state["identity"] != self._identity():
            raise ValueError(f"{self._path} is of another run; remove it, or name another --work")
        self._enter(state["stage"], fresh=False)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"]["cpu"].cpu())
        if state["random"]["cuda"]:
            torch.cuda.set_rng_state_all([s.cpu() for s in state["random"]["cuda"]])
        self.step, self.history = state["step"], state["history"]
        return True

