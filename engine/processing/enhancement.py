"""Enhancement: the values are spread or bent, so that the eye sees more.

Sources: OpenCV 4, imgproc; Zuiderveld 1994 (CLAHE); unsharp masking as in Gonzalez and Woods, 3.6.
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from engine.processing.operation import Operation, Takes, real, whole


@dataclass(frozen=True)
class Brightness(Operation):
    """So much is added to every value; what leaves 0 to 255 stays at the end."""

    NAME: ClassVar[str] = "brightness"

    beta: int = whole(40, -255, 255)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.addWeighted(picture, 1, picture, 0, self.beta)


@dataclass(frozen=True)
class Contrast(Operation):
    """Every value's distance from the middle grey, 128, times ``alpha``."""

    NAME: ClassVar[str] = "contrast"

    alpha: float = real(1.5, 0, 4, 0.05)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.addWeighted(picture, self.alpha, picture, 0, 128 * (1 - self.alpha))


@dataclass(frozen=True)
class Gamma(Operation):
    """Each value as a share of 255, to the power of ``gamma``: below 1 the shadows open up."""

    NAME: ClassVar[str] = "gamma"

    gamma: float = real(0.5, 0.1, 5, 0.05)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        table = np.round(255 * (np.arange(256) / 255) ** self.gamma).astype(np.uint8)
        return cv2.LUT(picture, table)


@dataclass(frozen=True)
class EqualizeHist(Operation):
    """Histogram equalisation of the luma, so that no grey is more frequent than another."""

    NAME: ClassVar[str] = "equalize_hist"
    TAKES: ClassVar[Takes] = "colour"

    def apply(self, picture: np.ndarray) -> np.ndarray:
        luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb))
        luma = cv2.equalizeHist(luma)
        return cv2.cvtColor(cv2.merge((luma, red, blue)), cv2.COLOR_YCrCb2BGR)


@dataclass(frozen=True)
class Clahe(Operation):
    """Equalisation tile by tile, no grey's share above ``clip`` times the even share."""

    NAME: ClassVar[str] = "clahe"
    TAKES: ClassVar[Takes] = "colour"

    clip: float = real(3, 1, 40, 0.5)
    tiles: int = whole(8, 1, 16)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        clahe = cv2.createCLAHE(clipLimit=self.clip, tileGridSize=(self.tiles, self.tiles))
        light, a, b = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2Lab))
        light = clahe.apply(light)
        return cv2.cvtColor(cv2.merge((light, a, b)), cv2.COLOR_Lab2BGR)


@dataclass(frozen=True)
class Sharpen(Operation):
    """Unsharp mask: ``amount`` times the difference from a blurred copy is added."""

    NAME: ClassVar[str] = "sharpen"

    amount: float = real(1, 0, 5, 0.1)
    sigma: float = real(1.5, 0.5, 5, 0.1)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        blurred = cv2.GaussianBlur(picture, (0, 0), self.sigma)
        return cv2.addWeighted(picture, 1 + self.amount, blurred, -self.amount, 0)


@dataclass(frozen=True)
class Saturation(Operation):
    """Every colour's distance from its own grey, times ``factor``."""

    NAME: ClassVar[str] = "saturation"
    TAKES: ClassVar[Takes] = "colour"

    factor: float = real(1.6, 0, 4, 0.05)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        grey = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
        return cv2.addWeighted(picture, self.factor, grey, 1 - self.factor, 0)
