"""What a segmenter is: it looks once at a picture, then settings are moved over what it saw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.errors import InputError
from engine.progress import Progress
from engine.segment.grab_cut import USUAL_THRESHOLD, GrabCut
from engine.segment.segmented_picture import Kind, SegmentedPicture

Family = Literal[
    "seeded", "drawn", "boxed", "people", "superpixels", "scenes", "semantic", "instance"
]


@dataclass(frozen=True)
class Settings:
    """What is moved over what a segmenter saw; each reads its own.

    Attributes:
        seed: share of Grad-CAM's peak from which on GrabCut may find the thing, in (0, 0.8].
        pieces: about how many SLIC makes, 2 to 5,000.
        compactness: how much SLIC lets place count beside colour, 0.01 to 1,000.
        scale: how much difference a piece of Felzenszwalb's tolerates, 1 to 10,000.
        least: what classes and things must score, in [0, 1]; None for what is usual: 0 for
            torchvision's classes, so that each pixel has one, 0.4 for NanoDet's things, and 0.5
            for torchvision's and for people.
        drawn: what a learner drew to steer GrabCut, see :mod:`engine.segment.drawn_marks`.
        kind: which of the segmenter's kinds of segments; None for its first.
    """

    seed: float = USUAL_THRESHOLD
    pieces: int = 150
    compactness: float = 10.0
    scale: float = 100.0
    least: float | None = None
    drawn: str = ""
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if self.least is not None and not 0 <= self.least <= 1:
            raise InputError("value_out_of_range", name="least", low=0, high=1, value=self.least)


@dataclass(frozen=True, eq=False)
class Reading:
    """A picture in segments, and how GrabCut came to them where it was GrabCut.

    Attributes:
        answer: the segments, on the picture that was looked at.
        cut: GrabCut's steps, or None.
    """

    answer: SegmentedPicture
    cut: GrabCut | None = None


@dataclass(frozen=True)
class Segmenter:
    """A segmenter.

    Attributes:
        name: what links and the API call it, "grabcut".
        title: how one writes it, "GrabCut".
        family: what kind of method it is; segmenters are listed under these.
        kinds: what its segments can be, the usual kind first.
        side_px: longest side of the picture that it looks at.
        reads: which of the settings move anything, but for ``kind``.
        look: from that picture, uint8 (H, W, 3), to what it sees, step by step; :func:`look_at`
            calls it.
        settle: from the picture, what was seen and the settings to the segments, step by step.
        check: raises an :class:`InputError` that says how to get it where it is not at hand.
        file_mib: size in MiB of weights that can be downloaded; None where there is no such file.
        looks_closely: whether it looks at the picture itself, whatever its size, and only cuts
            the smaller one.
    """

    name: str
    title: str
    family: Family
    kinds: tuple[Kind, ...]
    side_px: int
    reads: tuple[str, ...]
    look: Callable[[np.ndarray], Iterator[Progress[Any]]] = field(repr=False)
    settle: Callable[[np.ndarray, Any, Settings], Iterator[Progress[Reading]]] = field(repr=False)
    check: Callable[[], object] = field(repr=False, default=lambda: None)
    file_mib: float | None = None
    looks_closely: bool = False
