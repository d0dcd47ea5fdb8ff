"""Restoration: noise that one adds, and filters that are to take it away again.

Sources: OpenCV 4, imgproc and photo; Tukey 1977 (median); Tomasi and Manduchi 1998 (bilateral);
Buades, Coll and Morel 2005 (non-local means).
"""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from engine.processing.operation import Operation, Size, Takes, real, whole

# Measured on one core with OpenCV 4.14: nanoseconds a pixel and a place that is looked at.
_BILATERAL_NS = 4.0
_NON_LOCAL_NS = 12.0


@dataclass(frozen=True)
class SaltAndPepper(Operation):
    """So many of a hundred pixels become black or white, half of them each."""

    NAME: ClassVar[str] = "salt_and_pepper"
    ADDS_NOISE: ClassVar[bool] = True

    percent: int = whole(10, 0, 60)
    seed: int = whole(1, 0, 99)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        chance = np.random.default_rng(self.seed).random(picture.shape[:2])
        picture = picture.copy()
        picture[chance < self.percent / 200] = 0
        picture[chance > 1 - self.percent / 200] = 255
        return picture


@dataclass(frozen=True)
class GaussianNoise(Operation):
    """A normally distributed error of ``sigma`` grey levels in every value."""

    NAME: ClassVar[str] = "gaussian_noise"
    ADDS_NOISE: ClassVar[bool] = True

    sigma: int = whole(25, 0, 100)
    seed: int = whole(1, 0, 99)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        noise = np.random.default_rng(self.seed).normal(0, self.sigma, picture.shape)
        return np.clip(np.round(picture + noise), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class GaussianBlur(Operation):
    """The mean of a window, weighted by a bell curve; at sigma 0 its width follows the window."""

    NAME: ClassVar[str] = "gaussian_blur"
    RESTORES: ClassVar[bool] = True

    ksize: int = whole(3, 1, 31, 2)
    sigma: float = real(0, 0, 10, 0.1)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(picture, (self.ksize, self.ksize), self.sigma)


@dataclass(frozen=True)
class MedianBlur(Operation):
    """The middle one of a window's values, each channel by itself."""

    NAME: ClassVar[str] = "median_blur"
    RESTORES: ClassVar[bool] = True

    ksize: int = whole(3, 1, 31, 2)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.medianBlur(picture, self.ksize)


@dataclass(frozen=True)
class BilateralFilter(Operation):
    """A weighted mean in which near pixels count, and among them those of a like colour."""

    NAME: ClassVar[str] = "bilateral_filter"
    RESTORES: ClassVar[bool] = True

    sigma_color: int = whole(60, 1, 200)
    diameter: int = whole(7, 3, 21, 2)
    sigma_space: float = real(3, 0.5, 20, 0.5)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.bilateralFilter(picture, self.diameter, self.sigma_color, self.sigma_space)

    def cost_s(self, size: Size) -> float:
        return size[0] * size[1] * self.diameter**2 * _BILATERAL_NS * 1e-9


@dataclass(frozen=True)
class NonLocalMeans(Operation):
    """A mean over the search window, in which places with a like surrounding count."""

    NAME: ClassVar[str] = "non_local_means"
    TAKES: ClassVar[Takes] = "colour"
    RESTORES: ClassVar[bool] = True

    h: int = whole(15, 1, 60)
    template: int = whole(5, 3, 7, 2)
    search: int = whole(15, 5, 21, 2)

    def apply(self, picture: np.ndarray) -> np.ndarray:
        return cv2.fastNlMeansDenoisingColored(
            picture, None, self.h, self.h, self.template, self.search
        )

    def cost_s(self, size: Size) -> float:
        return size[0] * size[1] * self.search**2 * _NON_LOCAL_NS * 1e-9
