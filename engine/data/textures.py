"""Real textures for the ground of drawn scenes: grass, gravel and brick.

They are photographs that scikit-image installs (``grass.png``, ``gravel.png``, ``brick.png``,
512 x 512 grey), each kept at three scales, so that a blade of grass is one pixel wide or four.
Everything is exact integer or IEEE arithmetic: the same numbers on every machine.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.data.installed import find_installed
from engine.pictures.decode import decode

STUFF = ("grass", "gravel", "brick")
SCALES = 3


@dataclass(frozen=True, eq=False)
class Textures:
    """All textures at all scales, laid end to end.

    Attributes:
        values: float32 (total,), each texture with mean 0 and standard deviation 1 at full scale.
        starts: int64 (len(STUFF), SCALES), where each square begins in ``values``.
        sides_px: int64 (len(STUFF), SCALES), the side of each square.
    """

    values: np.ndarray
    starts: np.ndarray
    sides_px: np.ndarray

    def cut(
        self, stuff: np.ndarray, scale: np.ndarray, corner: np.ndarray, size: tuple[int, int]
    ) -> np.ndarray:
        """One patch for each of n draws; at its edge a texture goes on mirrored.

        Args:
            stuff: int64 (n,), index into ``STUFF``.
            scale: int64 (n,), 0 (full size) to ``SCALES - 1`` (a quarter).
            corner: float64 (n, 2), row and column of the upper left pixel as shares in [0, 1).
            size: (H, W) of the patches.

        Returns:
            float32 (n, H, W).
        """
        side = self.sides_px[stuff, scale]
        rows, columns = (
            _mirror((corner[:, axis] * side).astype(np.int64)[:, None] + np.arange(length), side)
            for axis, length in enumerate(size)
        )
        lines = self.starts[stuff, scale][:, None] + rows * side[:, None]
        return self.values[lines[:, :, None] + columns[:, None, :]]


def _mirror(index: np.ndarray, side: np.ndarray) -> np.ndarray:
    """(n, L) indices folded into [0, side): 0 1 2 2 1 0 0 1 …"""
    folded = index % (2 * side[:, None])
    return np.minimum(folded, 2 * side[:, None] - 1 - folded)


@cache
def load_textures() -> Textures:
    """The textures, read once.

    Raises:
        InputError: scikit-image or one of its pictures is not installed (status 404).
    """
    squares = [square for name in STUFF for square in _read_scales(name)]
    sizes = np.array([square.size for square in squares])
    values = np.concatenate([square.ravel() for square in squares])
    values.setflags(write=False)
    shape = (len(STUFF), SCALES)
    return Textures(
        values=values,
        starts=(np.cumsum(sizes) - sizes).reshape(shape),
        sides_px=np.array([len(square) for square in squares]).reshape(shape),
    )


def _read_scales(name: str) -> list[np.ndarray]:
    path = find_installed("skimage", "scikit-image", f"data/{name}.png")
    sums = decode(path.read_bytes()).pixels[:, :, 0].astype(np.int64)
    mean = sums.sum() / sums.size
    deviation = np.sqrt((sums * sums).sum() / sums.size - mean * mean)
    squares = []
    for scale in range(SCALES):
        squares.append(((sums / 4.0**scale - mean) / deviation).astype(np.float32))
        sums = sums[0::2, 0::2] + sums[0::2, 1::2] + sums[1::2, 0::2] + sums[1::2, 1::2]
    return squares
