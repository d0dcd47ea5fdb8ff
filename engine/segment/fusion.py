"""From three maps to segments: what each pixel is, where centres are, and which way they lie.

1. Each pixel takes the class with the highest logit.
2. Peaks of the centre map are pixels that no other in a window exceeds, the best above a threshold.
3. Each pixel of a thing points at a place (itself plus its offset) and goes to the nearest peak.
4. The pixels of a peak vote: the commonest of their classes is the segment's.
5. Stuff is one segment a class; where it is smaller than a limit, it becomes void.

Everything on the way is kept. Source: Cheng et al., "Panoptic-DeepLab", CVPR 2020, section 3.3.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.errors import InputError
from engine.segment.panoptic_net import PanopticMaps
from engine.segment.segments import VOID, Segment, Segmentation

MAX_WINDOW_PX, MAX_PEAKS, MAX_STUFF_AREA_PX = 63, 200, 1_000_000


@dataclass(frozen=True)
class FusionSettings:
    """What decides the fusion.

    Attributes:
        threshold: a peak must be higher, in [0, 1].
        window_px: side of the window that a peak rules, odd, 1 to 63.
        most_peaks: only so many of the highest count, 1 to 200.
        stuff_area_px: smaller stuff becomes void, >= 0.

    Raises:
        InputError: a value outside its range, or an even window.
    """

    threshold: float = 0.3
    window_px: int = 7
    most_peaks: int = 50
    stuff_area_px: int = 64

    def __post_init__(self) -> None:
        ranges = {
            "threshold": (0, 1),
            "window_px": (1, MAX_WINDOW_PX),
            "most_peaks": (1, MAX_PEAKS),
            "stuff_area_px": (0, MAX_STUFF_AREA_PX),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)
        if self.window_px % 2 == 0:
            raise InputError("peak_window_even", value=self.window_px)


@dataclass(frozen=True, eq=False)
class Peaks:
    """Centres of things, P of them, the highest first.

    Attributes:
        cells: int64 (P, 2), (row, column).
        heights: float32 (P,), falling, above the threshold.
        maxima: bool (H, W), all pixels that none in their window exceeds, however low.
    """

    cells: Tensor
    heights: Tensor
    maxima: Tensor


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which peak won each pixel, whether the pixel is a thing's or not.

    Attributes:
        winner: int64 (H, W), index of the nearest peak, ties by the lower; -1 without any peak.
        distance_px: float32 (H, W), from the place pointed at to that peak; inf without one.
        second_px: float32 (H, W), to the second nearest; inf with fewer than two.
        pointed_at: float32 (2, H, W), (x, y) of that place in pixels.
    """

    winner: Tensor
    distance_px: Tensor
    second_px: Tensor
    pointed_at: Tensor


@dataclass(frozen=True, eq=False)
class Fusion:
    """The segments and all that led to them; on the CPU.

    Attributes:
        semantic: int64 (H, W), class of each pixel by itself.
        peaks, grouping: steps 2 and 3.
        votes: int64 (P, classes), pixels of things by winner and class.
        stuff_px: int64 (classes,), pixels of each stuff class; 0 for things.
        peak_ids: int64 (P,), the segment of each peak; 0 where it won no pixel.
        result: things in the order of their peaks, then stuff in the order of its classes.
    """

    semantic: Tensor
    peaks: Peaks
    grouping: Grouping
    votes: Tensor
    stuff_px: Tensor
    peak_ids: Tensor
    result: Segmentation


def fuse(maps: PanopticMaps, is_thing: Tensor, settings: FusionSettings) -> Fusion:
    """Segments of one picture.

    A thing's pixel is void where there is no peak at all. A thing's score is its peak's height
    (at most 1) times the mean probability of its class over its pixels; stuff's is the latter.

    Args:
        maps: of one picture: logits (classes, H, W), centres (H, W), offsets (2, H, W).
        is_thing: bool (classes,).
        settings: thresholds.

    Raises:
        ValueError: shapes that do not belong together.
    """
    maps, is_thing = _check(maps, is_thing)
    semantic = maps.logits.argmax(dim=0)
    peaks = find_peaks(maps.centres, settings)
    grouping = group(maps.offsets, peaks.cells)
    things = is_thing[semantic]
    votes = _count_votes(
        semantic, grouping.winner.where(things, -1), len(peaks.cells), len(is_thing)
    )
    stuff_px = semantic.flatten().bincount(minlength=len(is_thing)).where(~is_thing, 0)
    won, kept = votes.sum(dim=1) > 0, stuff_px >= max(settings.stuff_area_px, 1)
    peak_ids = won.cumsum(0).where(won, VOID)
    stuff_ids = (kept.cumsum(0) + won.sum()).where(kept, VOID)
    by_winner = torch.cat([peak_ids, peak_ids.new_tensor([VOID])])  # no winner is -1, the last
    ids = by_winner[grouping.winner].where(things, stuff_ids[semantic])
    rows = [(int(votes[k].argmax()), True, float(peaks.heights[k])) for k in won.nonzero()[:, 0]]
    rows += [(int(category), False, 1.0) for category in kept.nonzero()[:, 0]]
    result = _describe(ids.numpy().astype(np.int32), rows, maps.logits.softmax(dim=0).numpy())
    return Fusion(semantic, peaks, grouping, votes, stuff_px, peak_ids, result)


def find_peaks(centres: Tensor, settings: FusionSettings) -> Peaks:
    """Pixels that none in their window exceeds, the highest above the threshold.

    Equal neighbours are all maxima, as in the paper's max-pooling; equal heights stand in the
    order of rows, then columns.

    Args:
        centres: float32 (H, W).
        settings: window, threshold and how many.
    """
    window = settings.window_px
    highest = F.max_pool2d(centres[None, None], window, stride=1, padding=window // 2)[0, 0]
    maxima = centres == highest
    cells = (maxima & (centres > settings.threshold)).nonzero()
    heights = centres[cells[:, 0], cells[:, 1]]
    order = heights.argsort(descending=True, stable=True)[: settings.most_peaks]
    return Peaks(cells[order], heights[order], maxima)


def group(offsets: Tensor, cells: Tensor) -> Grouping:
    """The nearest peak for each pixel, seen from the place that it points at.

    Args:
        offsets: float32 (2, H, W), (x, y) in pixels.
        cells: int64 (P, 2), (row, column) of the peaks.
    """
    height, width = offsets.shape[1:]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    pointed_at = torch.stack([x, y]) + offsets  # from pixel centre to pixel centre
    winner = torch.full((height, width), -1)
    distance, second = torch.full((2, height, width), torch.inf)
    for index, (row, column) in enumerate(cells.tolist()):
        away = torch.hypot(pointed_at[0] - column, pointed_at[1] - row)
        nearer = away < distance
        second = torch.where(nearer, distance, torch.minimum(second, away))
        winner = winner.masked_fill(nearer, index)
        distance = torch.where(nearer, away, distance)
    return Grouping(winner, distance, second, pointed_at + 0.5)


def _check(maps: PanopticMaps, is_thing: Tensor) -> tuple[PanopticMaps, Tensor]:
    logits, centres, offsets = (each.detach().to("cpu", torch.float32) for each in maps)
    size = tuple(centres.shape)
    if logits.shape != (len(is_thing), *size) or offsets.shape != (2, *size) or len(size) != 2:
        shapes = [tuple(each.shape) for each in (logits, centres, offsets)]
        raise ValueError(f"maps of {shapes} and {len(is_thing)} classes do not belong together")
    return PanopticMaps(logits, centres, offsets), is_thing.to("cpu", torch.bool)


def _count_votes(semantic: Tensor, winner: Tensor, peaks: int, classes: int) -> Tensor:
    """int64 (P, classes); pixels whose winner is -1 do not vote."""
    votes = winner >= 0
    ballots = winner[votes] * classes + semantic[votes]
    return ballots.bincount(minlength=peaks * classes).reshape(peaks, classes)


def _describe(
    ids: np.ndarray, rows: list[tuple[int, bool, float]], probs: np.ndarray
) -> Segmentation:
    """Segments 1, 2, … from (category, thing, height of its peak or 1) of each."""
    found = []
    for number, (category, thing, height) in enumerate(rows, start=1):
        mask = ids == number
        score = min(height, 1.0) * min(float(probs[category][mask].mean()), 1.0)
        found.append(Segment(number, category, thing, int(mask.sum()), score))
    return Segmentation(ids, tuple(found))
