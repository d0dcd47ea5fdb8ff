"""The window classifier as a detector of drawn shapes: one pass for each size of window, then NMS.

A window says that an object lies in its middle, not how large it is. The box is therefore what the
objects of the training windows measured on average: rough by construction, which is what a strict
IoU threshold shows.
"""

import numpy as np
import torch

from engine.detection.dense_to_conv import FullyConvolutional, sweep_picture
from engine.detection.detections import Detections
from engine.detection.thinning import Thinning, thin_out
from engine.detection.window_classifiers import WindowClassifier
from engine.detection.window_patches import SCENES64, WINDOW_PX
from engine.detection.windows import Grid

#: An object's longer side over the side of the window that it was trained in, on average.
OBJECT_SHARE = sum(SCENES64.sizes_px) / 2 / WINDOW_PX
#: Sides of the windows in pixels of the picture.
WINDOWS_PX = (24, 30, 36, 42)
NMS_IOU = 0.3


@torch.no_grad()
def find_shapes(
    seen: WindowClassifier,
    fully: FullyConvolutional,
    pixels: np.ndarray,
    windows_px: tuple[int, ...] = WINDOWS_PX,
    least: float = 0.05,
) -> Detections:
    """Circles, squares and triangles on a drawn scene.

    Args:
        seen: the classifier of windows; its first class is "nothing".
        fully: the same net, its dense layer a convolution.
        pixels: uint8 ``(H, W, 3)``, no side shorter than the largest window.
        windows_px: sides of the windows.
        least: probability from which on a window is a box; in [0, 1].
    """
    height, width = pixels.shape[:2]
    boxes, scores, labels = [torch.zeros(0, 4)], [torch.zeros(0)], [torch.zeros(0).long()]
    for window_px in windows_px:
        level = seen.level((height, width), window_px)
        grid = Grid(level.size, fully.window_px, fully.stride_px)
        logits = sweep_picture(fully, seen.prepare(pixels, level), grid).logits
        probs = logits.softmax(dim=0)[1:].flatten(1)  # (shapes, windows)
        label, at = (probs >= least).nonzero(as_tuple=True)
        windows = level.to_original(grid.boxes())[at]
        centre, half = (windows[:, :2] + windows[:, 2:]) / 2, windows[:, 2:] - windows[:, :2]
        half = half * OBJECT_SHARE / 2
        boxes.append(torch.cat([centre - half, centre + half], dim=1))
        scores.append(probs[label, at])
        labels.append(label)
    found = Detections.ranked(
        torch.cat(boxes), torch.cat(scores), torch.cat(labels), seen.classes[1:]
    )
    left = thin_out(found, Thinning("per_class", iou=NMS_IOU, score=least))
    return Detections.ranked(left.boxes, left.scores, left.labels, found.class_names)
