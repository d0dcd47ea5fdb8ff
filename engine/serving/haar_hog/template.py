"""OpenCV's people template on a picture, level by level, as the Haar and HOG page asks for it."""

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.cache import Cache
from engine.errors import InputError
from engine.pictures import Picture, resize_longest

if TYPE_CHECKING:
    from torch import Tensor

    from engine.detection.hog import HogScan

LONGEST_PX = 400  # a picture's longer side
SCALE_FACTOR = 1.1
IOU_THRESHOLD = 0.3
BEST = 5  # windows that are listed


@dataclass(frozen=True, eq=False)
class People:
    """The template's response to a picture.

    Attributes:
        pixels: uint8 ``(H, W, 3)`` that it was computed from.
        scan: every window.
        best: int64 ``(K,)``, the windows of the scan that NMS leaves, best first, at most 5.
        ms: how long the scan took.
    """

    pixels: np.ndarray
    scan: "HogScan"
    best: "Tensor"
    ms: float

    def place(self, index: int) -> tuple[int, int, int]:
        """Level, row and column of a window of the scan."""
        level = int(self.scan.level[index])
        before = sum(each.response.numel() for each in self.scan.levels[:level])
        row, column = divmod(index - before, self.scan.levels[level].response.shape[1])
        return level, row, column


@dataclass(frozen=True, eq=False)
class HogView:
    """One level, from its pixels to its blocks.

    Attributes:
        pixels: uint8 ``(h, w, 3)``.
        strength: float32 ``(h, w)``, lengths of the gradients.
        angle: uint8 ``(h, w)``, their directions, 0° to 179°.
        cells: float32 ``(h // 8, w // 8, 9)``, histograms.
        blocks: float32 ``(36, rows, columns)``.
    """

    pixels: np.ndarray
    strength: np.ndarray
    angle: np.ndarray
    cells: np.ndarray
    blocks: "Tensor"


def find_people(picture: Picture) -> People:
    """The people template's response on all windows of a picture.

    Raises:
        InputError: the picture is smaller than the template's window.
    """
    return _scans.get(picture.ref, lambda: _scan(picture))


def view_level(picture: Picture, level: int) -> HogView:
    """What HOG makes of one level of the picture.

    Raises:
        InputError: no such level, or the picture is smaller than the template's window.
    """
    levels = find_people(picture).scan.levels
    if not 0 <= level < len(levels):
        raise InputError(
            "value_out_of_range", name="level", low=0, high=len(levels) - 1, value=level
        )
    return _views.get((picture.ref, level), lambda: _view(picture, level))


def _scan(picture: Picture) -> People:
    from engine.detection.hog import people_template, scan
    from engine.detection.nms import nms
    from engine.serving.one_core import on_one_core

    pixels = np.ascontiguousarray(resize_longest(picture.pixels, LONGEST_PX))
    template = people_template()
    begun = perf_counter()
    found = on_one_core(scan, pixels, template, SCALE_FACTOR)
    ms = (perf_counter() - begun) * 1000
    if not found.levels:
        names = [f"{w} × {h}" for h, w in (template.window_px, pixels.shape[:2])]
        raise InputError("window_too_large", window=names[0], size=names[1])
    strongest = found.response.argsort(descending=True, stable=True)[:200]
    left = nms(found.boxes[strongest], found.response[strongest].sigmoid(), IOU_THRESHOLD)
    return People(pixels, found, strongest[left[:BEST]], ms)


def _view(picture: Picture, level: int) -> HogView:
    from engine.detection.hog import blocks, cell_histograms, gradient_votes, shrink
    from engine.detection.hog_cells import gradients

    people = find_people(picture)
    pixels = np.ascontiguousarray(shrink(people.pixels, people.scan.levels[level].size))
    strength, angle = gradients(pixels)
    return HogView(
        pixels=pixels,
        strength=strength,
        angle=angle.astype(np.uint8),
        cells=cell_histograms(gradient_votes(pixels)),
        blocks=blocks(pixels),
    )


_scans: Cache[People] = Cache(64)
_views: Cache[HogView] = Cache(64)
