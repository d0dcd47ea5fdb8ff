"""Boxes from a heatmap: where neighbouring windows agree, one box around them.

The cells at or above a threshold that touch each other, corners included, are one hot area; its box
is as large as the area, and not as the window. Two objects whose areas touch become one.

Source: connected components, Rosenfeld and Pfaltz 1966; OpenCV's ``connectedComponentsWithStats``.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.detection.detections import rank
from engine.detection.windows import Grid, Level


@dataclass(frozen=True, eq=False)
class HotAreas:
    """Hot areas of a map, the one with the highest cell first.

    Attributes:
        cells: int64 ``(K, 4)``, ``xyxy`` in cells, half-open.
        scores: float32 ``(K,)``, the highest cell of each.
        counts: int64 ``(K,)``, cells in each.
    """

    cells: Tensor
    scores: Tensor
    counts: Tensor


def find_hot_areas(heat: Tensor, threshold: float) -> HotAreas:
    """The areas of ``heat`` at or above ``threshold``.

    Args:
        heat: float32 ``(rows, columns)``.
        threshold: a cell belongs to an area from here on.
    """
    hot = (heat >= threshold).numpy().astype(np.uint8)
    count, areas, stats, _ = cv2.connectedComponentsWithStats(hot, connectivity=8)
    found = torch.from_numpy(stats[1:].astype(np.int64))  # the first is all that is not hot
    corner, size, counts = found[:, :2], found[:, 2:4], found[:, 4]
    values, owners = heat.numpy(), areas
    scores = torch.tensor([values[owners == k].max() for k in range(1, count)], dtype=torch.float32)
    first = rank(scores)
    return HotAreas(torch.cat([corner, corner + size], dim=1)[first], scores[first], counts[first])


def boxes_of(areas: HotAreas, grid: Grid, level: Level) -> Tensor:
    """The areas as boxes on the original picture, float32 ``(K, 4)``, ``xyxy`` pixels.

    A cell reaches half a stride to each side of its window's centre.

    Args:
        areas: of a map over ``grid``.
        grid: the windows on the scaled picture.
        level: the scaled picture.
    """
    height, width = grid.window_px
    margin = torch.tensor([width, height, width, height]) - grid.stride_px
    return level.to_original(areas.cells * grid.stride_px + margin / 2)
