"""Morphology, edges, thresholds and colour spaces: from a picture to shapes.

Sources: OpenCV 4, imgproc; Serra 1982 (morphology); Sobel and Feldman 1968; Canny 1986; Otsu 1979.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from engine.processing.operation import Operation, Size, Takes, choice, real, whole

_MORPHOLOGY_NS = 12.0  # a pixel, each time over
_BINARY = ("THRESH_BINARY", "THRESH_BINARY_INV")


@dataclass(frozen=True)
class Morphology(Operation):
    """The least or the greatest value of a window, and what is made of the two."""

    NAME: ClassVar[str] = "morphology"

    ksize: int = whole(5, 1, 31, 2)
    operation: str = choice(
        "MORPH_OPEN",
        (
            "MORPH_ERODE",
            "MORPH_DILATE",
            "MORPH_OPEN",
            "MORPH_CLOSE",
            "MORPH_GRADIENT",
            "MORPH_TOPHAT",
            "MORPH_BLACKHAT",
        ),
    )
    shape: str = choice("MORPH_ELLIPSE", ("MORPH_RECT", "MORPH_ELLIPSE", "MORPH_CROSS"))
    iterations: int = whole(1, 1, 5)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        kernel = cv2.getStructuringElement(getattr(cv2, self.shape), (self.ksize, self.ksize))
        return cv2.morphologyEx(
            picture, getattr(cv2, self.operation), kernel, iterations=self.iterations
        )

    def cost_s(self, size: Size) -> float:
        # An ellipse or a cross is looked at place by place; opening goes over twice.
        each = _MORPHOLOGY_NS + 0.3 * self.ksize**2
        return size[0] * size[1] * each * 2 * self.iterations * 1e-9


@dataclass(frozen=True)
class Sobel(Operation):
    """How steeply the grey changes: the length of the gradient, times ``gain``."""

    NAME: ClassVar[str] = "sobel"
    TAKES: ClassVar[Takes] = "grey"

    gain: float = real(0.5, 0.05, 3, 0.05)
    ksize: int = whole(3, 1, 7, 2)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        across = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=self.ksize)
        down = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=self.ksize)
        return cv2.convertScaleAbs(cv2.magnitude(across, down), alpha=self.gain)


@dataclass(frozen=True)
class Laplacian(Operation):
    """The sum of both second derivatives, its amount times ``gain``."""

    NAME: ClassVar[str] = "laplacian"
    TAKES: ClassVar[Takes] = "grey"

    gain: float = real(1, 0.05, 3, 0.05)
    ksize: int = whole(3, 1, 7, 2)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        second = cv2.Laplacian(picture, cv2.CV_32F, ksize=self.ksize)
        return cv2.convertScaleAbs(second, alpha=self.gain)


@dataclass(frozen=True)
class Canny(Operation):
    """Edges one pixel wide: gradients above ``high``, and those above ``low`` that touch them."""

    NAME: ClassVar[str] = "canny"
    TAKES: ClassVar[Takes] = "grey"

    high: int = whole(200, 0, 1000, 5)
    low: int = whole(100, 0, 1000, 5)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.Canny(picture, self.low, self.high)

    def facts(self, picture: np.ndarray) -> dict[str, float]:
        strong = cv2.Canny(picture, self.high, self.high)
        both = self.apply(picture)
        return {
            "edge_percent": 100 * float(np.mean(both > 0)),
            "strong_percent": 100 * float(np.mean(strong > 0)),
        }


@dataclass(frozen=True)
class Threshold(Operation):
    """White above a value that one chooses, black up to it."""

    NAME: ClassVar[str] = "threshold"
    TAKES: ClassVar[Takes] = "grey"

    value: int = whole(128, 0, 255)
    kind: str = choice("THRESH_BINARY", (*_BINARY, "THRESH_TRUNC", "THRESH_TOZERO"))

    def apply(self, picture: np.ndarray) -> np.ndarray:
        _, picture = cv2.threshold(picture, self.value, 255, getattr(cv2, self.kind))
        return picture


@dataclass(frozen=True)
class Otsu(Operation):
    """A threshold found in the histogram: the one between whose sides the variance is largest."""

    NAME: ClassVar[str] = "otsu"
    TAKES: ClassVar[Takes] = "grey"

    kind: str = choice("THRESH_BINARY", _BINARY)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        _, picture = cv2.threshold(picture, 0, 255, getattr(cv2, self.kind) + cv2.THRESH_OTSU)
        return picture

    def facts(self, picture: np.ndarray) -> dict[str, float]:
        found, _ = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        return {"threshold": float(found)}


@dataclass(frozen=True)
class AdaptiveThreshold(Operation):
    """White where a pixel is above the mean of its own surroundings less ``c``."""

    NAME: ClassVar[str] = "adaptive_threshold"
    TAKES: ClassVar[Takes] = "grey"

    block: int = whole(25, 3, 99, 2)
    c: int = whole(5, -50, 50)
    method: str = choice(
        "ADAPTIVE_THRESH_GAUSSIAN_C", ("ADAPTIVE_THRESH_MEAN_C", "ADAPTIVE_THRESH_GAUSSIAN_C")
    )

    def apply(self, picture: np.ndarray) -> np.ndarray:
        method = getattr(cv2, self.method)
        return cv2.adaptiveThreshold(picture, 255, method, cv2.THRESH_BINARY, self.block, self.c)


@dataclass(frozen=True)
class Grey(Operation):
    """One channel: 0.299 R + 0.587 G + 0.114 B."""

    NAME: ClassVar[str] = "grey"
    TAKES: ClassVar[Takes] = "colour"

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


@dataclass(frozen=True)
class Channel(Operation):
    """One channel of a colour space, as grey. OpenCV's H runs from 0 to 179, to fit a byte."""

    NAME: ClassVar[str] = "channel"
    TAKES: ClassVar[Takes] = "colour"

    channel: int = whole(0, 0, 2)
    space: str = choice(
        "COLOR_BGR2HSV", ("COLOR_BGR2RGB", "COLOR_BGR2HSV", "COLOR_BGR2Lab", "COLOR_BGR2YCrCb")
    )

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.split(cv2.cvtColor(picture, getattr(cv2, self.space)))[self.channel]


@dataclass(frozen=True)
class HueRange(Operation):
    """What has a hue between two of OpenCV's 180 keeps its colour; all else turns grey."""

    NAME: ClassVar[str] = "hue_range"
    TAKES: ClassVar[Takes] = "colour"

    low: int = whole(0, 0, 179)
    high: int = whole(20, 0, 179)
    saturation: int = whole(60, 0, 255)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        hue = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
        mask = cv2.inRange(hue, (self.low, self.saturation, 0), (self.high, 255, 255))
        grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        return np.where(mask[:, :, None] > 0, picture, grey)
