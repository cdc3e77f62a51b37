# SPDX-License-Identifier: Apache-2.0
"""Options by Python's names and by those of the programs, for command lines and in messages.

Compiler and runtime say in messages what the programs take, a value behind an equals sign:
`--seq-len=128`. Here that is `seq_len=128`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Arguments = list[str]


def _one(flag: str, value: Any) -> Arguments:
    return [f"{flag}={value}"]


def _joined(flag: str, values: Iterable) -> Arguments:
    text = ",".join(map(str, values))
    return [f"{flag}={text}"] if text else []


def _each(flag: str, values: Iterable) -> Arguments:
    return [f"{flag}={value}" for value in values]


def _named(flag: str, values: Any) -> Arguments:
    if not isinstance(values, Mapping):
        return _one(flag, values)
    return [f"{flag}={name}={value}" for name, value in values.items()]


def _shapes(flag: str, shapes: Mapping) -> Arguments:
    return _named(flag, {name: "x".join(map(str, shape)) for name, shape in shapes.items()})


def _switch(flag: str, value: bool) -> Arguments:
    return [flag] if value else [flag.replace("--", "--no-", 1)]


def _flag(flag: str, value: bool) -> Arguments:
    return [flag] if value else []


def _number(text: str) -> str:
    return text if re.fullmatch(r"\d+", text) else repr(text)


def _lengths(text: str) -> str:
    return f"[{text.replace(',', ', ')}]" if "," in text else text


def _item(text: str) -> str:
    return f"[{text!r}]"


def _mapping(text: str) -> str:
    name, _, value = text.partition("=")
    return f"{{{name!r}: {_number(value) if value else '...'}}}"


def _shape(text: str) -> str:
    name, _, shape = text.partition("=")
    return f"{{{name!r}: [{shape.replace('x', ', ')}]}}"


class _Option(NamedTuple):
    arguments: Callable[[str, Any], Arguments]  # of the program
    shown: Callable[[str], str] = repr          # a value, as Python writes it


# By Python's names; the programs' are the same with hyphens, except those of _FLAGS.
_OPTIONS = {
    "allow_leak": _Option(_each, _item),
    "calibrate": _Option(_one),
    "digits": _Option(_named, _number),
    "each_site": _Option(_flag),
    "file": _Option(_one),
    "net": _Option(_one),
    "normalize": _Option(_switch),
    "pad_id": _Option(_one, _number),
    "policy": _Option(_named, _mapping),
    "pool": _Option(_one),
    "quantize": _Option(_flag),
    "results": _Option(_each, _item),
    "seq_len": _Option(_joined, _lengths),
    "shapes": _Option(_shapes, _shape),
    "tokenizer": _Option(_one),
    "uplink": _Option(_one),
}
_FLAGS = {"results": "--result", "shapes": "--shape"}


def _flag_of(name: str) -> str:
    return _FLAGS.get(name, "--" + name.replace("_", "-"))


_BY_FLAG = {_flag_of(name): name for name in _OPTIONS}

# What is no option of Python's with the same meaning: first those that fit come first.
_PHRASES = [(re.compile(found), said) for found, said in [
    (r"\n?Run with --help for more information\.", ""),
    (r"(?m)^note: --verbose tells each of them\n?", ""),
    (r"`setup --renew`", "set_up(renew=True)"),
    (r"`setup`", "set_up()"),
    (r"run `deal --seq-len=(\d+)` at P0 and P2",
     r"call deal, for the program of \1 tokens, at P0 and store at P2"),
    (r"run `deal` at P0 and P2", "call deal at P0 and store at P2"),
    (r"give certificates, or say `--insecure-network` where nothing is secret", "give keys="),
    (r"pass --overwrite to replace all keys there", "remove those that no party uses"),
    (r"tools/tokenize --max-length N --truncate", "truncation=True"),
    (r"mpcc quantize MODEL --inputs ids\.jsonl -o OUT", "quantize=True with calibrate=texts"),
    (r"mpcc compile (\S+) --output PLANS", r"mpcc.compile(\1)"),
    (r"--output\b", "output="),
    (r"--public-bound[ =]softmax=([\d.]+)", r"policy={'softmax-bound': \1}"),
    (r"--lowering=(\w+)", r"policy={'lowering': '\1'}"),
    (r"--no-normalize\b", "normalize=False"),
]]
_OTHERS_COMMAND = re.compile(r"(optimum-cli [^)]*)")
_OPTION = re.compile(r"(--[a-z][a-z-]*)(?:=([^\s;:)'`]*[^\s;:)'`,.]))?")


def _name_of(match: re.Match) -> str:
    flag, value = match.groups()
    if flag not in _BY_FLAG:
        return match[0]
    name = _BY_FLAG[flag]
    option = _OPTIONS[name]
    if option.arguments in (_flag, _switch):
        return f"{name}=True"
    return name if value is None else f"{name}={option.shown(value)}"


def in_python(text: str) -> str:
    """A message of a program or the runtime, with Python's names of options."""
    for found, said in _PHRASES:
        text = found.sub(said, text)
    parts = _OTHERS_COMMAND.split(text)
    parts[::2] = [_OPTION.sub(_name_of, part) for part in parts[::2]]
    return "".join(parts)


def arguments(**given: Any) -> Arguments:
    """Of a program, for what is given and not None."""
    return [argument for name, value in given.items() if value is not None
            for argument in _OPTIONS[name].arguments(_flag_of(name), value)]
