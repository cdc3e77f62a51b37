# SPDX-License-Identifier: Apache-2.0
"""`mpcc report`: what its page holds, and how it behaves in a browser (test/browser)."""

import hashlib
import html.parser
import json
import os
import pathlib
import shutil
import stat
import subprocess

import pytest

from tools.lib import private_run

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_BROWSER = _ROOT / ".venv-browser/bin/python"
_HOSTILE = "</script><img src=x onerror='window.hurt=1'><!--&amp;\\u003c\"'"


def _mpcc(*arguments):
    return subprocess.run([private_run.BIN / "mpcc", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)


class _Page(html.parser.HTMLParser):
    """Elements of a page and the text in those that have scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def _report(folder, *arguments):
    """The page and the facts in it."""
    done = _mpcc("report", *arguments, "-o", folder / "report.html")
    assert done.returncode == 0, done.stderr
    page = _Page((folder / "report.html").read_text(encoding="utf-8"))
    return page, json.loads(page.scripts[0])


def _inspect(plan, *options):
    return json.loads(_mpcc("inspect", plan, "--json", *options).stdout)


@pytest.fixture(scope="module")
def plans(model_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    return private_run.compile_model(model_path("bert-test-w1a4"), folder, "16,32",
                                     "--alternatives").plans


@pytest.fixture(scope="module")
def trace(plans, tmp_path_factory):
    """Of two inferences, of 5 and 20 ids."""
    folder = tmp_path_factory.mktemp("trace")
    files = [folder / "short.json", folder / "long.json"]
    for path, count in zip(files, (5, 20), strict=True):
        path.write_text(json.dumps(list(range(1, count + 1))), encoding="utf-8")
    private_run.run_parties(plans, files, "--trace", str(folder / "run.json"))
    return folder / "run.json"


def _runs(trace):
    return [json.loads(line) for line in trace.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def hostile_plans(tmp_path_factory):
    """A result of a name that would end the script, and a layer that would be an element."""
    folder = tmp_path_factory.mktemp("hostile")
    source = (_ROOT / "test/codegen/Inputs/layer.mlir").read_text(encoding="utf-8")
    quoted = _HOSTILE.replace("\\", "\\\\").replace('"', "\\22")
    (folder / "layer.mlir").write_text(source.replace('"logits"', f'"{quoted}"'), encoding="utf-8")
    done = _mpcc("compile", "--from=mpc", "--allow-leak=rounding-coins", folder / "layer.mlir",
                 "-o", folder)
    assert done.returncode == 0, done.stderr
    _rename_layer(folder / "party1.plan", b"layer.0", b"<img x>")
    return folder


def _rename_layer(path, old, new):
    """In the message of a plan file, with the hash that says that it is whole."""
    data = bytearray(path.read_bytes())
    size = int.from_bytes(data[16:24], "little")
    message = data[128:128 + size].replace(old, new)
    assert len(message) == size and new in message
    data[128:128 + size] = message
    data[24:56] = hashlib.sha256(message).digest()
    path.write_bytes(data)


@pytest.mark.parametrize("party", [1, 2])
def test_a_party_is_shown_no_more_than_inspect_tells_it(plans, tmp_path, party):
    options = ("--net", "rtt=3ms,bw=70mbit", "--uplink", "bw=20mbit")
    plan = plans / f"party{party}.plan"
    _, facts = _report(tmp_path, plan, *options)
    assert facts.pop("plans") == [_inspect(plan, *options)]
    _, others = _report(tmp_path, plans / f"party{3 - party}.plan", *options)
    assert facts == {key: value for key, value in others.items() if key != "plans"}
    assert facts["network"] == pytest.approx(
        {"round_trip_seconds": .003, "online_bits_per_second": 7e7, "offline_bits_per_second": 2e7})


def test_a_folder_is_shown_with_all_that_it_has(plans, tmp_path):
    _, facts = _report(tmp_path, plans)
    assert [plan["party"] for plan in facts["plans"]] == [0, 1, 2]
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600
    shutil.copy(plans / "party2.plan", tmp_path)
    _, facts = _report(tmp_path, tmp_path)
    assert [plan["party"] for plan in facts["plans"]] == [2]


def test_the_model_owner_is_told_ranges_choices_and_alternatives(plans, tmp_path):
    _, facts = _report(tmp_path, plans / "party0.plan")
    notes = facts["plans"][0]["notes"]
    assert stat.S_IMODE((plans / "party0.notes.json").stat().st_mode) == 0o600
    assert [one["name"] for one in notes["alternatives"]][0] == "as chosen"
    for one in notes["alternatives"]:
        assert one["problem"] or len(one["programs"]) == 2
    chosen = [program["cost"] for program in _inspect(plans / "party1.plan")["programs"]]
    told = notes["alternatives"][0]["programs"]
    assert [cost["rounds"] for cost in told] == [cost["rounds"] for cost in chosen]
    for key in ("range", "scale", "constructions"):
        found = [site for site in notes["sites"] if key in site]
        assert {site["sequence_length"] for site in found} == {16, 32}, key
        assert all(site["node"] and site["layer"] for site in found)
    assert all(isinstance(text, str) for text in notes["warnings"])


def test_notes_of_another_plan_are_not_shown(plans, hostile_plans, tmp_path):
    shutil.copy(hostile_plans / "party0.plan", tmp_path)
    shutil.copy(plans / "party0.notes.json", tmp_path)
    _, facts = _report(tmp_path, tmp_path / "party0.plan")
    assert "notes" not in facts["plans"][0]
    (tmp_path / "party0.notes.json").write_text("{}", encoding="utf-8")
    done = _mpcc("report", tmp_path / "party0.plan", "-o", tmp_path / "report.html")
    assert done.returncode == 1 and "party0.notes.json: no notes" in done.stderr


def test_each_party_traces_what_it_did(plans, trace):
    runs = _runs(trace)
    assert [run["began"] for run in runs] == sorted(run["began"] for run in runs)
    asked = [(run["inference"], run["sequence_length"]) for run in runs if run["party"] == 1]
    assert [length for _, length in asked] == [16, 32]
    for party in (0, 2):
        assert set(asked) <= {(run["inference"], run["sequence_length"]) for run in runs
                              if run["party"] == party}
    layers = {program["sequence_length"]: [layer["name"] for layer in program["layers"]]
              for program in _inspect(plans / "party1.plan")["programs"]}
    for run in runs:
        assert [layer["name"] for layer in run["layers"]] == layers[run["sequence_length"]]
        assert run["began"] <= run["ended"]
        assert (run["exchange_seconds"] > 0) == (run["party"] != 0)
    for inference in asked:
        p1, p2 = ([run for run in runs if run["party"] == party and
                   (run["inference"], run["sequence_length"]) == inference][0] for party in (1, 2))
        assert p1["began"] < p2["ended"] and p2["began"] < p1["ended"]


def test_a_report_takes_traces(plans, trace, tmp_path):
    runs = _runs(trace)
    for party in range(3):
        (tmp_path / f"{party}.jsonl").write_text("".join(
            json.dumps(run) + "\n" for run in runs if run["party"] == party), encoding="utf-8")
    _, merged = _report(tmp_path, plans / "party1.plan", "--trace", trace)
    assert merged["runs"] == runs
    _, each = _report(tmp_path, plans / "party1.plan", "--trace", tmp_path / "1.jsonl",
                      tmp_path / "0.jsonl", tmp_path / "2.jsonl")
    assert sorted(map(str, each["runs"])) == sorted(map(str, runs))


@pytest.mark.parametrize("text", ["x", "[]", "{}", '{"party": 1}\n'])
def test_what_is_no_trace_is_refused(plans, tmp_path, text):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    done = _mpcc("report", plans, "--trace", tmp_path / "run.json", "-o", tmp_path / "report.html")
    assert done.returncode == 1 and "run.json: line 1 is no run of a party" in done.stderr


def test_the_page_stands_alone(plans, tmp_path):
    page, _ = _report(tmp_path, plans)
    assert not [tag for tag, attrs in page.tags if {"src", "href", "srcset"} & set(attrs)]
    policy, = [attrs["content"] for _, attrs in page.tags if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_names_end_no_element(hostile_plans, tmp_path):
    page, facts = _report(tmp_path, hostile_plans / "party1.plan")
    assert len(page.scripts) == 2 and "img" not in [tag for tag, _ in page.tags]
    program, = facts["plans"][0]["programs"]
    assert _HOSTILE in [result["name"] for result in program["results"]]
    assert "<img x>" in [layer["name"] for layer in program["layers"]]


@pytest.mark.parametrize("arguments, message", [
    (["nowhere"], "nowhere: cannot open"), (["."], "no plan is there"),
    (["party1.plan", "party1.plan"], "a second plan of P1"),
    (["party1.plan", "other/party2.plan"], "of another set of plans"),
    (["party1.plan", "--net", "slow"], "network 'slow'"),
    (["party1.plan", "--machine", "none.json"], "none.json: ")])
def test_what_is_no_set_of_plans_is_refused(plans, hostile_plans, tmp_path, arguments, message):
    (tmp_path / "other").symlink_to(hostile_plans)
    (tmp_path / "party1.plan").symlink_to(plans / "party1.plan")
    (tmp_path / "empty").mkdir()
    named = [tmp_path / "empty" if one == "." else tmp_path / one if ".plan" in one else one
             for one in arguments]
    done = _mpcc("report", *named, *(["--net", "lan"] if "--machine" in arguments else []), "-o",
                 tmp_path / "report.html")
    assert done.returncode != 0 and message in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_a_browser_shows_it(plans, hostile_plans, trace, tmp_path):
    if not _BROWSER.exists() or not shutil.which("chromium"):
        pytest.skip("no browser: tools/setup --browser installs one")
    environment = os.environ | {
        "MPCC_BIN": str(private_run.BIN.resolve()), "MPCC_TEST_PLANS": str(plans),
        "MPCC_TEST_TRACE": str(trace),
        "MPCC_TEST_HOSTILE_PLANS": str(hostile_plans / "party1.plan"),
        "MPCC_TEST_HOSTILE_NAME": _HOSTILE}
    done = subprocess.run(
        [_BROWSER, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
         _ROOT / "test/browser"], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
