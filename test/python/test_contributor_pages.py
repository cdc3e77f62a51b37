# SPDX-License-Identifier: Apache-2.0
"""The pages for contributors name what is there, and tests have what they promise."""

import re

import pytest

from tools.lib import private_run

_ROOT = private_run.ROOT


def _page(name):
    return (_ROOT / f"docs/{name}.md").read_text(encoding="utf-8")


def _headers(*folders):
    return (path.read_text(encoding="utf-8") for folder in folders
            for path in sorted((_ROOT / folder).rglob("*.h")))


def test_the_architecture_names_each_attribute():
    attributes = {name for text in _headers("ir", "passes", "frontend", "codegen")
                  for name in re.findall(r'StringLiteral k\w+ = "((?:nn|mpc)\.\w+)"', text)}
    rows = "".join(re.findall(r"^\| `.*", _page("architecture"), re.MULTILINE))
    assert len(attributes) > 20
    assert attributes <= set(re.findall(r"`((?:nn|mpc)\.\w+)`", rows))


@pytest.mark.parametrize("stage", ["ir", "passes", "runtime"])
def test_the_architecture_names_each_folder(stage):
    listed = re.search(r"## Folders\n\n```\n(.*?)```", _page("architecture"), re.DOTALL).group(1)
    for folder in (_ROOT / stage).iterdir():
        if folder.is_dir() and any(folder.glob("*.cc")):
            assert re.search(rf"\b{folder.name}\b", listed), folder


@pytest.mark.parametrize("page, least", [("adding-an-op", 13), ("adding-a-pass", 6)])
def test_the_files_of_its_steps_are_there(page, least):
    named = re.findall(r"^\|.*?`((?:ir|passes|runtime|codegen)/[\w/*.<>]+)`", _page(page),
                       re.MULTILINE)
    assert len(named) >= least
    for name in named:
        assert any(_ROOT.glob(name.replace("<family>", "*"))), name


@pytest.mark.parametrize("dialect", ["mpc", "nn"])
def test_each_operation_parses_and_prints_in_a_test(dialect):
    tests = "".join(path.read_text(encoding="utf-8")
                    for path in (_ROOT / f"test/ir/{dialect}").glob("*.mlir")
                    if not path.name.startswith("invalid"))
    names = re.findall(rf"^###+ `({dialect}\.\w+)`", _page("ops"), re.MULTILINE)
    assert len(names) > 20
    assert set(names) <= set(re.findall(rf"\b{dialect}\.\w+", tests))


def test_each_constraint_of_the_protocol_has_a_test():
    tags = {tag for path in (_ROOT / "ir/mpc").glob("*.cc")
            for tag in re.findall(r"// (\w+_c\d+)\b", path.read_text(encoding="utf-8"))}
    broken = {name for path in (_ROOT / "test/ir/mpc").glob("invalid_*.mlir")
              for name in re.findall(r"@(\w+_c\d+)", path.read_text(encoding="utf-8"))}
    assert len(tags) > 30
    assert tags <= broken
