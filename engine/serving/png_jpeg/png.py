"""A PNG opened: each row's filter, and what deflate made of it."""

from typing import Any

import numpy as np

from engine.cache import Cache
from engine.codecs.png.filters import FILTERS
from engine.codecs.png.opened import OpenedPng, open_png
from engine.pictures import resize_longest
from engine.serving.png_jpeg.compute import Answer, pixels_asked
from engine.serving.png_jpeg.contract import MOST_ROWS, PngQuestion

_kept: Cache[OpenedPng] = Cache(8)
_MIDDLE = 128


def open_rows(asked: PngQuestion) -> Answer:
    """The small copy's PNG, row by row.

    Raises:
        InputError: no such picture.
    """
    key = asked.picture if asked.subject == "own" else asked.subject
    found = _kept.get(key, lambda: open_png(_small(_pixels(asked), asked.subject)))
    arrays = {
        "pixels": found.pixels,
        "rest": found.lines + np.uint8(_MIDDLE),  # modulo 256: grey where all was foretold
        "bits": found.bits,
        "kinds": found.kinds,
        "row_bits": found.row_bits,
        "copies": found.copies,
        "literals": found.literals,
        "copied": found.copied,
    }
    height, width = found.kinds.size, found.pixels.shape[1]
    counts = np.bincount(found.kinds, minlength=len(FILTERS))
    about: dict[str, Any] = {
        "size": (height, width),
        "filters": FILTERS,
        "counts": counts.tolist(),
        "file_bytes": found.file_bytes,
        "stream_bytes": found.stream_bytes,
        "raw_bytes": found.pixels.nbytes,
        "table_bits": found.table_bits,
        "if_all": found.if_all,
        "limits": {"row": {"high": height - 1}},
    }
    return arrays, about


def _pixels(asked: PngQuestion) -> np.ndarray:
    return pixels_asked(asked.picture, asked.subject)


def _small(pixels: np.ndarray, subject: str) -> np.ndarray:
    """A photo made small; of the others a part as it is, since smaller they would be blurred."""
    if subject == "own":
        return np.ascontiguousarray(resize_longest(pixels, MOST_ROWS))
    return np.ascontiguousarray(pixels[: MOST_ROWS * 2 // 3, :MOST_ROWS])
