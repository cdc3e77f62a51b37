# SPDX-License-Identifier: Apache-2.0
"""A container file's stages in trees of Debian, step by step."""

import json
import pathlib
import re
import shlex

from tools.lib import roots

_BASES = {"debian:bookworm-slim": "bookworm"}


def _instructions(text):
    """(name, rest) of each, with lines joined; comments go."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def _run(root, rest, context):
    """A RUN, where the context may be mounted."""
    mounted = re.match(r"--mount=type=bind,source=\.,target=(\S+)\s+", rest)
    if mounted:
        root.put(context, mounted.group(1))
        rest = rest[mounted.end():]
    root.run("sh", "-c", rest, online=True)
    if mounted:
        root.run("rm", "-r", mounted.group(1))


def build(file: pathlib.Path, context: pathlib.Path, folder: pathlib.Path) -> dict:
    """Images by the name of their stage: "layers", and what USER, ENTRYPOINT and so on say."""
    images: dict[str, dict] = {}
    for name, rest in _instructions(file.read_text(encoding="utf-8")):
        if name == "FROM":
            of, _, stage = rest.split()
            layers = roots.base(_BASES[of])
            root = roots.Root(layers, folder / stage)
            root.write("/etc/hosts", "")  # which a container's runtime fills
            image = images[stage] = {"layers": f"{folder / stage}/upper:{layers}", "VOLUME": []}
        elif name == "RUN":
            _run(root, rest, context)
        elif name == "VOLUME":
            image[name].append(rest)
        elif name == "HEALTHCHECK":
            image[name] = json.loads(rest.partition("CMD ")[2])
        elif name in ("ENTRYPOINT", "CMD"):
            image[name] = json.loads(rest)
        elif name == "USER":
            image[name] = rest
        else:
            raise ValueError(f"{name} {shlex.quote(rest)}: is not imitated")
    return images
