"""PNGs of 16 bits in several channels, with all of their bits: Pillow keeps the upper eight.

Source: PNG, sections 11.2.2 (colour types) and 11.3.2.1 (transparency).
"""

import numpy as np

from engine.pictures.numbers import MAX_NUMBER_BYTES, Numbers

_DEPTH_AT, _COLOUR_TYPE_AT = 24, 25
_COLOUR, _GREY_ALPHA, _COLOUR_ALPHA = 2, 4, 6
_CHANNELS, _FULL = 4, 65_535.0


def is_deep(data: bytes) -> bool:
    """Whether a PNG has 16 bits a channel."""
    return data[_DEPTH_AT] == 16


def read_deep_png(data: bytes, size: tuple[int, int]) -> Numbers | None:
    """The numbers of a PNG; None where it has one channel or 8 bits, or is too large to keep.

    Args:
        data: a file that Pillow has read to the end.
        size: its (width, height).
    """
    several = data[_COLOUR_TYPE_AT] in (_COLOUR, _GREY_ALPHA, _COLOUR_ALPHA)
    if not (is_deep(data) and several) or size[0] * size[1] * _CHANNELS * 2 > MAX_NUMBER_BYTES:
        return None
    import cv2

    values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if values is None or values.dtype != np.uint16 or values.ndim != 3:
        return None
    alpha = values[:, :, 3] if values.shape[2] == _CHANNELS else None
    return Numbers(values[:, :, 2::-1], _FULL, alpha=alpha, full_alpha=_FULL)
