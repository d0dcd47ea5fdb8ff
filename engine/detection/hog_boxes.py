"""Boxes that a learner draws, brought to one shape and read as HOG.

Sources: Dalal & Triggs 2005; Felzenszwalb et al. 2010 (a template's shape from its boxes).
"""

import math

import cv2
import numpy as np
import torch
from torch import Tensor

from engine.detection.boxes import area, check_boxes
from engine.detection.hog import CELL_PX, blocks
from engine.errors import InputError

MOST_BOXES = 50
LEAST_SIDE_PX = 20
CELLS = 40  # a template has about so many cells
CELLS_A_SIDE = (3, 12)


def check_objects(boxes: Tensor, size: tuple[int, int]) -> None:
    """Raise unless the boxes can be trained on.

    Args:
        boxes: float32 ``(P, 4)``, ``xyxy``.
        size: ``(H, W)`` of the picture.

    Raises:
        InputError: none or too many, not finite, inside out, too small or outside the picture.
    """
    if not 1 <= len(boxes) <= MOST_BOXES:
        raise InputError("svm_boxes", most=MOST_BOXES, count=len(boxes))
    check_drawn(boxes, size)


def check_drawn(boxes: Tensor, size: tuple[int, int]) -> None:
    """As :func:`check_objects`, but there may be no box at all."""
    if len(boxes) > MOST_BOXES:
        raise InputError("svm_boxes", most=MOST_BOXES, count=len(boxes))
    check_boxes(boxes)
    height, width = size
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist(), start=1):
        if x1 < 0 or y1 < 0 or x2 > width or y2 > height:
            raise InputError("svm_box_outside", number=number, width=width, height=height)
        if min(x2 - x1, y2 - y1) < LEAST_SIDE_PX:
            given = f"{x2 - x1:g} × {y2 - y1:g}"
            raise InputError("svm_box_small", number=number, least=LEAST_SIDE_PX, size=given)


def template_cells(boxes: Tensor) -> tuple[int, int]:
    """Rows and columns of cells of a template for these boxes: their mean shape, about 40 cells."""
    sides = boxes[:, 2:] - boxes[:, :2]
    tall = float((sides[:, 1] / sides[:, 0]).log().mean().exp())
    low, high = CELLS_A_SIDE
    rows, columns = (math.sqrt(CELLS * tall), math.sqrt(CELLS / tall))
    return min(high, max(low, round(rows))), min(high, max(low, round(columns)))


def fit_to_cells(boxes: Tensor, cells: tuple[int, int]) -> Tensor:
    """The boxes in the template's shape, about the same middle and of the same area."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    side = (area(boxes) / (cells[0] * cells[1])).sqrt()[:, None]  # of a cell
    half = side * torch.tensor([cells[1], cells[0]]) / 2
    return torch.cat([middle - half, middle + half], dim=1)


def box_features(picture: np.ndarray, boxes: Tensor, cells: tuple[int, int]) -> Tensor:
    """Blocks of each box, brought to the template's size with a cell around it.

    The cell around it is cut off again: a sliding window sees its neighbours' gradients too.

    Args:
        picture: uint8 ``(H, W, 3)``.
        boxes: float32 ``(P, 4)`` in the template's shape; beyond the picture its edge repeats.
        cells: rows and columns of the template.

    Returns:
        float32 ``(P, 36, rows - 1, columns - 1)``.
    """
    rows, columns = cells
    size = ((columns + 2) * CELL_PX, (rows + 2) * CELL_PX)
    found = []
    for box in boxes.double().numpy():
        cell = (box[2:] - box[:2]) / (columns, rows)
        x1, y1, x2, y2 = np.rint(np.concatenate([box[:2] - cell, box[2:] + cell])).astype(int)
        across = np.clip(np.arange(x1, x2), 0, picture.shape[1] - 1)
        down = np.clip(np.arange(y1, y2), 0, picture.shape[0] - 1)
        part = np.ascontiguousarray(picture[down][:, across])
        way = cv2.INTER_AREA if part.shape[1] > size[0] else cv2.INTER_LINEAR
        found.append(blocks(cv2.resize(part, size, interpolation=way))[:, 1:-1, 1:-1])
    return torch.stack(found) if found else torch.zeros(0, 36, rows - 1, columns - 1)
