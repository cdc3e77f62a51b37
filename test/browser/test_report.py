# SPDX-License-Identifier: Apache-2.0
"""The page of `mpcc report`, opened and used as a person would."""

import json
import os

import pytest

_COSTS = ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes", "setup_bytes")
_TIMES = ("exchange_seconds", "compute_seconds", "online_seconds", "offline_seconds")


@pytest.fixture
def report(open_page, mpcc, plans, tmp_path):
    """Opens the report of plans, of P1's if no others are named."""
    def make(*named, **options):
        mpcc("report", *(named or [plans / "party1.plan"]), "-o", tmp_path / "report.html")
        return open_page(tmp_path / "report.html", **options)

    return make


def _rows(page):
    """Name and numbers of each line of the table of layers, the last one the sum."""
    return page.eval_on_selector_all(
        "#layers tbody tr, #layers tfoot tr",
        "rows => rows.map(row => [row.cells[0].textContent, "
        "...[...row.cells].slice(1).map(cell => Number(cell.dataset.value))])")


def _inspected(mpcc, plan, page):
    """The same rows as `mpcc inspect` says them, for the network that the page shows."""
    options = page.inner_text("#command").split()
    program = json.loads(mpcc("inspect", plan, "--json", *options))["programs"]
    chosen = page.eval_on_selector("#programs input:checked", "input => Number(input.value)")
    layers = sorted(program[chosen]["layers"], key=lambda layer: layer["last_step"])
    return [[part.get("name", "all"), *(part["cost"][key] for key in _COSTS),
             *(part["predicted"][key] for key in _TIMES)] for part in [*layers, program[chosen]]]


def _agree(page, mpcc, plan):
    """Layer by layer the numbers are the same ones; their sum may be taken in another order."""
    *shown, shown_sum = _rows(page)
    *said, said_sum = _inspected(mpcc, plan, page)
    assert shown == said
    assert shown_sum[0] == said_sum[0]
    assert shown_sum[1:] == pytest.approx(said_sum[1:], rel=1e-12)


def test_it_tells_what_inspect_tells(report, mpcc, plans):
    page = report()
    _agree(page, mpcc, plans / "party1.plan")
    text = page.inner_text("body")
    for disclosure in json.loads(mpcc("inspect", plans / "party1.plan", "--json"))["disclosures"]:
        assert disclosure["what"] in text
    assert "logits" in page.inner_text("#signature")
    assert not page.is_visible("#confidential")


@pytest.mark.parametrize("preset", ["local", "lan", "wan"])
def test_a_preset_predicts_as_inspect_does(report, mpcc, plans, preset):
    page = report()
    page.select_option("#preset", label=preset)
    _agree(page, mpcc, plans / "party1.plan")


@pytest.mark.parametrize("keys", [{"rtt": ["Home"], "bw": ["Home"], "up": ["Home"]},
                                  {"rtt": ["End"], "bw": ["End"], "up": ["End"]},
                                  {"rtt": ["ArrowRight"] * 7, "bw": ["ArrowLeft"] * 13,
                                   "up": ["ArrowLeft"] * 11}])
def test_sliders_are_moved_by_keys_and_predict_as_inspect_does(report, mpcc, plans, keys):
    page = report()
    before = page.inner_text("#command")
    for slider, presses in keys.items():
        page.focus(f"#{slider}")
        for key in presses:
            page.keyboard.press(key)
        shown = page.inner_text(f"#{slider}-text")
        assert page.get_attribute(f"#{slider}", "aria-valuetext") == shown
    assert page.inner_text("#command") != before
    assert page.eval_on_selector("#preset", "select => select.value") == "own"
    _agree(page, mpcc, plans / "party1.plan")


def test_a_slider_is_moved_by_a_mouse(report, mpcc, plans):
    page = report()
    box = page.locator("#rtt").bounding_box()
    page.mouse.click(box["x"] + .8 * box["width"], box["y"] + box["height"] / 2)
    assert "ms" in page.inner_text("#rtt-text")
    _agree(page, mpcc, plans / "party1.plan")


def test_another_program_is_shown(report, mpcc, plans):
    page = report()
    page.get_by_label("32 tokens").check()
    _agree(page, mpcc, plans / "party1.plan")


def test_a_layer_is_picked_and_measured_otherwise(report):
    page = report()
    button = page.locator("#flow button").nth(1)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.inner_text("#detail h3") == button.locator(".name").inner_text()
    page.get_by_label("material", exact=True).check()
    assert "P0 to P2" in page.inner_text("#legend")
    page.get_by_label("rounds", exact=True).check()
    rounds = [row[1] for row in _rows(page)[:-1]]
    shown = page.locator("#flow .value").all_inner_texts()
    assert [int(text) for text in shown] == rounds


def test_every_control_has_a_name_and_keys_reach_it(report):
    page = report()
    unnamed = page.eval_on_selector_all(
        "input, select, button", "all => all.filter(x => !(x.labels && x.labels.length) && "
        "!x.textContent.trim()).map(x => x.outerHTML)")
    assert unnamed == []
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"preset", "rtt", "bw", "up", "BUTTON"} <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_schemes(report, scheme):
    page = report(color_scheme=scheme)
    colours = page.evaluate(
        "['color', 'backgroundColor'].map(key => getComputedStyle(document.body)[key]"
        ".match(/\\d+/g).map(Number))")
    brightness = [sum(colour[:3]) / 3 for colour in colours]
    assert (brightness[0] < brightness[1]) == (scheme == "light")
    assert abs(brightness[0] - brightness[1]) > 120


def test_a_narrow_screen_scrolls_tables_and_not_the_page(report):
    page = report(viewport={"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_model_owner_sees_choices(report, plans, mpcc):
    page = report(plans)
    assert page.is_visible("#confidential") and page.is_visible("#choices")
    first = page.inner_text("#alternatives tbody tr")
    assert first.startswith("as chosen")
    page.locator("#choices summary").click()
    assert page.locator("#sites tbody tr").count() > 10
    assert not report(plans / "party2.plan").is_visible("#choices")


def test_a_trace_is_shown_beside_predictions(report, plans):
    trace = os.environ["MPCC_TEST_TRACE"]
    with open(trace, encoding="utf-8") as file:
        runs = [json.loads(line) for line in file]
    page = report(plans / "party1.plan", "--trace", trace)
    options = page.locator("#inference option").all_inner_texts()
    asked = [run for run in runs if run["party"] == 1]
    assert options == [f"{run['inference']} of {run['sequence_length']} tokens" for run in asked]
    page.select_option("#inference", label=options[1])
    assert page.eval_on_selector("#programs input:checked", "input => input.value") == "1"
    shown = page.eval_on_selector_all(
        "#spans tbody tr", "rows => rows.map(row => [row.cells[0].textContent, "
        "Number(row.cells[2].dataset.value)])")
    assert dict(shown) == {layer["name"]: layer["seconds"] for layer in asked[1]["layers"]}
    assert page.locator("#lanes rect").count() > 4 * len(shown)
    page.get_by_label("16 tokens", exact=True).check()
    assert page.locator("#lanes rect").count() == 0
    assert not report(plans / "party1.plan").is_visible("#timeline")


def test_names_are_only_ever_text(report, mpcc):
    """Names come from files: they end no element and run nothing."""
    page = report(os.environ["MPCC_TEST_HOSTILE_PLANS"])
    hostile = os.environ["MPCC_TEST_HOSTILE_NAME"]
    assert hostile in page.inner_text("#signature")
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hurt") is None


def test_the_policy_lets_no_other_script_run(report, complaints):
    page = report()
    refused = page.evaluate(
        "() => new Promise(done => { document.addEventListener('securitypolicyviolation', "
        "event => done(event.violatedDirective)); const script = document.createElement('script'); "
        "script.textContent = 'window.hurt = 1'; document.body.append(script); })")
    assert refused.startswith("script-src")
    assert page.evaluate("window.hurt") is None
    complaint, = complaints
    assert "Content Security Policy" in complaint
    complaints.clear()
