"""A JPEG saved over and over, and what each save costs."""

import math
from typing import Any

import numpy as np

from engine.cache import Cache
from engine.codecs.generations import BETWEEN, Generation, save_again
from engine.serving.png_jpeg.compute import Answer, pixels_asked
from engine.serving.png_jpeg.contract import AgainQuestion

COUNT = 10
_kept: Cache[list[Generation]] = Cache(6)


def save_over(asked: AgainQuestion) -> Answer:
    """The first generation and the one asked for, and the error of all, whatever lies between.

    Raises:
        InputError: no such picture.
    """
    found = {between: _all(asked, between) for between in BETWEEN}
    own = found[asked.between]
    shown = own[asked.generation - 1]
    arrays = {f"psnr_{name}": _psnr(made) for name, made in found.items()} | {
        "first": own[0].pixels,
        "pixels": shown.pixels,
    }
    lost_db = own[0].psnr_db - shown.psnr_db
    about: dict[str, Any] = {
        "size": shown.pixels.shape[:2],
        "generation": asked.generation,
        "between": asked.between,
        "psnr_db": None if math.isinf(shown.psnr_db) else shown.psnr_db,
        "lost_db": None if math.isnan(lost_db) or math.isinf(lost_db) else lost_db,
        "changed": shown.changed,
        "last_changed": own[-1].changed,
        "last_lost_db": {name: _lost(made) for name, made in found.items()},
    }
    return arrays, about


def _all(asked: AgainQuestion, between: str) -> list[Generation]:
    what = asked.picture if asked.subject == "own" else asked.subject
    key = (what, asked.again_quality, between)

    def make() -> list[Generation]:
        pixels = pixels_asked(asked.picture, asked.subject)
        return save_again(pixels, asked.again_quality, between, COUNT)

    return _kept.get(key, make)


def _psnr(made: list[Generation]) -> np.ndarray:
    """float64 (n,); 99 dB where nothing was lost, which has no number."""
    return np.array([min(each.psnr_db, 99.0) for each in made])


def _lost(made: list[Generation]) -> float:
    first, last = (float(min(each.psnr_db, 99.0)) for each in (made[0], made[-1]))
    return first - last
