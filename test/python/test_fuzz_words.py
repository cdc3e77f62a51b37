# SPDX-License-Identifier: Apache-2.0
"""The words that fuzz_mlir puts into files name all that the compiler has."""

import re

import pytest

from tools.lib import private_run


@pytest.mark.parametrize("page, heading", [("ops", r"`(\w+\.\w+)`"), ("passes", r"`-([\w-]+)`")])
def test_the_fuzzers_words_name_each(page, heading):
    text = (private_run.ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    words = (private_run.ROOT / "tools/fuzz_mlir.dict").read_text(encoding="utf-8").splitlines()
    named = re.findall(rf"^###+ {heading}", text, re.MULTILINE)
    assert len(named) > 20
    assert {f'"{name}"' for name in named} <= set(words)
