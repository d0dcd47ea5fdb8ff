"""Which filter for which noise, as a job: some seventy filterings of a small copy."""

import math
from typing import Any

import numpy as np

from engine.pictures import resize_longest, resolve
from engine.processing.comparison import Compared, compare_filters
from engine.processing.program import code_of
from engine.progress import Progress
from engine.serving.image_processing.contract import FILTERED_SIDE_PX, FiltersQuestion
from engine.serving.jobs import jobs

Told = tuple[dict[str, np.ndarray], dict[str, Any]]


def compare(asked: FiltersQuestion) -> Told | Progress[Compared]:
    """The curves, or how far they are: see the route.

    Raises:
        InputError: no such picture.
    """
    picture = resolve(asked.picture)
    copy = resize_longest(picture.pixels, FILTERED_SIDE_PX)
    clean = np.ascontiguousarray(copy[:, :, ::-1])
    key = ("filters", picture.ref, asked.noise)
    found = jobs().ask(key, lambda: compare_filters(clean, asked.noise))
    if isinstance(found, Progress):
        return found
    names = list(found.reached_db)
    curves = np.array([found.noisy_db, *found.reached_db.values()], np.float64)
    curves[np.isinf(curves)] = _most(curves)
    facts = {
        "noise": found.noise,
        "filters": names,
        "settings": {name: [_printed(each) for each in found.best[name]] for name in names},
        "best": [names[int(i)] for i in curves[1:].argmax(axis=0)],
        "size": clean.shape[:2],
    }
    return {"amounts": np.array(found.amounts, np.float64), "psnr_db": curves}, facts


def _most(curves: np.ndarray) -> float:
    """In place of the infinite PSNR of a picture that came back whole: one wrong value in it."""
    finite = curves[np.isfinite(curves)]
    return float(finite.max(initial=20 * math.log10(255)))


def _printed(operation: Any) -> str:
    (line,) = code_of(operation)
    return line.removeprefix("picture = ")
