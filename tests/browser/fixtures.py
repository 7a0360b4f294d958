"""Fixtures for tests in a browser. `tests/conftest.py` imports them, and nobody else: a second
browser of one process would be refused by Playwright."""

import pytest

from tests.browser.chromium import ARGUMENTS, ENVIRONMENT, EXECUTABLE

PATIENCE = 120_000  # ms; a busy machine is no fault


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium for the run; each test opens a context of its own."""
    from playwright.sync_api import sync_playwright  # half a second that other tests need not pay

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(EXECUTABLE), args=ARGUMENTS, env=ENVIRONMENT
        )
        yield running
        running.close()


@pytest.fixture
def page(browser):
    """A page in a context of its own, Thai, with no cookies of another test."""
    context = browser.new_context(locale="th-TH", timezone_id="Asia/Bangkok")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
