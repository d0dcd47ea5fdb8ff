"""Settings for the whole suite: property tests are derandomised, so that a run can be repeated."""

import gc

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.api_client", "tests.browser.fixtures", "tests.engine_here"]

settings.register_profile(
    "fovea",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fovea")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser stands in ``test_browser.py`` of a page, or in ``tests/browser``."""
    for item in items:
        if item.path.stem.endswith("browser") or item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: Streamlit goes through all garbage after every run of
    a page, and would go through that too."""
    gc.collect()
    gc.freeze()
