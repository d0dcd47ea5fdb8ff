"""Which filter for which noise: each at the best of its settings, with more and more noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.pictures import psnr_db
from engine.processing.operation import Operation
from engine.processing.restoration import (
    BilateralFilter,
    GaussianBlur,
    GaussianNoise,
    MedianBlur,
    NonLocalMeans,
    SaltAndPepper,
)
from engine.progress import Progress

NoiseName = Literal["salt_and_pepper", "gaussian_noise"]
#: How much noise: percent of the pixels, and sigma in values of 0 to 255.
AMOUNTS: dict[NoiseName, tuple[int, ...]] = {
    "salt_and_pepper": (1, 5, 10, 20, 30, 40),
    "gaussian_noise": (5, 10, 20, 30, 45, 60),
}
_WINDOWS_PX = (3, 5, 7)
_SEARCH_PX = 11
SETTINGS: dict[str, tuple[Operation, ...]] = {
    "median_blur": tuple(MedianBlur(ksize) for ksize in _WINDOWS_PX),
    "gaussian_blur": tuple(GaussianBlur(ksize) for ksize in _WINDOWS_PX),
    "bilateral_filter": tuple(BilateralFilter(sigma) for sigma in (30, 60, 120)),
    "non_local_means": tuple(NonLocalMeans(h, 5, _SEARCH_PX) for h in (5, 15, 30)),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """What filters make of a picture with more and more noise.

    Attributes:
        noise: its kind.
        amounts: (A,), of the kind's unit (:data:`AMOUNTS`).
        noisy_db: (A,), PSNR of the noisy picture against the clean one.
        reached_db: by filter, (A,), after its best setting.
        best: by filter, the setting that was best at each amount.
    """

    noise: NoiseName
    amounts: tuple[int, ...]
    noisy_db: list[float]
    reached_db: dict[str, list[float]]
    best: dict[str, list[Operation]]


def compare_filters(
    clean: np.ndarray, noise: NoiseName, seed: int = 1
) -> Iterator[Progress[Compared]]:
    """All of :data:`SETTINGS` on the same noise, amount by amount.

    Args:
        clean: uint8 (H, W, 3) in BGR.
        noise: its kind.
        seed: of the noise.
    """
    amounts = AMOUNTS[noise]
    kind = SaltAndPepper if noise == "salt_and_pepper" else GaussianNoise
    found = Compared(noise, amounts, [], {f: [] for f in SETTINGS}, {f: [] for f in SETTINGS})
    for done, amount in enumerate(amounts):
        yield Progress(done, len(amounts))
        noisy = kind(amount, seed).apply(clean)
        found.noisy_db.append(psnr_db(clean, noisy))
        for name, settings in SETTINGS.items():
            reached = [psnr_db(clean, each.apply(noisy)) for each in settings]
            best = int(np.argmax(reached))
            found.reached_db[name].append(reached[best])
            found.best[name].append(settings[best])
    yield Progress(len(amounts), len(amounts), found)
