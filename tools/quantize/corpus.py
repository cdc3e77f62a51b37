# SPDX-License-Identifier: Apache-2.0
"""Collects English text for distillation from Debian packages.

Descriptions of all packages, glosses and examples of WordNet, quotations of a dictionary, a FAQ,
handbooks and language documentation: free text on many subjects that any Debian machine can get.
Nothing is installed; packages are unpacked beside the result.
"""

import argparse
import gzip
import hashlib
import html.parser
import pathlib
import re
import subprocess
import sys

import lz4.frame
from rich.progress import track

_PROSE = re.compile(r"[A-Za-z][^\n]{14,}")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z\"'(])")
_HTML = {
    "anarchism": "html/*.html", "debian-handbook": "html/en-US/*.html",
    "debian-reference-en": "**/*.html", "developers-reference": "developers-reference/*.html",
    "gimp-help-en": "**/*.html", "libreoffice-help-en-us": "**/*.html",
    "postgresql-doc-15": "html/*.html", "python3.11-doc": "html/**/*.html",
}


class _Paragraphs(html.parser.HTMLParser):
    """The text of paragraphs, list items and definitions."""

    _BLOCKS = {"p", "li", "dd", "div", "h1", "h2", "h3", "td", "body", "pre", "table", "ul", "dl"}
    _TAKEN = {"p", "li", "dd"}

    def __init__(self):
        super().__init__()
        self.found, self._text, self._stack = [], [], []

    def _flush(self):
        if self._stack and self._stack[-1] in self._TAKEN:
            self.found.append(" ".join("".join(self._text).split()))
        self._text = []

    def handle_starttag(self, tag, attrs):
        if tag in self._BLOCKS:
            self._flush()
            self._stack.append(tag)

    def handle_endtag(self, tag):
        if tag in self._BLOCKS:
            self._flush()
            if tag in self._stack:
                while self._stack.pop() != tag:
                    pass

    def handle_data(self, data):
        self._text.append(data)


# Sources: each yields documents, a document being a list of paragraphs -------------------------


def _download(package, folder):
    """The unpacked package."""
    target = folder / package
    if not target.is_dir():
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        archive = next(folder.glob(package + "_*.deb"))
        partial = target.with_suffix(".partial")  # an interrupted one is not taken for whole
        subprocess.run(["dpkg-deb", "-x", archive, partial], check=True)
        partial.rename(target)
    return target / "usr/share"


def descriptions(folder):
    """What each Debian package is for."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "-o", f"Dir::State::Lists={lists}", "-o", "Acquire::Languages=en",
                    "update"], check=True, stdout=subprocess.DEVNULL)
    for path in sorted(lists.glob("*Translation-en.lz4")):
        for entry in lz4.frame.decompress(path.read_bytes()).decode().split("\n\n"):
            _, _, body = entry.partition("Description-en: ")
            lines = body.split("\n")
            yield [lines[0], *(" ".join(p.split()) for p in "\n".join(lines[1:]).split("\n .\n"))]


def wordnet(folder):
    """Definitions with their words, and example sentences."""
    for path in sorted((_download("wordnet-base", folder) / "wordnet").glob("data.*")):
        for line in path.read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields, _, gloss = line.partition(" | ")
            word = fields.split()[4].replace("_", " ")
            meaning, *examples = re.split(r';\s*"', gloss.strip())
            yield [f"{word}: {meaning}", *(e.strip(' "') for e in examples)]


def dictionary(folder):
    """Definitions and quotations of the Collaborative International Dictionary."""
    path = next(_download("dict-gcide", folder).glob("dictd/*.dict.dz"))
    content = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    for entry in re.split(r"\n(?=\S)", content):
        blocks = (re.sub(r"\[[^\]]*\]|--\S+.*|[{}]|^\s*(\d+\.|\([a-z]\))", " ", b)
                  for b in entry.split("\n\n")[1:])
        yield [" ".join(b.split()) for b in blocks]


def fortunes(folder):
    """Quotations and jokes."""
    for path in sorted((_download("fortunes", folder) / "games/fortunes").glob("*")):
        if not path.suffix and not path.is_symlink():
            for entry in path.read_text(encoding="utf-8", errors="replace").split("\n%\n"):
                yield [" ".join(re.sub(r"--.*", "", entry, flags=re.S).split())]


def handbooks(folder):
    """Documentation in HTML."""
    for package, pattern in _HTML.items():
        for path in sorted(_download(package, folder).rglob(pattern)):
            if path.is_file() and not path.is_symlink():
                parser = _Paragraphs()
                parser.feed(path.read_text(encoding="utf-8", errors="replace"))
                yield parser.found


SOURCES = {f.__name__: f for f in (descriptions, wordnet, dictionary, fortunes, handbooks)}


# Lines ------------------------------------------------------------------------------------------


def _is_prose(text):
    letters = sum(c.islower() or c == " " for c in text)
    return bool(_PROSE.match(text)) and letters > 0.8 * len(text) and "Copyright" not in text


def lines_of(document):
    """Runs of one to five sentences; a hash of the first decides how many."""
    for paragraph in document:
        sentences = _SENTENCE_END.split(paragraph)
        while sentences:
            count = 1 + hashlib.sha256(sentences[0].encode()).digest()[0] % 5
            line, sentences = " ".join(sentences[:count])[:700], sentences[count:]
            if _is_prose(line):
                yield line


def write(folder: pathlib.Path, out: pathlib.Path) -> dict[str, int]:
    """One document after another, empty lines between. Counts by source."""
    counts = {}
    partial = out.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for name, source in track(SOURCES.items(), description="text",
                                  disable=not sys.stderr.isatty()):
            counts[name] = 0
            for document in source(folder):
                lines = list(lines_of(document))
                if lines:
                    file.write("\n".join(lines) + "\n\n")
                    counts[name] += len(lines)
            if not counts[name]:
                raise OSError(f"no text in {name}")
    partial.replace(out)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools/quantize/corpus", description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, default=".cache/quantize/text.txt")
    args = parser.parse_args()
    folder = args.out.resolve().parent / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, count in write(folder, args.out).items():
            print(f"{name:13} {count:8d} lines")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}; the corpus needs Debian's package index and apt-get")


if __name__ == "__main__":
    main()
