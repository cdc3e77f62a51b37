# SPDX-License-Identifier: Apache-2.0
"""Run by test/python/test_wheel.py, where the wheel is installed and nothing of this tree."""

import os
import shutil
import signal
import warnings

import mpcc
import pytest

MODEL = os.environ["MPCC_TEST_MODEL"]
TOKENIZER = os.environ["MPCC_TEST_TOKENIZER"]

# Shells start what runs in the background with interrupts ignored, which programs that tests start
# and interrupt would inherit; a handler is not inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def compiled():
    """Plans of the shipped model for 8 and 16 tokens, and the warnings that came with them."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        plans = mpcc.compile(MODEL, [8, 16], tokenizer=TOKENIZER)
    return plans, caught


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    """The model in a folder as sentence-transformers keeps it."""
    folder = tmp_path_factory.mktemp("folders") / "all-MiniLM-L6-v2"
    large = shutil.ignore_patterns("*.safetensors")
    shutil.copytree(TOKENIZER, folder, ignore=large)
    (folder / "onnx").mkdir()
    (folder / "onnx/model.onnx").symlink_to(MODEL)
    return folder


@pytest.fixture(scope="session")
def plans(compiled):
    return compiled[0]
