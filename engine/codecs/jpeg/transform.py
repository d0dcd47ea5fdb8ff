"""The cosine transform of blocks of 8 × 8, the zigzag, and quantisation. ITU-T T.81, annex A."""

import numpy as np

BLOCK = 8
_k = np.arange(BLOCK)
#: Row u holds the cosine wave of frequency u at the eight pixels; rows are orthonormal.
WAVES = np.cos((2 * _k[None] + 1) * _k[:, None] * np.pi / (2 * BLOCK)) / 2
WAVES[0] /= np.sqrt(2)

# The inverse in whole numbers, as libjpeg reckons it ("islow", jidctint.c): the waves times
# 8192 · √8, and so many bits thrown away after each side.
_EVEN = np.array([[8192, 10703, 8192, 4433], [8192, 4433, -8192, -10704]])
_EVEN = np.concatenate([_EVEN, _EVEN[::-1] * [1, -1, 1, -1]])
_ODD = np.array(
    [
        [11363, 9633, 6437, 2260],
        [9633, -2259, -11362, -6436],
        [6437, -11362, 2261, 9633],
        [2260, -6436, 9633, -11363],
    ]
)
_WHOLE_WAVES = np.empty((BLOCK, BLOCK), np.int64)  # pixel by frequency
_WHOLE_WAVES[:4, ::2], _WHOLE_WAVES[:4, 1::2] = _EVEN, _ODD
_WHOLE_WAVES[4:, ::2], _WHOLE_WAVES[4:, 1::2] = _EVEN[::-1], -_ODD[::-1]
_FIRST_BITS, _SECOND_BITS = 11, 18

#: The place in the block, row-major, of each of the 64 values in the order of the file.
ZIGZAG = np.array(
    sorted(
        range(BLOCK * BLOCK),
        key=lambda at: (
            sum(divmod(at, BLOCK)),
            at // BLOCK if sum(divmod(at, BLOCK)) % 2 else at % BLOCK,
        ),
    )
)


def dct(blocks: np.ndarray) -> np.ndarray:
    """The two-dimensional cosine transform (type II, orthonormal).

    Args:
        blocks: (..., 8, 8), pixels minus 128.

    Returns:
        float64 (..., 8, 8): how much of each wave is in the block; [0, 0] is eight times the mean,
        rows are vertical frequencies, columns horizontal ones.
    """
    return WAVES @ blocks @ WAVES.T


def idct(coefficients: np.ndarray) -> np.ndarray:
    """The inverse of :func:`dct`: the sum of all waves, each as strong as its coefficient."""
    return WAVES.T @ coefficients @ WAVES


def quantise(coefficients: np.ndarray, table: np.ndarray) -> np.ndarray:
    """int32 (..., 8, 8): in whole steps of the table, halves away from zero. Here JPEG forgets."""
    steps = coefficients / table
    return (np.sign(steps) * np.floor(np.abs(steps) + 0.5)).astype(np.int32)


def from_zigzag(values: np.ndarray) -> np.ndarray:
    """(..., 64) in the file's order as (..., 8, 8)."""
    block = np.empty_like(values)
    block[..., ZIGZAG] = values
    return block.reshape(*values.shape[:-1], BLOCK, BLOCK)


def to_samples(coefficients: np.ndarray) -> np.ndarray:
    """uint8 (..., 8, 8): :func:`idct` in libjpeg's whole numbers, plus 128, kept within a byte.

    Args:
        coefficients: whole numbers, steps already multiplied in.
    """
    down = (_WHOLE_WAVES @ coefficients + (1 << (_FIRST_BITS - 1))) >> _FIRST_BITS
    both = (down @ _WHOLE_WAVES.T + (1 << (_SECOND_BITS - 1))) >> _SECOND_BITS
    return np.clip(both + 128, 0, 255).astype(np.uint8)
