# SPDX-License-Identifier: Apache-2.0
"""The bundled programs: as commands, and for this module."""

import importlib
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from typing import NoReturn

from . import errors
from ._options import in_python
from ._runtime import VERSION
from ._waiting import Progress, interruptible

FOLDER = pathlib.Path(__file__).parent / "bin"


def _become(name: str) -> NoReturn:
    program = str(FOLDER / name)
    os.execv(program, [program, *sys.argv[1:]])


def mpcc() -> NoReturn:
    _become("mpcc")


def _with_texts(name: str) -> NoReturn:
    """The program, which takes token ids, and here texts too."""
    texts = importlib.import_module("mpcc._text_programs")  # tools/lib/text_programs.py
    sys.exit(texts.main(FOLDER / name, sys.argv[1:]))


def mpcc_local() -> NoReturn:
    _with_texts("mpcc-local")


def mpcc_party() -> NoReturn:
    _with_texts("mpcc-party")


# What the extra `train` brings.
_TRAINING = ("matplotlib", "onnx", "onnxruntime", "rich", "tokenizers", "torch", "transformers")


def mpcc_train() -> None:
    """Distils a BERT into few bits: tools/quantize, as a process of its own."""
    if sys.argv[1:] == ["--version"]:
        print("mpcc-train", VERSION)
        return
    missing = [name for name in _TRAINING if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"error: {', '.join(missing)} is missing: pip install 'mpcc[train]'")
    os.environ.setdefault("MPCC_BIN", str(FOLDER))
    sys.path.insert(0, str(pathlib.Path(__file__).parent / "_train"))
    main = importlib.import_module("tools.quantize.__main__").main
    main(program="mpcc-train")


def _problems(lines: Sequence[str], severity: str) -> list[str]:
    """Messages of one severity, each with the notes that follow it."""
    found: list[str] = []
    ours = False
    for line in lines:
        if line.startswith("  note: ") and ours:
            found[-1] += "\n" + line
        else:
            ours = line.startswith(severity + ": ")
            if ours:
                found.append(line.removeprefix(severity + ": "))
    return found


class _Ending:
    """Ends a program."""

    def __init__(self, process: subprocess.Popen):
        self._process = process

    def request(self) -> None:
        self._process.kill()


def _listen(process: subprocess.Popen, progress: Progress) -> list[str]:
    """Lines of its standard error until it has ended, without those that tell progress."""
    lines: list[str] = []
    for line in process.stderr or ():
        if line.startswith("{") and '"progress"' in line:
            told = json.loads(line)
            what = f"{told['progress']}: {told['part']}" if not told["all"] else told["progress"]
            progress.tell(what, told["done"], told["all"], "")
        else:
            lines.append(line.rstrip("\n"))
    process.wait()
    return lines


def _run(command: Sequence[str | os.PathLike], progress: Progress) -> tuple[int, str, list[str]]:
    """Exit code, standard output, and lines of standard error."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.PIPE, text=True, encoding="utf-8",
                              errors="replace",
                              env=os.environ | {"MPCC_PROGRESS": "json"}) as process:
            lines = interruptible(_Ending(process), _listen, process, progress, progress=progress)
        output.seek(0)
        return process.returncode, output.read(), lines


def run_compiler(*arguments: str | os.PathLike, accepted: Sequence[int] = (0,),
                 show_progress_bar: bool | None = None, stacklevel: int = 3) -> str:
    """Standard output of the program `mpcc`, shown while it works.

    Its warnings become CompilerWarning. Raises CompileError, with what it said, where its exit code
    is not one of `accepted`. A KeyboardInterrupt ends the program too.
    """
    code, said, lines = _run([FOLDER / "mpcc", *arguments], Progress(show_progress_bar))
    for text in _problems(lines, "warning"):
        warnings.warn(in_python(text), errors.CompilerWarning, stacklevel=stacklevel)
    if code not in accepted:
        text = in_python("\n".join(lines)).strip() or f"mpcc ended with exit code {code}"
        problems = [in_python(problem) for problem in _problems(lines, "error")]
        raise errors.CompileError("\n".join(problems) or text, problems)
    return said
