"""Settings for the whole suite: property tests are derandomised, so that a run can be repeated."""

import gc
from collections import Counter

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


# Few tests that take long, most of them in processes of their own.
LONG = {"test_costliest.py", "test_install.py", "test_memory.py", "test_workers.py"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What drives a browser stands in ``test_browser.py`` of a page, or in ``tests/browser``."""
    for item in items:
        if item.path.stem.endswith("browser") or item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
    if hasattr(config, "workerinput"):
        put_long_files_first(items)


def put_long_files_first(items: list[pytest.Item]) -> None:
    """Workers take files in this order: at the end there are short ones, and none waits long."""
    tests = Counter(item.path for item in items)
    long = {item.path for item in items if item.get_closest_marker("browser")}
    long |= {path for path in tests if path.name in LONG}
    items.sort(key=lambda item: (item.path not in long, -tests[item.path], item.path))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: Streamlit goes through all garbage after every run of
    a page, and would go through that too."""
    gc.collect()
    gc.freeze()
