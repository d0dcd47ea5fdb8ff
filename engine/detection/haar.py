"""Haar cascades, taken apart: which windows survive each stage, and why.

The picture shrinks step by step while the window stays. Sums over rectangles come from integral
images, four look-ups each, whatever the size. Each stage throws out most of what is left, so that
the long later stages see few windows. What survives all stages is grouped.

This computes what ``cv2.CascadeClassifier.detectMultiScale`` does, window for window, in the same
precision. One thing OpenCV does not do: below scale 2 it looks at every other pixel only, and it
skips the window right of one that the first stage rejects. Both are kept here, and marked.

Sources: Viola & Jones 2001; Lienhart & Maydt 2002; OpenCV's ``cascadedetect.cpp``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import clip
from engine.detection.cascade_file import Cascade
from engine.detection.clustering import Clusters, cluster_boxes
from engine.detection.detections import Detections
from engine.detection.haar_features import Integrals, find_contrast, tables_of
from engine.errors import InputError
from engine.progress import Progress, finish

#: How far the picture shrinks from one level to the next, both ends included.
SCALE_FACTORS = (1.01, 2.0)
#: OpenCV lowers every stage's threshold by this.
THRESHOLD_SLACK = np.float32(1e-5)
_GROUP_EPS = 0.2


@dataclass(frozen=True, eq=False)
class HaarScan:
    """What became of every window of the pyramid that was looked at.

    Attributes:
        boxes: float32 ``(N, 4)``, ``xyxy`` in whole pixels of the picture; rounding may take one
            over the border by a few.
        level: int64 ``(N,)``, index into ``scales``.
        passed: int64 ``(N,)``, stages that the window passed; -1 where it was too flat to look at.
        margin: float32 ``(N,)``, sum of the last stage that it came to, less what that stage asks
            for; 0 for flat ones.
        scales: how many times smaller than the picture each level is.
        stages: number of stages.
        size: ``(H, W)`` of the picture.
    """

    boxes: Tensor
    level: Tensor
    passed: Tensor
    margin: Tensor
    scales: tuple[float, ...]
    stages: int
    size: tuple[int, int]

    def survivors(self, stage: int) -> Tensor:
        """Indices of the windows that passed the first ``stage`` stages; 0 is all of them."""
        return (self.passed >= stage).nonzero()[:, 0] if stage else torch.arange(len(self.passed))

    def counts(self) -> Tensor:
        """int64 ``(stages + 1,)``: all windows, and how many passed 1, 2, ... stages."""
        return torch.tensor([len(self.survivors(stage)) for stage in range(self.stages + 1)])

    def group(self, min_neighbours: int) -> Clusters:
        """The windows that passed all stages, grouped as OpenCV does.

        Raises:
            InputError: ``min_neighbours`` is out of range.
        """
        return cluster_boxes(self.boxes[self.survivors(self.stages)], min_neighbours, _GROUP_EPS)

    def detections(self, min_neighbours: int, class_name: str) -> Detections:
        """The groups that are left, clipped to the picture.

        The score is ``n / (n + 1)`` for a group of n windows: it ranks by support and is no
        probability. OpenCV gives the bare n.

        Raises:
            InputError: ``min_neighbours`` is out of range.
        """
        clusters = self.group(min_neighbours)
        counts = clusters.counts[clusters.kept].float()
        labels = torch.zeros(len(counts), dtype=torch.int64)
        boxes = clip(clusters.boxes[clusters.kept], self.size)
        return Detections.ranked(boxes, counts / (counts + 1), labels, (class_name,))


def scan(cascade: Cascade, grey: np.ndarray, scale_factor: float = 1.1) -> HaarScan:
    """Look at every window of the pyramid.

    Args:
        cascade: from :mod:`engine.detection.cascade_file`.
        grey: uint8 ``(H, W)``; smaller than the window gives no windows at all.
        scale_factor: how many times smaller each level is than the one before; 1.01 to 2.

    Raises:
        InputError: the factor is out of range.
        ValueError: another kind of picture.
    """
    return finish(scan_steps(cascade, grey, scale_factor))


def scan_steps(
    cascade: Cascade, grey: np.ndarray, scale_factor: float = 1.1
) -> Iterator[Progress[HaarScan]]:
    """As :func:`scan`, telling after each level how many percent of all pixels are done."""
    if grey.ndim != 2 or grey.dtype != np.uint8:
        raise ValueError(f"a uint8 (H, W) picture is needed, not {grey.dtype} {grey.shape}")
    low, high = SCALE_FACTORS
    if not low <= scale_factor <= high:
        raise InputError(
            "value_out_of_range", name="scale_factor", low=low, high=high, value=scale_factor
        )
    scales = _scales(cascade.window_px, grey.shape, scale_factor)
    work = np.cumsum([1 / float(scale) ** 2 for scale in scales])
    parts = []
    for scale, done in zip(scales, work, strict=True):
        parts.append(_scan_level(cascade, grey, scale))
        yield Progress(int(100 * done / work[-1]), 100)
    yield Progress(100, 100, _gather(parts, scales, cascade, grey.shape))


def _gather(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    scales: list[np.float32],
    cascade: Cascade,
    size: tuple[int, ...],
) -> HaarScan:
    empty = (np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros(0, np.float32))
    boxes, passed, margin = (
        torch.from_numpy(np.concatenate(column)) for column in zip(empty, *parts, strict=True)
    )
    sizes = torch.tensor([len(part[1]) for part in parts], dtype=torch.int64)
    level = torch.arange(len(parts)).repeat_interleave(sizes)
    return HaarScan(
        boxes=boxes,
        level=level,
        passed=passed,
        margin=margin,
        scales=tuple(map(float, scales)),
        stages=len(cascade.stages),
        size=(size[0], size[1]),
    )


def _scales(
    window_px: tuple[int, int], size: tuple[int, ...], scale_factor: float
) -> list[np.float32]:
    scales, factor = [], 1.0
    while all(round(side * factor) <= room for side, room in zip(window_px, size, strict=True)):
        scales.append(np.float32(factor))
        factor *= scale_factor
    return scales


def _scan_level(
    cascade: Cascade, grey: np.ndarray, scale: np.float32
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes, stages passed and margins of the windows that OpenCV looks at on one level."""
    width, height = (int(np.rint(np.float32(side) / scale)) for side in grey.shape[::-1])
    shrunk = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR_EXACT)
    sums = Integrals.of(shrunk)
    step = 1 if scale >= 2 else 2
    rows = np.arange(0, height - cascade.window_px[0] + 1, step)
    columns = np.arange(0, width - cascade.window_px[1] + 1, step)
    y, x = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    passed, margin = evaluate(cascade, sums, y, x)
    looked_at = _looked_at(passed.reshape(len(rows), len(columns))).ravel()
    corners = [np.rint(at.astype(np.float32) * scale) for at in (x, y)]
    sides = [np.rint(np.float32(side) * scale) for side in cascade.window_px[::-1]]
    ends = [corner + side for corner, side in zip(corners, sides, strict=True)]
    boxes = np.stack([*corners, *ends], axis=1).astype(np.float32)
    return boxes[looked_at], passed[looked_at], margin[looked_at]


def _looked_at(passed: np.ndarray) -> np.ndarray:
    """OpenCV skips the window right of one that it looked at and that no stage let pass."""
    seen = np.ones(passed.shape, bool)
    for column in range(1, passed.shape[1]):
        seen[:, column] = ~(seen[:, column - 1] & (passed[:, column - 1] == 0))
    return seen


def evaluate(
    cascade: Cascade, sums: Integrals, y: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Send windows through the stages, each as far as it comes.

    Args:
        cascade: the cascade.
        sums: of the picture.
        y: int64 ``(N,)``, upper edges of the windows.
        x: int64 ``(N,)``, left edges.

    Returns:
        Stages passed, int64 ``(N,)``, -1 for flat windows, and margins, float32 ``(N,)``, as in
        :class:`HaarScan`.
    """
    contrast = find_contrast(cascade.window_px, sums, y, x)
    passed = np.where(np.isnan(contrast), -1, 0)
    margin = np.zeros(len(y), np.float32)
    left = np.flatnonzero(passed == 0)
    for stage, tables in zip(cascade.stages, tables_of(cascade), strict=True):
        threshold = np.float32(stage.threshold) - THRESHOLD_SLACK
        stage_sums = tables.sum_trees(sums, y[left], x[left], contrast[left])
        margin[left] = stage_sums - threshold
        left = left[stage_sums >= threshold]
        passed[left] += 1
    return passed, margin
