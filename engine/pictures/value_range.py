"""Which number is black and which is white, where a file holds more than 8 bits a channel.

An 8-bit picture says so by its depth. Sixteen bits often carry the 10, 12 or 14 of a sensor, 32
bits and floats anything at all: against the container's full scale such a picture is all but black.
So a picture that leaves the upper half of its scale empty, or that varies by less than a sixteenth
of it, is stretched over what it has, and a note says so. ImageJ does the same to every 16-bit file.
"""

from dataclasses import dataclass

import numpy as np

from engine.errors import InputError
from engine.pictures.picture import Note

_WHITES = {"f": (1.0, 255.0, 65_535.0), "i": (255.0, 65_535.0), "u": (255.0, 65_535.0)}
_TABLED = (np.uint8, np.uint16)  # so few values that each is scaled once
_SMALLEST_SPREAD = 1 / 16


@dataclass(frozen=True)
class ValueRange:
    """The numbers that become 0 and 255, and what there is to say about it."""

    black: float
    white: float
    notes: tuple[Note, ...] = ()

    def to_bytes(self, numbers: np.ndarray) -> np.ndarray:
        """``numbers`` of any shape as uint8, rounded; what lies outside is clipped.

        Raises:
            InputError: NaN or infinite values.
        """
        if numbers.dtype in _TABLED:
            top = np.iinfo(numbers.dtype).max
            return self._scale(np.arange(top + 1))[numbers]
        if not np.isfinite(numbers).all():
            raise InputError("picture_not_finite")
        return self._scale(numbers)

    def _scale(self, numbers: np.ndarray) -> np.ndarray:
        shares = (numbers.astype(np.float64) - self.black) / ((self.white - self.black) or 1.0)
        return np.rint(np.clip(shares, 0, 1) * 255).astype(np.uint8)


def find_range(low: float, high: float, kind: str, container_white: float = 0.0) -> ValueRange:
    """The range for a picture whose smallest and largest number are ``low`` and ``high``.

    Args:
        low, high: finite, ``low <= high``.
        kind: of the numbers, as ``numpy.dtype.kind``: "u", "i" or "f".
        container_white: the file's own full scale, as 65,535 for 16 bits; 0 where it states none.

    Returns:
        The scale that the numbers were written for where they fill it, else ``low`` to ``high``.
    """
    whites = sorted({*_WHITES[kind], container_white} - {0.0})
    fitting = [white for white in whites if low >= 0 and high <= white]
    if low == high and (container_white or fitting):  # of one value: nothing to stretch
        return ValueRange(0.0, container_white or fitting[0])
    if fitting:
        white = fitting[0]
        if high >= white / 2 and high - low >= white * _SMALLEST_SPREAD:
            notes = () if white >= container_white else (_stretched(0.0, white),)
            return ValueRange(0.0, white, notes)
    return ValueRange(low, high, (_stretched(low, high),))


def _stretched(low: float, high: float) -> Note:
    return Note("stretched", {"low": f"{low:g}", "high": f"{high:g}"})
