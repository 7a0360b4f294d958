"""A real browser for the tests: headless Chromium from npm, driven by Playwright from PyPI."""
