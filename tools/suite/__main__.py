# SPDX-License-Identifier: Apache-2.0
"""Makes the suite's files and their index: tools/make-suite [--out DIR] [NAME...]"""

import argparse
import contextlib
import functools
import json
import logging
import os
import pathlib
import tempfile

import onnx

from tools.suite import brevitas_files, cases, exporters, families, quantizers, shorten

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / "test/suite"


def _write(case, path):
    if case.quantizer.startswith("brevitas"):
        brevitas_files.make(case.family, 4 if "4-bit" in case.quantizer else 8,
                            "qonnx" in case.quantizer, case.opset, path)
    elif case.quantizer == "mpcc":
        exporters.export(case.family, case.exporter, case.opset, path)
    else:
        source = path.with_suffix(".float.onnx")
        exporters.export(case.family, case.exporter, case.opset, source)
        feeds = functools.partial(families.feeds, case.family)
        quantizers.QUANTIZERS[case.quantizer](feeds, str(source), str(path))


def make(case: cases.Case) -> onnx.ModelProto:
    """The model of a case, with short names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        path = pathlib.Path(folder) / "model.onnx"
        _write(case, path)
        return shorten.shorten(onnx.load(path))


def entry(case: cases.Case, size: int) -> dict[str, object]:
    """What index.json says of a case."""
    tokens = families.tokens(case.family)
    return {"file": case.name + ".onnx", "family": case.family, "exporter": case.exporter,
            "opset": case.opset, "quantizer": case.quantizer, "inputs": list(tokens.names),
            "first": tokens.first, "last": tokens.last, "pad": tokens.pad, "bytes": size}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools/make-suite", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of names; all files if there is none")
    parser.add_argument("--out", type=pathlib.Path, default=SUITE)
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    args.out.mkdir(parents=True, exist_ok=True)
    index = []
    for case in cases.cases():
        path = args.out / f"{case.name}.onnx"
        if not args.names or any(name in case.name for name in args.names):
            onnx.save(make(case), path)
            print(f"{os.path.getsize(path):7} {path.name}", flush=True)
        if path.exists():
            index.append(entry(case, os.path.getsize(path)))
    text = "[\n" + ",\n".join(map(json.dumps, index)) + "\n]\n"
    (args.out / "index.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
