"""The things of a photo apart: a detector's box around each, and GrabCut within it.

No mask is learnt here. NanoDet says what is where; within each box GrabCut finds the outline that
suits the colours inside and outside of it. A pixel that two things claim belongs to the surer one.

Sources: Rother, Kolmogorov, Blake, "GrabCut", SIGGRAPH 2004 (begun with a box); Kirillov et al.,
"Panoptic segmentation", CVPR 2019, section 5 (overlaps go to the higher score).
"""

from collections.abc import Iterator
from math import ceil, floor

import numpy as np
import torch

from engine.detection.coco import COCO_CLASSES
from engine.detection.detections import Detections
from engine.detection.nanodet.finding import FLOOR, USUAL_SCORE, find_things
from engine.detection.nanodet.weights import load_nanodet
from engine.device import choose_device
from engine.progress import Progress
from engine.segment.grab_cut import MAYBE_FRONT, SURE_BACK, Trimap, grab_cut_steps
from engine.segment.segmented_picture import SegmentedPicture

#: Each is an outline of its own, about half a second of a core.
MOST_THINGS = 12
USUAL_LEAST = USUAL_SCORE
#: Each mixture of colours begins with as many means, so it needs as many pixels.
_LEAST_PX = 5


def thing_steps(pixels: np.ndarray) -> Iterator[Progress[Detections]]:
    """What NanoDet finds, down to its lowest score; boxes as shares of the picture's sides.

    Args:
        pixels: uint8 (H, W, 3), RGB, H and W >= 1.

    Raises:
        InputError: the weights are not there, or the device has no memory.
    """
    yield Progress(0, 1)
    (found,) = find_things(load_nanodet(choose_device()), [pixels], FLOOR)
    height, width = pixels.shape[:2]
    shares = found.boxes / torch.tensor([width, height, width, height])
    yield Progress(1, 1, Detections(shares, found.scores, found.labels, found.class_names))


def cut_out_things(
    pixels: np.ndarray, said: Detections, least: float = USUAL_LEAST
) -> Iterator[Progress[SegmentedPicture]]:
    """Each thing's pixels, the surest ``MOST_THINGS`` of them; a step a thing.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        said: of :func:`thing_steps`, for this picture at any size.
        least: a thing must score so much, in [0, 1].
    """
    height, width = pixels.shape[:2]
    wanted = said.at_least(least)
    count = min(len(wanted), MOST_THINGS)
    boxes = wanted.boxes[:count] * torch.tensor([width, height, width, height])
    ids = np.zeros((height, width), np.int32)
    for number, box in enumerate(boxes.tolist(), start=1):
        yield Progress(number - 1, count)
        ids[_cut(pixels, box) & (ids == 0)] = number
    described = [
        (label, True, score)
        for label, score in zip(
            wanted.labels[:count].tolist(), wanted.scores[:count].tolist(), strict=True
        )
    ]
    answer = SegmentedPicture.of_map("instance", ids, described, COCO_CLASSES)
    yield Progress(max(count, 1), max(count, 1), answer)


def _cut(pixels: np.ndarray, box: list[float]) -> np.ndarray:
    """The thing's pixels, bool (H, W): all of its box where one side has too few for colours."""
    height, width = pixels.shape[:2]
    left, top = max(0, floor(box[0])), max(0, floor(box[1]))
    right, bottom = min(width, ceil(box[2])), min(height, ceil(box[3]))
    marks = np.full((height, width), SURE_BACK, np.uint8)
    marks[top:bottom, left:right] = MAYBE_FRONT
    inside = marks == MAYBE_FRONT
    if min(inside.sum(), (~inside).sum()) < _LEAST_PX:
        return inside
    for step in grab_cut_steps(pixels, Trimap(marks, (left, top, right, bottom))):
        if step.result is not None:
            return step.result.masks[-1]
    raise AssertionError("the last step has the result")
