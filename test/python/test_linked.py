# SPDX-License-Identifier: Apache-2.0
"""The list of what mpcc is linked with names the packages of this machine, and is SPDX 2.3."""

import json
import shutil
import subprocess
import sys

import pytest

from tools.lib import private_run

_PACKAGE = ("SPDXID", "name", "versionInfo", "downloadLocation", "filesAnalyzed")


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="no packages of Debian's kind")
def test_the_list_is_spdx_with_versions_of_packages(tmp_path):
    subprocess.run(
        [sys.executable, private_run.ROOT / "tools/lib/linked.py", "--build",
         private_run.BIN.parent, "--version", "1.2.3", "--out", tmp_path / "list.json",
         private_run.BIN / "mpcc-party"], check=True)
    spdx = json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))
    assert spdx["spdxVersion"] == "SPDX-2.3" and spdx["dataLicense"] == "CC0-1.0"
    assert spdx["SPDXID"] == "SPDXRef-DOCUMENT" and spdx["creationInfo"]["creators"]
    assert all(field in package for package in spdx["packages"] for field in _PACKAGE)
    by_id = {package["SPDXID"]: package for package in spdx["packages"]}
    assert len(by_id) == len(spdx["packages"])
    found = {"DESCRIBES": set(), "DYNAMIC_LINK": set(), "BUILD_DEPENDENCY_OF": set()}
    for relation in spdx["relationships"]:
        ends = relation["spdxElementId"], relation["relatedSpdxElement"]
        assert all(end in by_id or end == "SPDXRef-DOCUMENT" for end in ends)
        other = ends[0] if relation["relationshipType"] == "BUILD_DEPENDENCY_OF" else ends[1]
        found[relation["relationshipType"]].add(by_id[other]["name"])
    assert found["DESCRIBES"] == {"mpcc"}
    assert {"libssl3", "libc6"} <= found["DYNAMIC_LINK"]
    assert {"libssl-dev", "nlohmann-json3-dev"} <= found["BUILD_DEPENDENCY_OF"]
    shown = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", "libssl3"],
                           capture_output=True, text=True, check=True).stdout
    assert by_id["SPDXRef-Package-libssl3"]["versionInfo"] == shown
