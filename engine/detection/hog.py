"""HOG: histograms of gradients, and a template that slides over them.

Gradients vote for their direction in cells of 8×8 pixels; 2×2 cells make a block, whose 36 numbers
are scaled to the same length, so that light does not matter. A linear SVM is a template: one weight
for each of those numbers under a window. Its response on every window is a convolution of the map
of blocks with the template.

Gradients and blocks come from OpenCV; the template that it ships finds upright people of about
96 px in a window of 64×128. The responses equal ``cv2.HOGDescriptor.detect``.

Sources: Dalal & Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005;
Felzenszwalb et al. 2010 (the template as a "root filter"); OpenCV's ``hog.cpp``.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.detection.detections import Detections
from engine.errors import InputError

CELL_PX = 8
BLOCK_CELLS = 2
BINS = 9
#: How many times smaller each level is than the one before, both ends included.
SCALE_FACTORS = (1.01, 2.0)
_BLOCK_PX = CELL_PX * BLOCK_CELLS
_MOST_LEVELS = 64


def gradient_votes(picture: np.ndarray) -> np.ndarray:
    """What each pixel says: how strongly its brightness changes, and in which direction.

    Of three channels the one with the strongest gradient speaks. Directions are those of 9 bins of
    20° from 0° (across, a vertical edge) to 180°; a gradient between two bins votes for both.

    Args:
        picture: uint8 ``(H, W, 3)`` or ``(H, W)``.

    Returns:
        float32 ``(H, W, 9)``; the sum over bins is the gradient's length. Brightness was replaced
        by its square root (gamma correction), so that lengths have no unit.

    Raises:
        ValueError: another kind of picture.
    """
    _check_picture(picture)
    shares, bins = descriptor().computeGradient(picture, None, None)
    votes = np.zeros(bins[..., 0].size * BINS, np.float32)
    first = np.arange(0, votes.size, BINS)
    for side in range(2):  # each pixel votes once a side, so no place is named twice
        votes[first + bins[..., side].ravel()] += shares[..., side].ravel()
    return votes.reshape(*picture.shape[:2], BINS)


def cell_histograms(votes: np.ndarray) -> np.ndarray:
    """The votes of each whole cell added up.

    Args:
        votes: float32 ``(H, W, 9)`` from :func:`gradient_votes`.

    Returns:
        float32 ``(H // 8, W // 8, 9)``.
    """
    rows, columns = votes.shape[0] // CELL_PX, votes.shape[1] // CELL_PX
    whole = votes[: rows * CELL_PX, : columns * CELL_PX]
    down = whole.reshape(rows, CELL_PX, -1).sum(axis=1)
    return down.reshape(rows, columns, CELL_PX, BINS).sum(axis=2)


def blocks(picture: np.ndarray) -> Tensor:
    """The blocks at every cell: a map of 36 channels.

    Within a block votes are weighted by a bell around its middle and shared among its cells, so a
    block is more than its four cells' histograms; its length is 1, with no number above 0.2 before
    the last scaling (L2-Hys).

    Args:
        picture: uint8 ``(H, W, 3)`` or ``(H, W)``, at least 16×16.

    Returns:
        float32 ``(36, rows, columns)``: two cells across × two cells down × 9 bins.

    Raises:
        InputError: the picture is smaller than a block.
        ValueError: another kind of picture.
    """
    _check_picture(picture)
    height, width = picture.shape[:2]
    if min(height, width) < _BLOCK_PX:
        raise _too_large((_BLOCK_PX, _BLOCK_PX), (height, width))
    rows, columns = ((side - _BLOCK_PX) // CELL_PX + 1 for side in (height, width))
    found = descriptor().compute(picture, (CELL_PX, CELL_PX))
    return torch.from_numpy(np.asarray(found).reshape(rows, columns, -1)).permute(2, 0, 1)


@dataclass(frozen=True, eq=False)
class Template:
    """A linear SVM over the blocks of a window.

    Attributes:
        weights: float32 ``(36, rows, columns)``, one for each number of each block.
        bias: added to the sum; a window with a response above 0 is taken for the object.
    """

    weights: Tensor
    bias: float

    @property
    def window_px(self) -> tuple[int, int]:
        """``(height, width)`` of the window: one cell more than blocks each way."""
        rows, columns = self.weights.shape[1:]
        return (rows + 1) * CELL_PX, (columns + 1) * CELL_PX

    def by_cell(self) -> Tensor:
        """What the template wants of each cell: float32 ``(rows + 1, columns + 1, 9)``.

        Weights of the up to four blocks that share a cell are added up.
        """
        return add_up_cells(self.weights)


def add_up_cells(numbers: Tensor) -> Tensor:
    """Numbers of blocks, added up for the cells that the up to four blocks share.

    Args:
        numbers: float32 ``(36, rows, columns)``.

    Returns:
        float32 ``(rows + 1, columns + 1, 9)``.
    """
    rows, columns = numbers.shape[1:]
    parts = numbers.reshape(BLOCK_CELLS, BLOCK_CELLS, BINS, rows, columns)
    cells = numbers.new_zeros(rows + 1, columns + 1, BINS)
    for across in range(BLOCK_CELLS):
        for down in range(BLOCK_CELLS):
            part = parts[across, down].permute(1, 2, 0)  # (rows, columns, 9)
            cells[down : down + rows, across : across + columns] += part
    return cells


@cache
def people_template() -> Template:
    """OpenCV's default people detector, trained on Dalal's pictures of people upright."""
    numbers = np.asarray(_cv2.HOGDescriptor_getDefaultPeopleDetector()).ravel()
    descriptor = cv2.HOGDescriptor()
    width, height = descriptor.winSize
    rows, columns = height // CELL_PX - 1, width // CELL_PX - 1
    stored = torch.tensor(numbers[:-1], dtype=torch.float32)  # column by column, then 36 a block
    weights = stored.reshape(columns, rows, -1).permute(2, 1, 0).contiguous()
    return Template(weights, float(numbers[-1]))


def respond(map_of_blocks: Tensor, template: Template) -> Tensor:
    """The template's response on every window, a cell apart.

    Args:
        map_of_blocks: float32 ``(36, rows, columns)`` from :func:`blocks`.
        template: at most as large.

    Returns:
        float32 ``(rows - template rows + 1, columns - template columns + 1)``.
    """
    response = F.conv2d(map_of_blocks[None], template.weights[None])
    return response[0, 0] + template.bias


@dataclass(frozen=True, eq=False)
class HogLevel:
    """One size of the picture.

    Attributes:
        scale: how many times smaller it is than the picture.
        size: its ``(H, W)``.
        response: float32 ``(rows, columns)``, of the window whose corner lies at 8 px a step.
    """

    scale: float
    size: tuple[int, int]
    response: Tensor


@dataclass(frozen=True, eq=False)
class HogScan:
    """The template's response on every window of the pyramid.

    Attributes:
        levels: largest picture first.
        boxes: float32 ``(N, 4)``, ``xyxy`` in whole pixels of the picture, level after level in
            reading order; rounding may take one over the border by a few.
        response: float32 ``(N,)``.
        level: int64 ``(N,)``, index into ``levels``.
    """

    levels: tuple[HogLevel, ...]
    boxes: Tensor
    response: Tensor
    level: Tensor

    def detections(self, least_response: float, class_name: str) -> Detections:
        """Every window that responds by ``least_response`` or more, neighbours and all.

        The score is the logistic function of the response: it ranks as the response does, and is
        0.5 where the SVM is undecided, but it is no probability.
        """
        chosen = self.response >= least_response
        scores = self.response[chosen].sigmoid()
        labels = torch.zeros(len(scores), dtype=torch.int64)
        return Detections.ranked(self.boxes[chosen], scores, labels, (class_name,))


def scan(picture: np.ndarray, template: Template, scale_factor: float = 1.05) -> HogScan:
    """Slide the template over the picture at every size, as ``detectMultiScale`` does.

    Args:
        picture: uint8 ``(H, W, 3)`` or ``(H, W)``; smaller than the window gives no windows.
        template: what to look for.
        scale_factor: how many times smaller each level is than the one before; 1.01 to 2.

    Raises:
        InputError: the factor is out of range.
        ValueError: another kind of picture.
    """
    _check_picture(picture)
    low, high = SCALE_FACTORS
    if not low <= scale_factor <= high:
        raise InputError(
            "value_out_of_range", name="scale_factor", low=low, high=high, value=scale_factor
        )
    levels, parts = [], []
    scale = 1.0
    while len(levels) < _MOST_LEVELS:
        size = round(picture.shape[0] / scale), round(picture.shape[1] / scale)
        if size[0] < template.window_px[0] or size[1] < template.window_px[1]:
            break
        level = HogLevel(scale, size, respond(blocks(shrink(picture, size)), template))
        levels.append(level)
        parts.append(_boxes(level, template.window_px))
        scale *= scale_factor
    counts = torch.tensor([len(part) for part in parts], dtype=torch.int64)
    return HogScan(
        levels=tuple(levels),
        boxes=torch.cat([torch.zeros(0, 4), *parts]),
        response=torch.cat([torch.zeros(0), *(level.response.flatten() for level in levels)]),
        level=torch.arange(len(levels)).repeat_interleave(counts),
    )


def shrink(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture at a level's ``(H, W)``, as OpenCV resamples it."""
    if size == picture.shape[:2]:
        return picture
    return cv2.resize(picture, (size[1], size[0]), interpolation=cv2.INTER_LINEAR_EXACT)


def _boxes(level: HogLevel, window_px: tuple[int, int]) -> Tensor:
    """The windows of a level in pixels of the picture, corner and size rounded as OpenCV does."""
    rows, columns = level.response.shape
    y, x = (torch.arange(n, dtype=torch.float64) * CELL_PX * level.scale for n in (rows, columns))
    height, width = (round(side * level.scale) for side in window_px)
    top, left = torch.meshgrid(y.round().float(), x.round().float(), indexing="ij")
    corners = [left, top, left + width, top + height]
    return torch.stack(corners, dim=-1).reshape(-1, 4)


# OpenCV's stubs do not know this static method, nor that ``None`` may be passed for outputs.
_cv2: Any = cv2


def descriptor(window: tuple[int, int] = (_BLOCK_PX, _BLOCK_PX)) -> Any:
    """OpenCV's HOG with cells, blocks and bins as here, for windows of ``(width, height)``."""
    block, cell = (_BLOCK_PX, _BLOCK_PX), (CELL_PX, CELL_PX)
    # Aperture, sigma, norm, clipping as OpenCV's default descriptor; the last is its gamma
    # correction, which this constructor would leave out.
    return _cv2.HOGDescriptor(window, block, cell, cell, BINS, 1, -1.0, 0, 0.2, True)


def _check_picture(picture: np.ndarray) -> None:
    is_picture = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)
    if not is_picture or picture.dtype != np.uint8:
        raise ValueError(f"a uint8 picture is needed, not {picture.dtype} {picture.shape}")


def _too_large(window: tuple[int, int], size: tuple[int, int]) -> InputError:
    names = [f"{width} × {height}" for height, width in (window, size)]
    return InputError("window_too_large", window=names[0], size=names[1])
