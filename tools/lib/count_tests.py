# SPDX-License-Identifier: Apache-2.0
"""Counts test cases. Reads DIR/ctest.xml, which names the programs that ctest ran, and
DIR/cases/<program>.xml with the cases of each (and of pytest), all in the JUnit form."""

import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

_NOT_RUN = {"skipped", "suppressed", "notrun", "disabled"}


def _outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or {case.get("result"), case.get("status")} & _NOT_RUN:
        return "skipped"
    return "passed"


def _cases(path):
    """(name, outcome) of each case in a file."""
    return [(f"{case.get('classname')}.{case.get('name')}", _outcome(case))
            for case in ElementTree.parse(path).iter("testcase")]


def _program_cases(folder, name, outcome):
    """The cases of one ctest entry; a program that failed without naming a case is one failure."""
    path = folder / "cases" / f"{name}.xml"
    try:
        cases = _cases(path)
    except (OSError, ElementTree.ParseError):
        return [(name, outcome)]
    if outcome == "failed" and all(o != "failed" for _, o in cases):
        cases.append((f"{name} (ended badly)", "failed"))
    return cases


def main(folder: str | pathlib.Path) -> int:
    folder = pathlib.Path(folder)
    programs = [(case.get("name"), _outcome(case))
                for case in ElementTree.parse(folder / "ctest.xml").iter("testcase")]
    programs.append(("pytest", "passed" if (folder / "cases/pytest.xml").exists() else "failed"))
    cases = [c for name, outcome in programs for c in _program_cases(folder, name, outcome)]
    for name, outcome in cases:
        if outcome == "failed":
            print(f"FAILED {name}")
    counts = collections.Counter(outcome for _, outcome in cases)
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
