# SPDX-License-Identifier: Apache-2.0
"""A browser without a screen. MPCC_BIN has the programs, MPCC_TEST_PLANS a folder of plans."""

import os
import pathlib
import shutil
import subprocess

import pytest
from playwright import sync_api

# As root there is no sandbox; nothing is fetched on its own account.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
              "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser():
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"),
                                            args=_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def complaints():
    """What the console, errors and dialogs of pages say."""
    return []


@pytest.fixture
def open_page(browser, complaints):
    """Opens a file; at the end of the test nothing may have been complained of, or asked for."""
    wanted, contexts = [], []

    def open_file(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: wanted.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []
    assert all(url.startswith("file://") for url in wanted), wanted


@pytest.fixture(scope="session")
def plans():
    return pathlib.Path(os.environ["MPCC_TEST_PLANS"])


@pytest.fixture(scope="session")
def mpcc():
    """Standard output of a command of mpcc."""
    program = pathlib.Path(os.environ["MPCC_BIN"]) / "mpcc"
    return lambda *arguments: subprocess.run([program, *arguments], check=True, text=True,
                                             stdin=subprocess.DEVNULL, capture_output=True).stdout
