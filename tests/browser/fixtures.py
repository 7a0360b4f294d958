"""Fixtures for tests in a browser; a conftest imports them."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, ENVIRONMENT, EXECUTABLE


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium for the run; each test opens a context of its own."""
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
    yield context.new_page()
    context.close()
