# SPDX-License-Identifier: Apache-2.0
"""What a machine can do at best, measured by the parts' own benchmarks."""

import contextlib
import json
import multiprocessing
import pathlib
import subprocess
import tempfile
import time
from collections.abc import Iterator

import numpy as np

from tools.lib import private_run

# What each limit is measured by: program, benchmark, what it counts.
_PARTS = {
    "multiplications_per_second": ("gemm_benchmark", "BM_PackedWeights<uint16_t>/128/768/768",
                                   "MAC"),
    "aes_bytes_per_second": ("prg_benchmark", "BM_Fill/1048576", "bytes_per_second"),
    "exchange_seconds": ("channel_benchmark",
                         "BM_Exchange<OverTls>/bytes:4096/spin_us:50/real_time", "real_time"),
}
_COPIED_BYTES = 1 << 27  # beyond all caches


def _spin() -> None:
    while True:
        pass


@contextlib.contextmanager
def _busy() -> Iterator[None]:
    """A process that wants a processor, as the third party does."""
    process = multiprocessing.get_context("spawn").Process(target=_spin, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _benchmark(program: str, name: str, counted: str) -> float:
    command = [str(private_run.BIN / program), "--benchmark_format=json",
               "--benchmark_min_time=0.1", f"--benchmark_filter=^{name}$"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    result = json.loads(done.stdout)["benchmarks"][0]
    return result[counted] * (1e-9 if counted == "real_time" else 1)


def _memory_bandwidth() -> float:
    """Bytes read and written in a second by a copy, the best of five."""
    source = np.ones(_COPIED_BYTES, np.uint8)
    target = np.zeros_like(source)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - start)
    return 2 * _COPIED_BYTES / min(seconds)


def measure() -> dict[str, float]:
    """Rates of one core, and what an exchange of 4 KiB takes while a third process is busy."""
    limits = {"memory_bytes_per_second": _memory_bandwidth()}
    for key, part in _PARTS.items():
        with _busy() if key == "exchange_seconds" else contextlib.nullcontext():
            limits[key] = _benchmark(*part)
    return limits


def multiplications(plans: pathlib.Path) -> float:
    """What products of matrices take at P1, of the first program of its plan."""
    machine = {"seconds_per_exchange": 0, "deal_seconds_per_byte": 0,
               "seconds_per_unit": {"linear": 1, "matmul": 1}}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(machine, file)
        file.flush()
        found = inspect(plans, "--net", "local", "--machine", file.name)
    return found["predicted"]["compute_seconds"]


def inspect(plans: pathlib.Path, *options: str) -> dict:
    """What `mpcc inspect --json` says of the first program of P1's plan."""
    done = subprocess.run([private_run.BIN / "mpcc", "inspect", plans / "party1.plan", "--json",
                           *options], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout)["programs"][0]


def least_seconds(limits: dict[str, float], products: float, cost: dict) -> dict[str, float]:
    """What an inference would take if nothing but its products, its exchanges, the encryption of
    what is sent and the drawing of what is dealt took time, each at the machine's limit; and
    dealing, if only drawing did."""
    sent = cost["bytes_p1_to_p2"] + cost["bytes_p2_to_p1"]
    return {
        "online": (products / limits["multiplications_per_second"]
                   + cost["rounds"] * limits["exchange_seconds"]
                   + (sent + cost["material_bytes"]) / limits["aes_bytes_per_second"]),
        "dealing": 2 * cost["material_bytes"] / limits["aes_bytes_per_second"],
    }
