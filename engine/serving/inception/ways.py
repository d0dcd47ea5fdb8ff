"""What a large filter costs with a bottleneck of every width, and written as smaller ones."""

from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
import torch

from engine.cache import Cache
from engine.inception.asymmetric import FOLLOWED, count_asymmetric
from engine.inception.cost import (
    WAYS,
    breaks_even,
    build_way,
    count_way,
    measure_ms,
    module_costs,
)
from engine.serving.inception.contract import MOST_WIDTH, CostQuestion, NineQuestion

SIDE = 28  # of the maps, as in GoogLeNet's first modules
KEPT_CURVES, KEPT_TIMES = 64, 1024
Answer = tuple[dict[str, np.ndarray], dict[str, Any]]

_curves: Cache[dict[str, np.ndarray]] = Cache(KEPT_CURVES)
_times: Cache[float] = Cache(KEPT_TIMES)


def look(asked: CostQuestion) -> Answer:
    """A curve a way over the bottleneck's width, and the numbers at the width that is asked for."""
    size = int(asked.size)
    shape = (asked.inputs, SIDE, SIDE)
    key = (asked.inputs, asked.filters, size, asked.measure)
    curves = _curves.get(key, lambda: _draw(shape, asked.filters, size, asked.measure))
    ways = [_tell(way, asked) for way in WAYS]
    even = breaks_even(asked.inputs, asked.filters, size)
    return curves, {"ways": ways, "breaks_even": even, "side": SIDE}


def _widths(even: int) -> np.ndarray:
    """Widths from 1 to the broadest, at equal factors, and the one where the gain ends."""
    spread = np.unique(np.geomspace(1, MOST_WIDTH, 25).round().astype(int))
    return np.unique([*spread, *([even] if 1 <= even <= MOST_WIDTH else [])])


def _draw(
    shape: tuple[int, int, int], filters: int, size: int, measure: str
) -> dict[str, np.ndarray]:
    widths = _widths(breaks_even(shape[0], filters, size))
    curves = {
        way: np.array(
            [getattr(count_way(way, shape, filters, size, int(w)), measure) for w in widths],
            np.float64,
        )
        for way in WAYS
    }
    return {"widths": widths.astype(np.float64)} | curves


def _tell(way: str, asked: CostQuestion) -> dict[str, Any]:
    size = int(asked.size)
    cost = count_way(way, (asked.inputs, SIDE, SIDE), asked.filters, size, asked.width)
    width = 0 if way == "direct" else asked.width  # without a bottleneck it has none
    key = (way, asked.inputs, asked.filters, size, width)
    return {"way": way, **asdict(cost), "ms": _times.get(key, lambda: _time(way, asked))}


def _time(way: str, asked: CostQuestion) -> float:
    layers = build_way(way, asked.inputs, asked.filters, int(asked.size), asked.width)
    generator = torch.Generator().manual_seed(0)
    return measure_ms(tuple(layers), torch.rand(asked.inputs, SIDE, SIDE, generator=generator))


@cache
def _nine() -> tuple[list[Any], list[Any]]:
    return module_costs(), [count_asymmetric(name) for name in FOLLOWED]


def look_at_nine(asked: NineQuestion) -> Answer:
    """GoogLeNet's modules with and without their bottlenecks, and who went on with n×1 filters."""
    costs, followed = _nine()
    arrays = {
        kind: np.array([getattr(getattr(each, kind), asked.counted) for each in costs], np.float64)
        for kind in ("kept", "without")
    }
    modules = [asdict(each) for each in costs]
    sums = {
        kind: {m: sum(each[kind][m] for each in modules) for m in ("params", "macs")}
        for kind in ("kept", "without")
    }
    times = {m: sums["without"][m] / sums["kept"][m] for m in ("params", "macs")}
    about = {"modules": modules, "times": times, "followed": [vars(each) for each in followed]}
    return arrays, about | sums
