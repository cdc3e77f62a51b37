# SPDX-License-Identifier: Apache-2.0
"""MiniLM with real weights, quantized by the public tools. Runs in the makers' environment only.

Usage: FLOAT.onnx CALIBRATION.jsonl FOLDER QUANTIZER...
"""

import contextlib
import json
import logging
import os
import pathlib
import sys
import tempfile

import numpy as np

from tools.suite import quantizers


def _feeds(path, padded):
    rows = [json.loads(line) for line in pathlib.Path(path).read_text("utf-8").splitlines()]
    length = max(len(row["input_ids"]) for row in rows)
    pad = [0] * length
    return [{name: np.array([(ids + pad)[:length] if padded else ids], np.int64)
             for name, ids in row.items()} for row in rows]


def main() -> None:
    source, calibration, folder = map(os.path.abspath, sys.argv[1:4])
    logging.disable(logging.WARNING)
    for name in sys.argv[4:]:
        path = f"{folder}/minilm.{name}.onnx"
        with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
            quantizers.QUANTIZERS[name](lambda padded: _feeds(calibration, padded),
                                        source, path)
        print(path, flush=True)


if __name__ == "__main__":
    main()
