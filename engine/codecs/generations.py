"""A picture opened and saved again and again: what a JPEG loses by each generation."""

from dataclasses import dataclass

import numpy as np

from engine.codecs.encoders import MIN_QUALITY, decode, encode
from engine.pictures import psnr_db

#: What happens between two saves: nothing; the quality goes down and up by ten; a row and a column
#: are cut off at the upper left, as by whoever crops, so that the blocks fall elsewhere.
BETWEEN = ("nothing", "quality", "crop")
_OTHER_QUALITY = 10


@dataclass(frozen=True, eq=False)
class Generation:
    """A picture after so many saves.

    Attributes:
        pixels: uint8 (h, w, 3).
        psnr_db: against the same pixels of the original; infinite where nothing was lost.
        changed: the share of pixels that this save has changed.
    """

    pixels: np.ndarray
    psnr_db: float
    changed: float


def save_again(pixels: np.ndarray, quality: int, between: str, count: int) -> list[Generation]:
    """``count`` saves as JPEG (4:2:0), each of what the one before decodes to.

    Args:
        pixels: uint8 (H, W, 3).
        quality: 1 to 100.
        between: one of :data:`BETWEEN`; what has one row or column only is not cropped further.
        count: at least 1.

    Raises:
        InputError: a quality out of range.
    """
    made: list[Generation] = []
    now, original = pixels, pixels
    for k in range(count):
        if k and between == "crop" and min(now.shape[:2]) > 1:
            now, original = (np.ascontiguousarray(each[1:, 1:]) for each in (now, original))
        lower = between == "quality" and k % 2
        used = max(MIN_QUALITY, quality - _OTHER_QUALITY) if lower else quality
        back = decode(encode(now, "jpeg", used))
        changed = float(np.mean((back != now).any(axis=2)))
        made.append(Generation(back, psnr_db(original, back), changed))
        now = back
    return made
