"""Geometric transforms: pixels change places.

Sources: OpenCV 4, imgproc, "Geometric Image Transformations".
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from engine.errors import InputError
from engine.processing.operation import Operation, Size, choice, real, whole

MAX_SIDE_PX = 1024
_LEAST_TURN = 1e-3  # of the unit square: how far three corners must be from one line


@dataclass(frozen=True)
class Resize(Operation):
    """More or fewer pixels; ``percent`` of each side. Shrunk and enlarged again, places compare."""

    NAME: ClassVar[str] = "resize"

    percent: int = whole(25, 5, 400, 5)
    interpolation: str = choice(
        "INTER_LINEAR",
        ("INTER_NEAREST", "INTER_LINEAR", "INTER_CUBIC", "INTER_AREA", "INTER_LANCZOS4"),
    )

    def apply(self, picture: np.ndarray) -> np.ndarray:
        factor = self.percent / 100
        return cv2.resize(
            picture, None, fx=factor, fy=factor, interpolation=getattr(cv2, self.interpolation)
        )

    def size_after(self, size: Size) -> Size:
        # OpenCV rounds halves to the even number, as Python does.
        height, width = (round(side * (self.percent / 100)) for side in size)
        if min(height, width) < 1 or max(height, width) > MAX_SIDE_PX:
            raise InputError("resize_out_of_range", width=width, height=height, most=MAX_SIDE_PX)
        return height, width


@dataclass(frozen=True)
class Rotate(Operation):
    """Turned about the middle, anticlockwise, on a canvas of the same size."""

    NAME: ClassVar[str] = "rotate"
    MOVES: ClassVar[bool] = True

    degrees: int = whole(15, -180, 180)
    interpolation: str = choice("INTER_LINEAR", ("INTER_NEAREST", "INTER_LINEAR", "INTER_CUBIC"))

    def apply(self, picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        middle = ((width - 1) / 2, (height - 1) / 2)
        matrix = cv2.getRotationMatrix2D(middle, self.degrees, 1)
        flags = getattr(cv2, self.interpolation)
        return cv2.warpAffine(picture, matrix, (width, height), flags=flags)


@dataclass(frozen=True)
class Flip(Operation):
    """Mirrored: 1 left and right, 0 top and bottom, -1 both."""

    NAME: ClassVar[str] = "flip"
    MOVES: ClassVar[bool] = True

    code: int = whole(1, -1, 1)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.flip(picture, self.code)


@dataclass(frozen=True)
class Perspective(Operation):
    """The quadrilateral of four corners becomes the whole picture.

    Corners in thousandths of width and height: upper left, upper right, lower right, lower left.

    Raises:
        InputError: the corners are not those of a convex quadrilateral, in this order.
    """

    NAME: ClassVar[str] = "perspective"
    MOVES: ClassVar[bool] = True

    x1: int = whole(150, 0, 1000)
    y1: int = whole(100, 0, 1000)
    x2: int = whole(950, 0, 1000)
    y2: int = whole(0, 0, 1000)
    x3: int = whole(1000, 0, 1000)
    y3: int = whole(1000, 0, 1000)
    x4: int = whole(50, 0, 1000)
    y4: int = whole(850, 0, 1000)

    def __post_init__(self) -> None:
        super().__post_init__()
        corners = np.array(
            [[self.x1, self.y1], [self.x2, self.y2], [self.x3, self.y3], [self.x4, self.y4]]
        )
        sides = np.roll(corners, -1, axis=0) - corners
        following = np.roll(sides, -1, axis=0)
        turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
        if turns.min() < _LEAST_TURN * 1000**2:
            raise InputError("corners_not_convex")

    def apply(self, picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        size = np.array([width, height], np.float32)
        corners = np.array(
            [[self.x1, self.y1], [self.x2, self.y2], [self.x3, self.y3], [self.x4, self.y4]],
            np.float32,
        )
        target = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * size
        matrix = cv2.getPerspectiveTransform(corners / 1000 * size, target)
        return cv2.warpPerspective(picture, matrix, (width, height))


@dataclass(frozen=True)
class Shear(Operation):
    """Moved, and sheared by so many columns a row: an affine map, on a canvas of the same size."""

    NAME: ClassVar[str] = "shear"
    MOVES: ClassVar[bool] = True

    right_px: int = whole(40, -400, 400)
    down_px: int = whole(20, -400, 400)
    shear: float = real(0, -1, 1, 0.05)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        matrix = np.array([[1, self.shear, self.right_px], [0, 1, self.down_px]], np.float32)
        return cv2.warpAffine(picture, matrix, (width, height))
