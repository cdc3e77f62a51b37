# SPDX-License-Identifier: Apache-2.0
"""Which lines of what is behind a fuzz target its corpus reaches: a table for docs/testing.md.

tools/check coverage builds the targets with llvm's counters, runs each and calls this. Exit code 1
when a target reaches less than it should.
"""

import argparse
import json
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
_LEAST = 80  # percent of lines

# What stands between bytes and whoever relies on them.
_BEHIND = {
    "fuzz_inputs": ["runtime/base/input_json.cc", "tools/party_io.cc", "runtime/session/bucket.cc"],
    "fuzz_material": ["runtime/material/material_file.cc", "runtime/material/spent_numbers.cc",
                      "runtime/material/used_numbers.cc"],
    "fuzz_messages": ["runtime/net/frame.cc", "runtime/net/handshake.cc",
                      "runtime/net/peer_text.cc", "runtime/session/control.cc"],
    "fuzz_mlir": ["ir", "passes"],
    "fuzz_network": ["runtime/engine", "runtime/protocol"],
    "fuzz_onnx": ["frontend"],
    "fuzz_plan": ["runtime/plan", "runtime/engine", "runtime/protocol"],
    "fuzz_state": ["runtime/session/party_state.cc"],
}


def _tool(name: str) -> str:
    """Of the version that the compiler is of."""
    return shutil.which(f"{name}-14") or name


def _sources(behind: list[str]) -> list[str]:
    found: list[str] = []
    for name in behind:
        path = ROOT / name
        found += map(str, sorted(path.rglob("*.cc")) if path.is_dir() else [path])
    return [file for file in found if not pathlib.Path(file).name.startswith("fuzz_")]


def lines(program: pathlib.Path, profile: pathlib.Path) -> dict[str, tuple[int, int]]:
    """(reached, all) lines of each file behind a target that the program has code of."""
    merged = profile.with_suffix(".profdata")
    subprocess.run([_tool("llvm-profdata"), "merge", "-sparse", profile, "-o", merged], check=True)
    done = subprocess.run([_tool("llvm-cov"), "export", "-summary-only", program,
                           f"-instr-profile={merged}", *_sources(_BEHIND[program.name])],
                          check=True, capture_output=True, text=True)
    counts = {file["filename"]: file["summary"]["lines"]
              for file in json.loads(done.stdout)["data"][0]["files"]}
    return {name: (count["covered"], count["count"]) for name, count in counts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("profiles", type=pathlib.Path)
    options = parser.parse_args()
    low = False
    print("| target | behind it | lines | reached | least reached |\n|---|---|---|---|---|")
    for name, behind in _BEHIND.items():
        profile = options.profiles / f"{name}.profraw"
        if not profile.exists():
            continue
        counts = lines(options.programs / name, profile)
        reached, all_ = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
        worst = sorted(counts, key=lambda file: counts[file][0] - counts[file][1])[:3]
        shown = ", ".join(f"`{pathlib.Path(file).name}` {counts[file][0]} of {counts[file][1]}"
                          for file in worst if counts[file][0] < counts[file][1])
        print(f"| `{name}` | {', '.join(f'`{one}`' for one in behind)} | {all_} | "
              f"{100 * reached / max(all_, 1):.1f} % | {shown} |")
        low |= reached * 100 < _LEAST * all_
    raise SystemExit(low)


if __name__ == "__main__":
    main()
