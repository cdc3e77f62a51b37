# SPDX-License-Identifier: Apache-2.0
"""The suite's verdicts as tables, one for each way to sort the files."""

import json
import pathlib

BEGIN, END = "<!-- made by tools.suite.matrix -->", "<!-- end -->"

_TITLES = {"quantizer": "Quantizer", "family": "Family", "exporter": "Exporter"}
_COLUMNS = ("files", "broken", "accepted", "right", "unstable", "warned")


def _counts(files, verdicts, warned):
    found = [verdicts.get(file.name, "right") for file in files]
    broken = found.count("broken")
    return {"files": len(files), "broken": broken,
            "accepted": len(files) - broken - found.count("refused"),
            "right": found.count("right"), "unstable": found.count("unstable"),
            "warned": sum(f.name in warned for f in files)}


def _table(files, verdicts, warned, field):
    values = dict.fromkeys(getattr(file, field) for file in files)
    rows = {value: [f for f in files if getattr(f, field) == value] for value in values}
    if field == "quantizer":
        rows["all"] = files
    lines = [f"| {_TITLES[field]} | " + " | ".join(_COLUMNS) + " |",
             "|---|" + "--:|" * len(_COLUMNS)]
    for value, own in rows.items():
        counts = _counts(own, verdicts, warned)
        lines.append(f"| {value} | " + " | ".join(str(counts[c]) for c in _COLUMNS) + " |")
    return "\n".join(lines)


def tables(files, known):
    """Markdown: by quantizer with the sum, by family, by exporter.

    `known` is test/suite/known.json: by verdict the files that are not right and why, and under
    "warned" those warned of without calibration inputs.
    """
    verdicts = {name: verdict for verdict, names in known.items() if verdict != "warned"
                for name in names}
    return "\n\n".join(_table(files, verdicts, known["warned"], field) for field in _TITLES)


def main():
    """Writes the tables of test/suite into docs/onnx.md."""
    from tools.suite import measure

    root = pathlib.Path(__file__).resolve().parents[2]
    known = json.loads((root / "test/suite/known.json").read_text(encoding="utf-8"))
    document = root / "docs/onnx.md"
    old = document.read_text(encoding="utf-8")
    begin, end = old.index(BEGIN) + len(BEGIN), old.index(END)
    text = tables(measure.read_index(root / "test/suite"), known)
    document.write_text(f"{old[:begin]}\n{text}\n{old[end:]}", encoding="utf-8")


if __name__ == "__main__":
    main()
