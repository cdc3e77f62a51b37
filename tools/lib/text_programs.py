# SPDX-License-Identifier: Apache-2.0
"""mpcc-local and P1's mpcc-party, which know token ids only, with texts.

{"text": "..."} or {"text": ["...", "..."]} may stand where token ids may, in files and in lines,
and mpcc-local takes --text. Texts go through the tokenizer of P1's plan; what is no text passes as
it is. The program answers, and refuses what is too long, in the order of the questions.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, BinaryIO, NoReturn


class Ids:
    """Questions in text to questions in ids."""

    def __init__(self, tokenizer: str, longest: int | None):
        """Of the text of a tokenizer.json; longer texts are cut to `longest` ids if it is given."""
        import tokenizers

        try:
            self._tokenizer = tokenizers.Tokenizer.from_str(tokenizer)
        except Exception as error:  # the library raises plain Exception
            raise ValueError(f"the tokenizer is none: {error}; name a tokenizer.json") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if longest:
            self._tokenizer.enable_truncation(longest)

    def of(self, texts: Sequence[str]) -> str:
        """A batch of one row for each text, as a line of JSON."""
        encoded = self._tokenizer.encode_batch(list(texts))
        inputs = {"input_ids": [one.ids for one in encoded],
                  "attention_mask": [one.attention_mask for one in encoded]}
        types = [one.type_ids for one in encoded]
        # Zeros stand for types that are not given, and not every model takes types.
        return json.dumps(inputs | ({"token_type_ids": types} if any(map(any, types)) else {}))

    def instead(self, question: bytes) -> bytes:
        """The question in ids, if it is one in text; what else it is stays."""
        texts = _texts_in(question)
        return self.of(texts).encode() if texts else question


def _texts_in(question: bytes) -> list[str]:
    try:
        parsed = json.loads(question)
    except ValueError:  # the program says what it is
        return []
    if not isinstance(parsed, dict) or list(parsed) != ["text"]:
        return []
    texts = parsed["text"] if isinstance(parsed["text"], list) else [parsed["text"]]
    return texts if all(isinstance(text, str) for text in texts) else []


def _said_of(named: str, folder: pathlib.Path, option: str) -> str:
    """What `mpcc inspect` prints of a plan, or of a model's folder."""
    done = subprocess.run([folder / "mpcc", "inspect", named, option], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise ValueError(done.stderr.strip().removeprefix("error: "))
    return done.stdout


def _named_tokenizer(named: str, folder: pathlib.Path) -> str:
    path = pathlib.Path(named)
    if path.is_file():
        return path.read_text(encoding="utf-8", errors="replace")
    text = _said_of(named, folder, "--tokenizer") if path.is_dir() else ""
    if not text:
        raise ValueError(f"{path}: no tokenizer is there; --tokenizer names a tokenizer.json, or a "
                         "folder that has one")
    return text


def _open(plan: str, folder: pathlib.Path, given: argparse.Namespace) -> Ids | None:
    """None where there is no tokenizer."""
    text = _named_tokenizer(given.tokenizer, folder) if given.tokenizer else _said_of(
        plan, folder, "--tokenizer")
    if not text.strip():
        return None
    programs = json.loads(_said_of(plan, folder, "--json"))["programs"] if given.truncate else []
    return Ids(text, programs[-1]["sequence_length"] if programs else None)


def _in_memory(content: bytes) -> str:
    """The name of a file that the program inherits and no disk ever holds."""
    descriptor = os.memfd_create("ids", 0)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    return f"/proc/self/fd/{descriptor}"


def _file_of_ids(path: str, ids: Ids) -> str:
    content = pathlib.Path(path).read_bytes()
    instead = ids.instead(content)
    return path if instead == content else _in_memory(instead)


def _pump(ids: Ids, to: BinaryIO) -> None:
    try:
        for line in sys.stdin.buffer:
            to.write(ids.instead(line.rstrip(b"\n")) + b"\n")
            to.flush()
        to.close()
    except BrokenPipeError:  # the program ended, which is what is waited for
        pass


def _serve(command: Sequence[str], ids: Ids) -> int:
    """Runs the program with lines of standard input in ids; its exit code."""
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        assert child.stdin
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: child.send_signal(number))
        threading.Thread(target=_pump, args=(ids, child.stdin), daemon=True).start()
        code = child.wait()
        os._exit(128 - code if code < 0 else code)  # the pump may wait for a line for ever


# What the programs take here beside their own options, and what --help, the manual page and
# completion say of it.
_TITLE = "texts, where P1's plan has a tokenizer"
_TOKENIZER: dict[str, dict[str, Any]] = {
    "--tokenizer": {"help": "a tokenizer.json, or a model's folder, in place of the plan's"},
    "--truncate": {"action": "store_true",
                   "help": "cut texts that are too long instead of refusing them"}}
_OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "mpcc-local": {"--text": {"action": "append", "default": [], "help": "a text to ask"},
                   **_TOKENIZER},
    "mpcc-party": _TOKENIZER}


def _manual(said: str, options: dict[str, dict[str, Any]]) -> str:
    entries = [f".TP\n\\fB{name}\\fR\n{more['help']}\n".replace("-", "\\-")
               for name, more in options.items()]
    return f"{said}.SH {_TITLE.upper()}\n{''.join(entries)}"


def _completion(said: str, options: dict[str, dict[str, Any]]) -> str:
    return said.replace("local words='", f"local words='{' '.join(options)} ", 1)


_MANNERS = {"--man": _manual, "--completion": _completion}


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, usage=argparse.SUPPRESS)
    texts = parser.add_argument_group(_TITLE)
    for option, described in _OPTIONS[name].items():
        texts.add_argument(option, **described)
    local = name == "mpcc-local"
    names = ("--plans", "--input") if local else ("--role", "--plan", "--input")
    for name in names:
        more: dict[str, Any] = {"nargs": "+", "action": "extend"} if name == "--input" else {}
        parser.add_argument(name, help=argparse.SUPPRESS, **more)
    return parser


def _options(given: argparse.Namespace, *names: str) -> list[str]:
    """Those of the program itself, as they were."""
    values = {name: getattr(given, name) for name in names}
    return [part for name, value in values.items() if value for part in (
        f"--{name}", *(value if isinstance(value, list) else [value]))]


def _become(program: pathlib.Path, arguments: Sequence[str]) -> NoReturn:
    os.execv(program, [str(program), *arguments])


def _local(program: pathlib.Path, given: argparse.Namespace, rest: list[str]) -> NoReturn:
    ids = _open(f"{given.plans}/party1.plan", program.parent, given) if given.plans else None
    if given.text and not ids:
        raise ValueError("the plan has no tokenizer: compile with --tokenizer, or name one here")
    if ids:
        given.input = [_file_of_ids(path, ids) for path in given.input or []]
        if given.text:
            given.input.append(_in_memory(ids.of(given.text).encode()))
    _become(program, [*_options(given, "plans", "input"), *rest])


def _party(program: pathlib.Path, given: argparse.Namespace, rest: list[str]) -> int:
    asks = given.role == "1" and given.plan and {"serve", "run"} & set(rest)
    ids = _open(given.plan, program.parent, given) if asks else None
    if ids and given.input:
        given.input = [_file_of_ids(path, ids) for path in given.input]
    # What belongs to `run` stands behind it.
    command = [*_options(given, "role", "plan"), *rest, *_options(given, "input")]
    if ids and "serve" in rest:
        return _serve([str(program), *command], ids)
    _become(program, command)


def _tell(text: str) -> int:
    """Prints it; not 0 if whoever read it has gone, as `head` does."""
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        # What is buffered goes there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return 0


def main(program: pathlib.Path, arguments: Sequence[str]) -> int:
    """Runs mpcc-local or mpcc-party, with these arguments; its exit code, if it returns."""
    local = program.name == "mpcc-local"
    parser = _parser(program.name)
    for flag in _MANNERS.keys() & set(arguments):
        said = subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, check=False)
        return _tell(_MANNERS[flag](said.stdout, _OPTIONS[program.name])) or said.returncode
    if {"-h", "--help"} & set(arguments):
        done = subprocess.run([program, *arguments], check=False)
        return _tell(f"\n{parser.format_help()}\n") or done.returncode
    given, rest = parser.parse_known_args(arguments)
    try:
        return (_local if local else _party)(program, given, rest)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    named = pathlib.Path(sys.argv[1])
    if not named.is_absolute():
        from tools.lib import private_run

        named = private_run.BIN / named
    sys.exit(main(named, sys.argv[2:]))
