"""Pictures of numbers that no image of Pillow can hold: more than 8 bits in several channels."""

from dataclasses import dataclass

import numpy as np

from engine.errors import InputError

# Pillow refuses images of more than 179 million bytes, which is how TIFFs are unpacked here.
MAX_NUMBER_BYTES = 160_000_000


@dataclass(frozen=True, eq=False)
class Numbers:
    """A picture of any numbers.

    Attributes:
        colours: (H, W, 1 or 3), of any integer or float type.
        container_white: the full scale of unsigned integers of 8 or 16 bits; else 0.
        white_is_zero: the smallest number is the brightest.
        alpha: (H, W), of the same type, or None.
        full_alpha: what is opaque.
        premultiplied: the colours have been multiplied by alpha.
        unseen: further channels in the file that are not shown.
    """

    colours: np.ndarray
    container_white: float = 0.0
    white_is_zero: bool = False
    alpha: np.ndarray | None = None
    full_alpha: float = 1.0
    premultiplied: bool = False
    unseen: int = 0


def check_bytes(size: tuple[int, int], pixel_bytes: int) -> None:
    """Refuse more numbers than are kept in memory at once.

    Args:
        size: (H, W).
        pixel_bytes: of one pixel, all channels.

    Raises:
        InputError: they take more than ``MAX_NUMBER_BYTES``.
    """
    if size[0] * size[1] * pixel_bytes > MAX_NUMBER_BYTES:
        limit = MAX_NUMBER_BYTES // (pixel_bytes * 1_000_000)
        raise InputError("picture_too_many_pixels", status=413, limit=limit)
