"""What networks cost by year, counted, beside ImageNet's error as it was published."""

from dataclasses import asdict
from typing import Any

import numpy as np

from engine.nets.architectures import Architecture, Counts, find_architecture, list_architectures
from engine.progress import Progress
from engine.serving.architectures.charted import await_counts, counts_of
from engine.serving.history.challenge import HUMAN_ERROR_PERCENT, WINNERS, winner_until
from engine.serving.history.contract import LAST_COUNTED, CostQuestion

Counted = tuple[Architecture, Counts]
MEASURE = "alexnet"  # what the others are measured by
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]
ALIKE = 2.0  # times: a network that is no further away costs about as much


def look(asked: CostQuestion) -> Answer:
    """Every network that has been counted so far; ``unfinished`` while some are coming."""
    coming = await_counts()
    found = _counted(LAST_COUNTED)
    arrays = {
        "years": np.array([of.year for of, _ in found], np.float64),
        "params": np.array([counts.params for _, counts in found], np.float64),
        "macs": np.array([counts.macs for _, counts in found], np.float64),
    }
    about: dict[str, Any] = {
        "nets": [{"name": of.name, "title": of.title} for of, _ in found],
        "of": len([of for of in list_architectures() if of.year <= LAST_COUNTED]),
        "winners": [asdict(winner) for winner in WINNERS],
        "human_percent": HUMAN_ERROR_PERCENT,
        "winner": _winner(asked.until),
        "extremes": extremes(_counted(asked.until), asked.cost),
    }
    if isinstance(coming, Progress):
        about |= {"unfinished": True, "done": coming.done, "total": coming.total}
    return arrays, about


def _counted(until: int) -> list[Counted]:
    nets = [of for of in list_architectures() if of.year <= until]
    return [(of, counts) for of in nets if (counts := counts_of(of.name)) is not None]


def _winner(until: int) -> dict[str, Any]:
    """The last winner, and what its network costs as counted here, if it has been."""
    winner = winner_until(until)
    counts = counts_of(winner.architecture) if winner.architecture else None
    title = find_architecture(winner.architecture).title if winner.architecture else ""
    costs = None if counts is None else {"params": counts.params, "macs": counts.macs}
    return asdict(winner) | {"counted": costs, "counted_title": title}


def extremes(found: list[Counted], cost: str) -> dict[str, Any] | None:
    """The lightest and the heaviest of these networks, in times of AlexNet.

    Args:
        found: networks with their counts.
        cost: "params" or "macs".

    Returns:
        ``light`` and ``heavy`` with title, year, value and ``times`` of AlexNet's, and ``verdict``:
        "alone" where AlexNet is the only one, "grows" where none is much lighter than AlexNet,
        "both" where some are, and others heavier, "shrinks" where none is heavier. None where
        AlexNet is not among them.
    """
    values = {of.name: getattr(counts, cost) for of, counts in found}
    if MEASURE not in values:
        return None
    ordered = sorted((of for of, _ in found), key=lambda of: values[of.name])
    light, heavy = (_facts(of, values) for of in (ordered[0], ordered[-1]))
    lighter, heavier = light["times"] < 1 / ALIKE, heavy["times"] > ALIKE
    verdict = "both" if lighter and heavier else "grows" if heavier else "shrinks"
    if len(ordered) == 1:
        verdict = "alone"
    return {"verdict": verdict, "light": light, "heavy": heavy, "measure": values[MEASURE]}


def _facts(of: Architecture, values: dict[str, int]) -> dict[str, Any]:
    value = values[of.name]
    return {"title": of.title, "year": of.year, "value": value, "times": value / values[MEASURE]}
