"""A run's test pictures, looked at as a job and once."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.progress import Progress
from engine.runs.folder import Run
from engine.runs.test_result import read_test
from engine.serving.jobs import jobs


def look_at_test(run: Run) -> dict[str, Any] | None:
    """What the run's best epoch does on its test pictures; None while it is being measured.

    Raises:
        InputError: the run is not over, has no test part, or its pictures cannot be had.
    """
    known = read_test(run.folder)
    if known is not None:
        return asdict(known)
    found = jobs().ask(("test", str(run.folder), run.created), lambda: _measure(run))
    return None if isinstance(found, Progress) else found


def _measure(run: Run) -> Iterator[Progress[dict[str, Any]]]:
    from engine.runs.testing import measure_test

    yield Progress(0, 1)
    yield Progress(1, 1, asdict(measure_test(run)))
