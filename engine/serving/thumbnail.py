"""What a page's card on Home shows: small, and from the computation that the page itself shows.

A page has one where its folder holds ``thumbnail.py`` with a function ``thumbnail``, of the
learner's picture (``thumbnail(picture)``) or of the page's own subject (``thumbnail()``). It
returns a :class:`Thumbnail`, or how far its computation is; ``thumbnail`` among the page's labels
says in words what is to be seen, with :attr:`Thumbnail.told` in its placeholders. It may take a
second or two of a core, and raise an :class:`engine.errors.InputError` where the picture does not
suit it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.pictures import resize_longest

SIDE_PX = 240  # longest side of what is sent; a card shows 160 × 100 CSS pixels
WAIT_S = 0.1  # for a computation that is a job; it is asked for again
#: "channels": red, green and blue, a map each; "signed": both sides of zero.
Palette = Literal["sequential", "signed", "grey", "channels"]
_WHITE = 255.0


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """Small pictures and maps side by side, in this order; the rest lies over the first of them.

    Attributes:
        pictures: uint8 (n, H, W, 3).
        maps: uint8 or float32 (n, h, w); bytes reach from 0 to 255, numbers from 0 (signed: from
            the negative of it) to their largest magnitude.
        palette: of the maps.
        over: the only map lies over the picture instead of beside it.
        segments: uint8 (H, W), numbers of segments' colours, 0 for none.
        boxes: float32 (n, 4), ``xyxy`` in shares of the picture's width and height.
        groups: uint8 (n,), numbers of boxes' colours; 0 for those that were given up.
        paths: float32 (k, n, 2), lines, ``x`` and ``y`` in shares of width and height; they end at
            NaN. Where there is neither picture nor map they are a chart.
        bars: float32 (n,), heights in [0, 1].
        told: numbers for the words beside it.
    """

    pictures: np.ndarray | None = None
    maps: np.ndarray | None = None
    palette: Palette = "sequential"
    over: bool = False
    segments: np.ndarray | None = None
    boxes: np.ndarray | None = None
    groups: np.ndarray | None = None
    paths: np.ndarray | None = None
    bars: np.ndarray | None = None
    told: Mapping[str, int | float | str] = field(default_factory=dict)

    def arrays(self) -> dict[str, np.ndarray]:
        """Those that there are, by name, as they are sent."""
        named = ("pictures", "maps", "segments", "boxes", "groups", "paths", "bars")
        found = {name: getattr(self, name) for name in named}
        return {name: _typed(array) for name, array in found.items() if array is not None}

    def about(self) -> dict[str, Any]:
        """What is to be known of the arrays; ``peak`` is the largest magnitude of the maps."""
        peak = _WHITE if self.maps is None or self.maps.dtype == np.uint8 else _peak(self.maps)
        return {"palette": self.palette, "over": self.over, "peak": peak, "told": dict(self.told)}


def _typed(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array if array.dtype == np.uint8 else array.astype(np.float32))


def _peak(maps: np.ndarray) -> float:
    return float(np.abs(maps).max(initial=0)) or 1.0


def small(pixels: np.ndarray) -> np.ndarray:
    """A picture, uint8 (H, W, 3), as the only one of a thumbnail: uint8 (1, h, w, 3)."""
    return np.ascontiguousarray(resize_longest(pixels, SIDE_PX))[None]


def shares(boxes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Boxes ``xyxy`` in pixels of a picture of ``(H, W)`` as shares of its sides."""
    height, width = size
    return boxes.astype(np.float32) / np.array([width, height, width, height], np.float32)


def chart(*curves: np.ndarray, low: float | None = None, high: float | None = None) -> np.ndarray:
    """Curves of one length on a common scale, as paths.

    Args:
        curves: (n,) each, n at least 2.
        low, high: ends of the scale, by default the least and the largest value.
    """
    values = np.stack(curves).astype(np.float64)
    low = float(np.nanmin(values)) if low is None else low
    high = float(np.nanmax(values)) if high is None else high
    y = 1 - (values - low) / ((high - low) or 1.0)
    x = np.broadcast_to(np.linspace(0, 1, values.shape[1]), values.shape)
    return np.stack([x, y], axis=-1).astype(np.float32)


def small_segments(ids: np.ndarray) -> np.ndarray:
    """Every n-th pixel of a map of segments, (H, W), so that no side is longer than is sent."""
    step = -(-max(ids.shape) // SIDE_PX)
    return ids[::step, ::step].astype(np.uint8)
