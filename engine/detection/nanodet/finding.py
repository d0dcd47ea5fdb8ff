"""NanoDet on pictures of any size: what every cell says, the boxes worth a look, the things found.

A cell has one box, so it proposes that once, for its best class, as RangiLyu/nanodet's demos do.
Its evaluation lets every class of a cell propose the box, which finds the same things but calls
many by two names.

Source: RangiLyu/nanodet, ``gfl_head.py`` (least score 0.05, NMS in each class at IoU 0.6) and
``demo_ncnn``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.detection.coco import COCO_CLASSES
from engine.detection.detections import Detections
from engine.detection.nanodet.cells import Cells, flatten_grids, read_cells
from engine.detection.nanodet.letterbox import INPUT_PX, Letterbox, fit, normalise, put_in
from engine.detection.nanodet.net import NanoDet
from engine.detection.nms import nms_trace
from engine.device import run_in_batches
from engine.errors import InputError

FLOOR = 0.05  # a score below is never a thing
USUAL_SCORE = 0.4
NMS_IOU = 0.6


@dataclass(frozen=True, eq=False)
class Seen:
    """What the network sees in one picture.

    Attributes:
        place: where the picture lies in the network's square.
        cells: what every cell says; its boxes are in the square.
    """

    place: Letterbox
    cells: Cells

    def boxes(self) -> Tensor:
        """Every cell's box in the picture's own pixels, cut at its edge: float32 (M, 4)."""
        return self.place.to_picture(self.cells.boxes())


def see(net: NanoDet, pictures: Sequence[np.ndarray], keep_shape: bool = True) -> list[Seen]:
    """What every cell says of each picture, all pictures in one pass.

    Args:
        net: in eval mode; only read.
        pictures: each uint8 (H, W, 3), RGB, H and W >= 1.
        keep_shape: False stretches each over the square, to see what that does.

    Raises:
        InputError: the device has no memory even for one picture.
        ValueError: one is not a picture.
    """
    for pixels in pictures:
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise ValueError(f"uint8 (H, W, 3) is needed, not {pixels.dtype} {pixels.shape}")
    places = [fit((each.shape[0], each.shape[1]), keep_shape) for each in pictures]
    return see_placed(net, pictures, places)


@torch.no_grad()
def see_placed(
    net: NanoDet, pictures: Sequence[np.ndarray], places: Sequence[Letterbox]
) -> list[Seen]:
    """As :func:`see`, each picture where its own place says.

    Raises:
        InputError: the device has no memory even for one picture.
    """
    squares = [put_in(each, place) for each, place in zip(pictures, places, strict=True)]
    device = next(net.parameters()).device

    def forward(batch: Tensor) -> Tensor:
        return flatten_grids(net(batch)).cpu()

    outputs = run_in_batches(forward, normalise(np.stack(squares), device), device)
    size = (INPUT_PX, INPUT_PX)
    return [
        Seen(place, read_cells(output, size)) for place, output in zip(places, outputs, strict=True)
    ]


def propose(
    seen: Seen, least: float = FLOOR, class_names: Sequence[str] = COCO_CLASSES
) -> Detections:
    """The box of each cell whose best class scores ``least`` or more, in the picture's pixels.

    Cells in the black beside the picture propose nothing: no part of their box is on it.
    """
    scores, labels = seen.cells.scores.max(dim=1)
    boxes = seen.boxes()
    chosen = (scores >= least) & (boxes[:, 2:] > boxes[:, :2]).all(dim=1)
    return Detections.ranked(boxes[chosen], scores[chosen], labels[chosen], class_names)


def find_things(
    net: NanoDet,
    pictures: Sequence[np.ndarray],
    score: float = USUAL_SCORE,
    iou: float = NMS_IOU,
    agnostic: bool = False,
) -> list[Detections]:
    """The things on each picture.

    Args:
        net, pictures: as for :func:`see`.
        score: a box must score so much, in [0, 1].
        iou: a box goes where it overlaps a better one by more, in [0, 1].
        agnostic: whatever class the better one is of; else only of the same class.

    Raises:
        InputError: a threshold is out of range, or the device has no memory.
        ValueError: one is not a picture.
    """
    if not 0 <= score <= 1:
        raise InputError("value_out_of_range", name="score", low=0, high=1, value=score)
    found = []
    for seen in see(net, pictures):
        proposed = propose(seen, score)
        labels = None if agnostic else proposed.labels
        found.append(proposed.take(nms_trace(proposed.boxes, proposed.scores, iou, labels).kept))
    return found
