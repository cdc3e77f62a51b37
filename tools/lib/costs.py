# SPDX-License-Identifier: Apache-2.0
"""Predicted costs of models and network profiles, one line each: what a change does to them."""

import argparse
import difflib
import json
import subprocess
import sys
import tempfile

from tools.lib import private_run
from tools.models import registry

GOLDEN = private_run.ROOT / "test/costs.golden"

# model, tokens, options of mpcc compile
ROWS = (
    ("bert-test-w1a4", 16, ()),
    ("bert-test-w2a3", 16, ()),
    ("bert-test-w8a8", 16, ()),
    ("bert-tiny-w1a4", 16, ()),
    ("bert-tiny-w1a4", 16, ("--lowering", "paper", "--allow-leak", "rounding-coins")),
    ("bert-tiny-w1a4", 128, ()),
    ("minilm-layer-w8a8", 16, ()),
    ("minilm-layer-w8a8", 16, ("--net", "wan")),
    ("minilm-w1a4", 16, ()),
    ("minilm-w1a4", 16, ("--net", "lan")),
    ("minilm-w1a4", 16, ("--net", "wan")),
    ("minilm-w1a4", 16, ("--net", "wan", "--uplink", "bw=100mbit")),
)
_COUNTS = ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes", "setup_bytes")
_HEAD = ("# Written by tools/costs; a test compares it. Rounds; bytes from P1 to P2, from P2 to\n"
         "# P1, of material and of the set-up; model, tokens and options of mpcc compile.\n")


def _file(model):
    kept = private_run.ROOT / "models" / f"{model}.onnx"
    return kept if kept.is_file() else registry.make(model, private_run.ROOT / ".cache/models")


def line(model: str, tokens: int, options: tuple[str, ...]) -> str:
    """The counts of the plans of a model, and what they are of."""
    with tempfile.TemporaryDirectory() as folder:
        private_run.compile_model(_file(model), folder, tokens, *options)
        plan = f"{folder}/party2.plan"
        done = subprocess.run([private_run.BIN / "mpcc", "inspect", plan, "--json"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    cost = json.loads(done.stdout)["programs"][0]["cost"]
    counts = " ".join(f"{cost[name]:>10}" for name in _COUNTS)
    return f"{counts}  {' '.join((model, str(tokens), *options))}\n"


def difference() -> str:
    """How the file differs from what the compiler says now; empty if it does not."""
    now = [*_HEAD.splitlines(keepends=True), *(line(*row) for row in ROWS)]
    before = GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, now, "test/costs.golden", "now", n=0))


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/costs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    if parser.parse_args().check:
        found = difference()
        sys.stdout.write(found)
        return 1 if found else 0
    GOLDEN.write_text(_HEAD + "".join(line(*row) for row in ROWS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
