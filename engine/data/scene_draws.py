"""The random numbers of a drawn scene: scene ``i`` of a seed gets the same ones in any batch.

Each scene has a stream of its own: Philox, a counter-based generator, keyed by (seed, i). Only its
raw bits are used, which NumPy promises to keep, and not its distributions, which may change.
Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011); NumPy NEP 19.
"""

from dataclasses import dataclass

import numpy as np

TRIES = 8  # places tried for an object that would hide too much of another
GROUNDS = 2
_NOISE_BYTES = 4  # summed for one value of noise
# Irwin-Hall: the sum of four bytes has mean 510 and this deviation.
_NOISE_MEAN = 510.0
_NOISE_DEVIATION = float(np.sqrt(_NOISE_BYTES * (256**2 - 1) / 12))


@dataclass(frozen=True, eq=False)
class SceneDraws:
    """Uniform numbers in [0, 1), float64, for n scenes of at most K objects.

    Attributes:
        whole: (n, 5): is it empty, how many objects, how many grounds, border's direction, place.
        grounds: (n, GROUNDS, 8): texture, scale, row, column, contrast, red, green, blue.
        objects: (n, K, 10): kind, scale, row, column, texture, red, green, blue, telling channel,
            by how much.
        places: (n, K, TRIES, 4): x, y, size, angle.
        noise: float32 (n, H, W, 3), mean 0, standard deviation 1, within ±3.46.
    """

    whole: np.ndarray
    grounds: np.ndarray
    objects: np.ndarray
    places: np.ndarray
    noise: np.ndarray


def draw_numbers(
    seed: int, start: int, count: int, objects: int, size: tuple[int, int]
) -> SceneDraws:
    """The numbers for scenes ``start`` to ``start + count - 1``.

    Args:
        seed: 0 to 2**63 - 1.
        start: index of the first scene.
        count: number of scenes n.
        objects: most objects K in a scene.
        size: (H, W).
    """
    shapes = ((5,), (GROUNDS, 8), (objects, 10), (objects, TRIES, 4))
    lengths = [int(np.prod(shape)) for shape in shapes]
    raw = draw_words(seed, start, count, sum(lengths) + noise_words(size))
    uniform = to_uniform(raw[:, : sum(lengths)])
    ends = np.cumsum(lengths)
    parts = [
        uniform[:, end - length : end].reshape(count, *shape)
        for end, length, shape in zip(ends, lengths, shapes, strict=True)
    ]
    return SceneDraws(*parts, noise=sum_to_noise(raw[:, sum(lengths) :], size))


def draw_words(seed: int, start: int, count: int, words: int) -> np.ndarray:
    """uint64 (count, words), row by row from the stream of its own scene."""
    raw = np.empty((count, words), np.uint64)
    bits = np.random.Philox(key=[seed, start])
    fresh = bits.state
    for row in range(count):
        # Setting the key is a fifth of the cost of making a new generator.
        fresh["state"]["key"][1] = start + row
        bits.state = fresh
        raw[row] = bits.random_raw(words)
    return raw


def to_uniform(words: np.ndarray) -> np.ndarray:
    """uint64 of any shape to float64 in [0, 1)."""
    return (words >> np.uint64(11)) * 2.0**-53


def noise_words(size: tuple[int, int]) -> int:
    """How many words :func:`sum_to_noise` needs for a picture (H, W)."""
    return -(-size[0] * size[1] * 3 * _NOISE_BYTES // 8)


def sum_to_noise(words: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Noise from uint64 (n, words): float32 (n, H, W, 3), mean 0, deviation 1, within ±3.46."""
    pixels = size[0] * size[1] * 3
    raw_bytes = words.astype("<u8", copy=False).view(np.uint8)[:, : pixels * _NOISE_BYTES]
    planes = raw_bytes.reshape(len(words), _NOISE_BYTES, pixels)
    sums = planes[:, 0].astype(np.uint16)
    for plane in range(1, _NOISE_BYTES):
        sums += planes[:, plane]
    noise = (sums - np.float32(_NOISE_MEAN)) * np.float32(1 / _NOISE_DEVIATION)
    return noise.reshape(len(words), *size, 3)
