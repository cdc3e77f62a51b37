# SPDX-License-Identifier: Apache-2.0
"""What programs are linked with and were built from, with versions: SPDX 2.3 in JSON.

Facts alone: the loader's list of shared libraries (ldd), the headers and archives that the build
notes (ninja), and the package that each file belongs to (dpkg).
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys


def _lines(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def shared_libraries(program):
    """Paths of the libraries that the loader finds for a program."""
    found = re.findall(r"(?:=> |^\s+)(/\S+)", "\n".join(_lines("ldd", program)), re.MULTILINE)
    return {os.path.realpath(path) for path in found}


def build_inputs(build):
    """Headers and archives from outside that the build in a folder used."""
    headers = {line.strip() for line in _lines("ninja", "-C", build, "-n", "-t", "deps")
               if line.startswith("    /")}
    links = " ".join(_lines("ninja", "-C", build, "-n", "-t", "commands"))
    return {os.path.realpath(path)
            for path in headers | set(re.findall(r"(?:^|\s)(/usr/\S+\.a)(?=\s|$)", links))}


def packages(paths):
    """Names (with architecture) of the packages that own files; files of none are left out."""
    both = sorted({form for path in paths for form in (path, path.removeprefix("/usr"))})
    owners = set()
    for first in range(0, len(both), 500):
        for line in _lines("dpkg-query", "--search", *both[first:first + 500]):
            owner, _, path = line.partition(": ")
            if path in both and not line.startswith("diversion"):
                owners.update(owner.split(", "))
    return owners


def versions(names):
    """{package: (name, version, architecture)}"""
    shown = "${binary:Package}\t${Package}\t${Version}\t${Architecture}\n"
    rows = (line.split("\t") for line in
            _lines("dpkg-query", "--show", f"--showformat={shown}", *sorted(names)))
    return {row[0]: tuple(row[1:]) for row in rows}


def _distribution():
    release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r'^ID="?(\w+)"?$', release, re.MULTILINE)
    return found.group(1) if found else "debian"


def _package(name, version, reference=None):
    package = {"SPDXID": "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name,
               "versionInfo": version, "supplier": "NOASSERTION",
               "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
               "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION",
               "copyrightText": "NOASSERTION"}
    if reference:
        package["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER",
                                    "referenceType": "purl", "referenceLocator": reference}]
    return package


def _time():
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.UTC)
    moment = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC) if seconds else now
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def document(version, linked, used):
    """SPDX of mpcc from the packages that it is linked with and of those whose files it used."""
    facts = versions(linked | used)
    if not facts:
        raise SystemExit("linked: dpkg knows none of the files: made on Debian and its kin alone")
    root = _package("mpcc", version) | {"licenseDeclared": "Apache-2.0"}
    found, relations = [root], [["SPDXRef-DOCUMENT", "DESCRIBES", root["SPDXID"]]]
    for package, (name, number, architecture) in sorted(facts.items()):
        locator = f"pkg:deb/{_distribution()}/{name}@{number}?arch={architecture}"
        found.append(_package(name, number, locator.replace("+", "%2B")))
        here = found[-1]["SPDXID"]
        if package in linked:
            relations.append([root["SPDXID"], "DYNAMIC_LINK", here])
        if package in used:
            relations.append([here, "BUILD_DEPENDENCY_OF", root["SPDXID"]])
    content = {"packages": found, "relationships": [
        {"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
        for a, kind, b in relations]}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"mpcc-{version}",
            "documentNamespace": f"https://spdx.org/spdxdocs/mpcc-{version}-{digest}",
            "creationInfo": {"created": _time(), "creators": ["Tool: mpcc-linked"]}, **content}


def main():
    """Writes the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build's folder")
    parser.add_argument("--version", required=True, help="of mpcc")
    parser.add_argument("--out", required=True, help="the file to write")
    parser.add_argument("programs", nargs="+", help="programs and libraries")
    arguments = parser.parse_args()
    libraries = set().union(*(shared_libraries(program) for program in arguments.programs))
    spdx = document(arguments.version, packages(libraries), packages(build_inputs(arguments.build)))
    pathlib.Path(arguments.out).write_text(json.dumps(spdx, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
