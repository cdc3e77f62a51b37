# SPDX-License-Identifier: Apache-2.0
"""The bundled programs: as commands, and for this module."""

import importlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

from . import errors

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
    missing = [name for name in _TRAINING if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"mpcc-train: {', '.join(missing)} is missing: pip install 'mpcc[train]'")
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


def run_compiler(*arguments: str | os.PathLike, accepted: Sequence[int] = (0,),
                 stacklevel: int = 3) -> str:
    """Standard output of the program `mpcc`.

    Its warnings become CompilerWarning. Raises CompileError, with what it said, where its exit code
    is not one of `accepted`. A KeyboardInterrupt ends the program too.
    """
    command = [FOLDER / "mpcc", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          encoding="utf-8", errors="replace", check=False)
    lines = done.stderr.splitlines()
    for text in _problems(lines, "warning"):
        warnings.warn(text, errors.CompilerWarning, stacklevel=stacklevel)
    if done.returncode not in accepted:
        text = done.stderr.strip() or f"mpcc ended with exit code {done.returncode}"
        problems = _problems(lines, "error")
        raise errors.CompileError("\n".join(problems) or text, problems)
    return done.stdout
