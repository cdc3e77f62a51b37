# SPDX-License-Identifier: Apache-2.0
"""Named models, and the cache that makes the second request instant."""

import hashlib
import importlib
import pathlib
from collections.abc import Mapping

import filelock

_HERE = pathlib.Path(__file__).parent
_READERS = {"__main__.py", "compare.py", "oracle.py", "registry.py"}  # they make no bytes
_TINY = {"layers": 2, "hidden": 128, "heads": 2, "intermediate": 512}
_BASE = {"layers": 12, "hidden": 768, "heads": 12, "intermediate": 3072}
_TEST = {"layers": 1, "hidden": 32, "heads": 2, "intermediate": 64, "vocab": 97, "positions": 64}
_W1A4 = {"weights": 1, "activations": 4}

# name -> (module, options)
MODELS: dict[str, tuple[str, dict]] = {
    "minilm-w8a8": ("quantized_minilm", {"layers": 6}),
    "minilm-layer-w8a8": ("quantized_minilm", {"layers": 1}),
    "minilm-layer-w8a8-opset14": ("quantized_minilm", {"layers": 1, "opset": 14}),
    "minilm-float": ("minilm", {"layers": 6}),
    "bert-tiny-w1a4": ("random_bert", _TINY | _W1A4),
    "bert-base-w1a4": ("random_bert", _BASE | _W1A4),
    "bert-base-w1a4-relu": ("random_bert", _BASE | _W1A4 | {"function": "relu"}),
    "bert-base-w8a8": ("random_bert", _BASE | {"weights": 8, "activations": 8}),
    "bert-test-w1a4": ("random_bert", _TEST | _W1A4),
    "bert-test-w8a8": ("random_bert", _TEST | {"weights": 8, "activations": 8}),
    "bert-test-w2a3": ("random_bert", _TEST | {"weights": 2, "activations": 3, "move": True,
                                               "per_channel": True, "function": "relu"}),
}


def _build(module, options):
    loaded = importlib.import_module(f"tools.models.{module}")
    if module == "random_bert":
        return loaded.make(loaded.BertConfig(**options))
    return (loaded.export if module == "minilm" else loaded.make)(**options)


def recipe_key(module: str, options: Mapping[str, object]) -> str:
    """Changes with the recipe: the sources, the texts, the packages and the options."""
    digest = hashlib.sha256(f"{module} {sorted(options.items())}".encode())
    makers = [p for p in _HERE.glob("*.py") if p.name not in _READERS]
    recipe = [*makers, _HERE / "calibration.txt", _HERE / "../python/requirements.txt"]
    if module == "quantized_minilm":
        recipe += importlib.import_module("tools.models.quantized_minilm").sources()
    for path in sorted(recipe):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make(name: str, folder: str | pathlib.Path, module: str | None = None,
         options: Mapping[str, object] | None = None) -> pathlib.Path:
    """Path of <folder>/<name>.onnx, made unless the file there came from the same recipe. Processes
    that ask for one name at a time wait for the first."""
    if module is None:
        module, options = MODELS[name]
    options = options or {}
    path = pathlib.Path(folder) / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(path.with_suffix(".lock")):
        _make_unless_fresh(path, module, options)
    return path


def _make_unless_fresh(path: pathlib.Path, module: str, options: Mapping[str, object]) -> None:
    stamp = path.with_suffix(".key")
    key = recipe_key(module, options)
    if path.exists() and stamp.exists() and stamp.read_text() == key:
        return
    stamp.unlink(missing_ok=True)
    data = _build(module, options).SerializeToString(deterministic=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)
    stamp.write_text(key)
