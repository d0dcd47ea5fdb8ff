"""What a learner draws to steer GrabCut: a box around the thing, strokes on it and beside it.

Outside the box is surely background, inside perhaps the thing; without a box everything is perhaps
background, so that strokes alone can begin. A stroke settles the pixels under it, a later one over
an earlier one.

Source: Rother, Kolmogorov, Blake, "GrabCut", SIGGRAPH 2004: the box, then user editing.
"""

import re

import cv2
import numpy as np

from engine.errors import InputError
from engine.segment.grab_cut import MAYBE_BACK, MAYBE_FRONT, SURE_BACK, SURE_FRONT, Trimap

WHOLE = 1000  # parts of the picture's sides
MOST_STROKES, MOST_POINTS = 40, 400
BRUSH = 0.02  # of the longer side, a stroke's width
_STROKE = re.compile(r"([rfb]):(\d{1,4},\d{1,4}(?:;\d{1,4},\d{1,4})*)")
_MARKS = {"f": SURE_FRONT, "b": SURE_BACK}


def read_marks(text: str, size: tuple[int, int]) -> Trimap:
    """The seed that a drawing makes.

    Args:
        text: ``r:x,y;x,y`` a box by two corners, ``f:x,y;…`` a stroke on the thing, ``b:x,y;…`` one
            beside it, in thousandths of the picture's sides, with ``|`` between; the last box
            counts.
        size: (H, W) of the picture that is cut.

    Raises:
        InputError: it is no drawing, too long a one, a box without size, or nothing is drawn that
            could be the thing.
    """
    strokes = [_read(part, number) for number, part in enumerate(text.split("|"), 1) if part]
    if len(strokes) > MOST_STROKES or sum(len(points) for _, points in strokes) > MOST_POINTS:
        raise InputError("marks_too_many", strokes=MOST_STROKES, points=MOST_POINTS)
    height, width = size
    marks = np.full(size, MAYBE_BACK, np.uint8)
    box = (0, 0, width, height)
    for kind, points in strokes:
        if kind == "r":
            box = _box(points, size)
            marks[:] = SURE_BACK
            marks[box[1] : box[3], box[0] : box[2]] = MAYBE_FRONT
    brush = max(1, round(BRUSH * max(size)))
    for kind, points in strokes:
        if kind == "r":
            continue
        pixels = np.array([_pixel(point, size) for point in points], np.int32).reshape(-1, 1, 2)
        cv2.polylines(marks, [pixels], False, _MARKS[kind], brush)  # pyright: ignore[reportCallIssue, reportArgumentType]
        cv2.circle(marks, pixels[0, 0].tolist(), brush // 2, _MARKS[kind], -1)
    if not np.isin(marks, (SURE_FRONT, MAYBE_FRONT)).any():
        raise InputError("marks_nothing")
    return Trimap(marks, box)


def _read(part: str, number: int) -> tuple[str, list[tuple[int, int]]]:
    found = _STROKE.fullmatch(part)
    if not found:
        raise InputError("marks_malformed", number=number, text=part[:40])
    points = [tuple(map(int, point.split(","))) for point in found[2].split(";")]
    if any(value > WHOLE for point in points for value in point):
        raise InputError("marks_malformed", number=number, text=part[:40])
    return found[1], [(x, y) for x, y in points]


def _box(points: list[tuple[int, int]], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """xyxy in pixels, half-open."""
    height, width = size
    across, down = ([point[axis] for point in points] for axis in (0, 1))
    x1, x2 = (round(edge * width / WHOLE) for edge in (min(across), max(across)))
    y1, y2 = (round(edge * height / WHOLE) for edge in (min(down), max(down)))
    if len(points) != 2 or x2 <= x1 or y2 <= y1:
        raise InputError("marks_box")
    return x1, y1, x2, y2


def _pixel(point: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    height, width = size
    return min(width - 1, point[0] * width // WHOLE), min(height - 1, point[1] * height // WHOLE)
