"""What becomes of a box whose file is read by another format's rules: the usual mistakes.

Each mistake takes the numbers that one format stores and reads them as if it counted otherwise. The
result is what a program would draw or learn from, without any error.
"""

from collections.abc import Callable
from typing import Literal, get_args

from engine.labels.model import Corners, cut

Misreading = Literal["voc_from_0", "yolo_corner", "yolo_pixels", "coco_corners"]
MISREADINGS: tuple[Misreading, ...] = get_args(Misreading)


def misread(corners: Corners, size: tuple[int, int], how: Misreading) -> Corners | None:
    """Where a box stands once its numbers were read wrongly.

    Args:
        corners: x1, y1, x2, y2 in pixels, half-open.
        size: (H, W) of the picture in pixels.
        how: "voc_from_0": VOC's corners, from 1 and inclusive, as if from 0 and half-open.
            "yolo_corner": YOLO's middle as if it were the upper left corner.
            "yolo_pixels": YOLO's shares as if they were pixels.
            "coco_corners": COCO's x, y, width, height as if they were two corners.

    Returns:
        The part of it within the picture, in pixels; None where nothing is left.
    """
    height, width = size
    x1, y1, x2, y2 = corners
    x, y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    read: dict[Misreading, Callable[[], Corners]] = {
        "voc_from_0": lambda: (x1 + 1, y1 + 1, x2, y2),
        "yolo_corner": lambda: (x, y, x + w, y + h),
        "yolo_pixels": lambda: (
            (x - w / 2) / width, (y - h / 2) / height, (x + w / 2) / width, (y + h / 2) / height
        ),
        "coco_corners": lambda: (x1, y1, w, h),
    }  # fmt: skip
    return cut(read[how](), size)


def overlap(one: Corners, other: Corners | None) -> float:
    """IoU of two boxes, 0 where there is no second one."""
    if other is None:
        return 0.0
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, high)
    return both / (_area(one) + _area(other) - both)


def _area(corners: Corners) -> float:
    return (corners[2] - corners[0]) * (corners[3] - corners[1])
