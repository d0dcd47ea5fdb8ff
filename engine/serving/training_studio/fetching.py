"""Published data sets, downloaded as a job while the page says how far it is."""

from collections.abc import Iterator
from typing import Any

from engine.progress import Progress
from engine.serving.jobs import jobs


def fetch_set(name: str) -> Progress[Any]:
    """Begins to download a published set, or tells how far that is, in MB.

    Raises:
        InputError: no connection, or the files are not the published ones.
    """
    found = jobs().ask(("data set", name), lambda: _download(name), is_elsewhere=True)
    return found if isinstance(found, Progress) else Progress(1, 1, found)


def _download(name: str) -> Iterator[Progress[str]]:
    from engine.data.published import download

    for part in download(name):
        yield Progress(part.done // 2**20, max(1, (part.total or part.done) // 2**20))
    yield Progress(1, 1, name)
