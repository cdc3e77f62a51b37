# SPDX-License-Identifier: Apache-2.0
"""What a private run cannot hold that the file can, as `mpcc policy` tells it.

A private run computes the file's quantizers as they are, so a student needs to know nothing else of
it while it learns.
"""

import functools
import json
import subprocess

from torch import Tensor

from tools.lib import private_run

_BITS, _ROW = range(2, 9), 128


@functools.cache
def _policy() -> dict:
    """What the compiler decides by, and what follows for each width, as `mpcc policy` tells."""
    command = [str(private_run.BIN / "mpcc"), "policy", "--json", "--bits",
               ",".join(map(str, _BITS)), "--rows", str(_ROW)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"cannot ask {command[0]} for its policy: {error}; build it first, or "
                           "name its folder in MPCC_BIN") from error
    return json.loads(done.stdout)


def key(name: str) -> float:
    """One of the policy's numbers."""
    return _policy()["policy"][name]


@functools.cache
def score(bits: int) -> float:
    """Largest score that the softmax takes with the compiler's margin, in nats, to 128 tokens."""
    found = next(s for s in _policy()["softmax"] if (s["bits"], s["row"]) == (bits, _ROW))
    return found["largest_score"] / key("range-margin")


def excess_penalty(x: Tensor, limit: float) -> Tensor:
    """Square of what exceeds `limit`, summed and per batch element."""
    return ((x.abs() - limit).clamp_min(0) ** 2).sum() / x.shape[0]
