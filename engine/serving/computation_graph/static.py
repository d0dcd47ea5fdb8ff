"""The expression through ``torch.export``, as a job: its machinery takes a second to load."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.progress import Progress
from engine.serving.computation_graph.contract import ExpressionQuestion
from engine.serving.jobs import jobs


def fix(asked: ExpressionQuestion) -> dict[str, Any] | Progress[dict[str, Any]]:
    """What a static graph of the expression holds, with Python's ``if`` and with ``torch.cond``.

    Raises:
        InputError: the expression cannot be read, or cannot be run at these numbers.
    """
    from engine.graphs.expression import execute
    from engine.graphs.recording import Recorder

    execute(asked.expression, asked.x, asked.y, Recorder())  # says what is wrong with it

    def work() -> Iterator[Progress[dict[str, Any]]]:
        from engine.graphs.exported import export

        yield Progress(0, 2)
        given = (asked.expression, asked.x, asked.y)
        plain = asdict(export(*given, with_cond=False))
        yield Progress(1, 2)
        found = {"plain": plain, "cond": None}
        if " if " in asked.expression:
            found["cond"] = asdict(export(*given, with_cond=True))
        yield Progress(2, 2, found)

    return jobs().ask(("exported", asked.expression, asked.x, asked.y), work)
