# SPDX-License-Identifier: Apache-2.0
"""Plans: compiling, verifying, costs, files."""

import contextlib
import functools
import json
import operator
import os
import pathlib
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence

from . import _runtime, errors
from ._costs import PROFILES, Costs, costs_of
from ._options import arguments
from ._programs import run_compiler
from ._text import TOKENIZER_FILE, Sample, Tokenizer, samples_of, tokenizer_in, tokenizer_of

_RECORD = "compiled.json"  # beside the plans: the model owner's, as the compiler's notes
_NOTES = "party0.notes.json"
_QUANTIZED = "quantized.onnx"  # a float model's, where the compiler quantized it

Inputs = Iterable[str] | Iterable[Sample]


@contextlib.contextmanager
def _text_file(text: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield file.name


def _sample_file(samples: Sequence[Mapping]) -> contextlib.AbstractContextManager[str]:
    return _text_file("".join(json.dumps(sample) + "\n" for sample in samples))


class Verification:
    """How near the private program is to the model in the clear, on some inputs.

    `answers` has, in the order of the inputs, for each answer the input's index, the result's name,
    cosine, largest difference and values; `report` is the whole of what `mpcc verify --json` says,
    with each site.
    """

    def __init__(self, report: dict):
        self.report = report
        ordered = sorted(report["answers"], key=lambda answer: answer["line"])
        self.answers = [answer | {"input": answer["line"] - 1} for answer in ordered]

    @property
    def least_cosine(self) -> float:
        """Of all answers and results; 1 is best."""
        return min(answer["cosine"] for answer in self.answers)

    @property
    def mean_cosine(self) -> float:
        """Of all answers and results."""
        return sum(answer["cosine"] for answer in self.answers) / len(self.answers)

    def __repr__(self) -> str:
        return (f"{len(self.answers)} answers: cosine least {self.least_cosine:.4f}, "
                f"mean {self.mean_cosine:.4f}")


class Plans:
    """The three plans of a model, in a folder.

    P0's plan is the model in the clear: it stays with the model owner. `compile` and `load` make
    them.
    """

    def __init__(self, folder: str | os.PathLike):
        self.folder = pathlib.Path(folder)
        self._plans: dict[int, _runtime.Plan] = {}
        record = self.folder / _RECORD
        self._record: dict = json.loads(record.read_text()) if record.exists() else {}

    def path(self, party: int) -> pathlib.Path:
        """The file of a party's plan."""
        return self.folder / f"party{party}.plan"

    def plan(self, party: int) -> _runtime.Plan:
        """A party's plan, opened and validated once. Raises NotFound, DataLoss, InvalidArgument."""
        if party not in self._plans:
            self._plans[party] = _runtime.Plan.open(str(self.path(party)))
        return self._plans[party]

    @functools.cached_property
    def tokenizer(self) -> Tokenizer | None:
        """The one that the plans were compiled with: P1's has it."""
        return tokenizer_in(self.plan(1))

    @property
    def report(self) -> str:
        """What the compiler said: which file of a folder it took, how texts' vectors are pooled,
        whether it quantized, what is revealed to whom. Empty where mpcc.compile did not run."""
        return self._record.get("report", "")

    @property
    def seq_lens(self) -> list[int]:
        """Token ids that each program holds, ascending."""
        return [program.sequence_length for program in self.plan(1).programs]

    def cost(self, networks: Mapping[str, str] | Iterable[str] = PROFILES,
             uplink: str = "") -> Costs:
        """What an inference costs, by program; seconds are what the links alone take.

        `networks` names profiles, or has by name what `mpcc inspect --net` takes:
        {"office": "rtt=4ms,bw=400mbit"}. `uplink` is that of P0: "bw=100mbit".
        """
        named = dict(networks) if isinstance(networks, Mapping) else {n: n for n in networks}
        return costs_of(self.plan(1), named, uplink)

    def verify(self, texts: Inputs, *, each_site: bool = False,
               model: str | os.PathLike | None = None, truncation: bool = False,
               show_progress_bar: bool | None = None) -> Verification:
        """Compares the private program with the model in the clear, on texts or samples of ids.

        `each_site` feeds every site what the file has there. `model` names the ONNX file where it
        is no longer where it was compiled from. Texts longer than the longest program are refused,
        or cut if `truncation` is asked for. `show_progress_bar` is as of `compile`. Raises
        InvalidArgument for inputs that do not fit, and CompileError.
        """
        source = self._source() if model is None else [model]
        if not source:
            raise errors.InvalidArgument(
                f"{self.folder}: no record of the model that these plans were compiled from: give "
                "model=, or compile with mpcc.compile")
        samples = samples_of(texts, self.tokenizer, self.seq_lens[-1], truncation)
        if not samples:
            raise errors.InvalidArgument("nothing to verify with: give texts, one is enough")
        options = [*self._record.get("options", []), *arguments(each_site=each_site)]
        with contextlib.ExitStack() as stack:
            if calibration := self._record.get("calibrate"):
                options += arguments(calibrate=stack.enter_context(_sample_file(calibration)))
            inputs = stack.enter_context(_sample_file(samples))
            text = run_compiler("verify", *source, "--inputs", inputs, "--json", "--least", "-1",
                                *options, show_progress_bar=show_progress_bar)
        return Verification(json.loads(text))

    def _source(self) -> list[str | os.PathLike]:
        """The model that was compiled, for a program; empty where there is no record of it."""
        model, file = self._record.get("model"), self._record.get("file")
        quantized = self.folder.absolute() / _QUANTIZED if self._record.get("quantized") else None
        if model is None or (quantized and not pathlib.Path(model).is_dir()):
            return [quantized] if quantized else []
        return [model, *arguments(file=quantized or file)]

    def save(self, folder: str | os.PathLike) -> "Plans":
        """Copies the plans, with what `verify` needs, into a folder, which is made if need be."""
        target = pathlib.Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name in [*(self.path(party).name for party in range(3)), _RECORD, _NOTES,
                     _QUANTIZED]:
            if (self.folder / name).exists():
                shutil.copy2(self.folder / name, target / name)
        return Plans(target)

    def __repr__(self) -> str:
        return f"Plans({str(self.folder)!r}, seq_lens={self.seq_lens})"


def load(folder: str | os.PathLike) -> Plans:
    """The plans that `compile`, `save` or the program `mpcc compile` left in a folder.

    Raises NotFound where one is missing, DataLoss where one is damaged.
    """
    plans = Plans(folder)
    missing = [plans.path(party).name for party in range(3) if not plans.path(party).is_file()]
    if missing:
        raise errors.NotFound(f"{plans.folder}: no {', '.join(missing)} there: name the folder "
                              "that compile or save was given")
    for party in range(3):
        plans.plan(party)
    return plans


def _lengths(seq_len: int | Iterable[int] | None) -> list[int]:
    if seq_len is None:
        return []
    listed: list = [seq_len]
    if isinstance(seq_len, Iterable) and not isinstance(seq_len, str):
        listed = list(seq_len)
    try:
        return [operator.index(one) for one in listed]
    except TypeError as error:
        raise errors.InvalidArgument(f"seq_len is {seq_len!r}; accepted: a number of tokens, or "
                                     "several such as [16, 64]") from error


def _tokenizer_beside(model: pathlib.Path) -> Tokenizer | None:
    """That of a model's folder."""
    return Tokenizer(model) if (model / TOKENIZER_FILE).is_file() else None


def _stamp(file: pathlib.Path) -> int | None:
    """Changes when the file is written."""
    return file.stat().st_mtime_ns if file.exists() else None


def compile(model: str | os.PathLike, seq_len: int | Iterable[int] | None = None, *,
            calibrate: Inputs | None = None, quantize: bool = False,
            tokenizer: Tokenizer | str | os.PathLike | None = None, truncation: bool = False,
            output: str | os.PathLike | None = None, file: str | os.PathLike | None = None,
            pool: str | None = None, normalize: bool | None = None, results: Iterable[str] = (),
            digits: int | str | Mapping[str, int | str] | None = None, pad_id: int | None = None,
            shapes: Mapping[str, Sequence[int]] | None = None,
            policy: Mapping[str, object] | None = None, net: str | None = None,
            uplink: str | None = None, allow_leak: Iterable[str] = (),
            show_progress_bar: bool | None = None) -> Plans:
    """Compiles an encoder in ONNX into plans for the three parties.

    model: an ONNX file, or a model's folder as sentence-transformers and transformers keep it, with
        a file such as onnx/model.onnx, a tokenizer, and what follows the network (modules.json).
    seq_len: token ids that a program holds, one program for each length.
    calibrate: texts, or dictionaries of ids, like those that will be asked: ranges that the file
        does not have are measured on them. A float model of a folder is quantized with them, too.
    quantize: quantizes a float model to 8 bits as `mpcc quantize` does; needs calibrate.
    tokenizer: a tokenizer.json, or a folder that has one; the model's folder if that has one and
        none is given. P1's plan takes it along, so that P1's side takes text; it is public, as the
        embedding is.
    truncation: cuts texts of calibrate that are longer than the longest program.
    output: the folder for the plans; a temporary one, gone with the result, if not given.
    file: which ONNX file of the folder is meant, if it has several: "onnx/model_quantized.onnx".
    pool, normalize: "mean", "mean_sqrt_len_tokens", "cls" or "none", and whether vectors are
        brought to length 1; as the folder's modules.json says if not given.
    digits: to how many decimal digits after the point results are revealed, or "all"; by name of
        the result if it is a mapping.
    shapes: of inputs by name, {"input_ids": [1, 128]}, where seq_len does not say enough.
    results, pad_id, policy, net, uplink, allow_leak: as `mpcc compile` says.
    show_progress_bar: what is under way is shown on a terminal and in notebooks, after two seconds;
        True: anywhere and at once, False: never.

    `Plans.report` says what the compiler made of it. Raises InvalidArgument for what is no
    tokenizer, text or length, CompileError with the nodes that cannot be taken; warns with
    CompilerWarning.
    """
    tokenizer = tokenizer_of(tokenizer) if tokenizer else _tokenizer_beside(pathlib.Path(model))
    lengths = _lengths(seq_len)
    folder = pathlib.Path(output or tempfile.mkdtemp(prefix="mpcc-plans-"))
    scratch = output is None
    try:
        options = arguments(seq_len=lengths, results=results, digits=digits, policy=policy,
                            pool=pool, pad_id=pad_id, net=net, uplink=uplink, normalize=normalize,
                            shapes=shapes)
        longest = max(lengths, default=None) if truncation else None
        samples = [] if calibrate is None else samples_of(calibrate, tokenizer, longest, truncation)
        before = _stamp(folder / _QUANTIZED)
        with contextlib.ExitStack() as stack:
            more = arguments(
                allow_leak=allow_leak, quantize=quantize, file=file,
                calibrate=stack.enter_context(_sample_file(samples)) if samples else None,
                tokenizer=stack.enter_context(_text_file(tokenizer.text)) if tokenizer else None)
            report = run_compiler("compile", model, f"--output={folder}", *options, *more,
                                  show_progress_bar=show_progress_bar)
        quantized = _stamp(folder / _QUANTIZED) != before
        record = {"model": str(pathlib.Path(model).resolve()), "options": options,
                  "calibrate": samples, "report": report, "quantized": quantized,
                  "file": str(file) if file else None}
        (folder / _RECORD).touch(0o600)
        (folder / _RECORD).write_text(json.dumps(record))
        plans = Plans(folder)
    except BaseException:
        if scratch:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if scratch:
        weakref.finalize(plans, shutil.rmtree, folder, ignore_errors=True)
    return plans


def keygen(folder: str | os.PathLike) -> pathlib.Path:
    """Makes an authority and a certificate with its key for each party, in a folder.

    Each party needs ca.crt and its own two files. Raises FailedPrecondition where some are there
    already.
    """
    target = pathlib.Path(folder)
    if target.exists() and (not target.is_dir() or (target / "ca.crt").exists()):
        raise errors.FailedPrecondition(f"{target} has keys already, or is no folder: name "
                                        "another, or remove the keys if no party uses them")
    target.mkdir(parents=True, exist_ok=True)
    _runtime.generate_keys(str(target))
    return target
