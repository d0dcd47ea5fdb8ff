"""How many pixels an archive's pictures may have together, judged by their heads.

A zip's bytes bound what is unpacked, not what is decoded: 36 bytes may say sixteen million pixels.
"""

from collections.abc import Iterable

from engine.data.own_files import OwnFile, TooMuchError
from engine.errors import InputError
from engine.pictures.declared_size import declared_size
from engine.pictures.decode import MAX_FILE_BYTES
from engine.pictures.formats import sniff_format

_HEAD_BYTES = 16_384


class PixelBudget:
    """A number of pixels that an archive's pictures share.

    Args:
        most_pixels: of all of them.
    """

    def __init__(self, most_pixels: int) -> None:
        self._most_pixels = most_pixels
        self._left = most_pixels

    def check_heads(self, files: Iterable[OwnFile]) -> None:
        """Adds up what all heads state, before anything is decoded.

        Raises:
            TooMuchError: it is more than there is.
        """
        total = 0
        for file in files:
            if not file.refusal:
                total += _look_ahead(file)
            if total > self._most_pixels:
                raise self._too_many()

    def check_next(self, data: bytes) -> None:
        """Takes a whole file's pixels from what is left.

        Raises:
            TooMuchError: no more is left.
        """
        try:
            self._left -= _stated_pixels(data) or 0
        except InputError:  # no picture, as its decoder will tell
            return
        if self._left < 0:
            raise self._too_many()

    def _too_many(self) -> TooMuchError:
        return TooMuchError("own_too_many_pixels", status=413, limit=self._most_pixels // 1_000_000)


def _look_ahead(file: OwnFile) -> int:
    """The pixels that a file states: in its head, or, as some TIFFs do, at its end."""
    try:
        stated = _stated_pixels(file.read(_HEAD_BYTES))
        return _stated_pixels(file.read(MAX_FILE_BYTES)) or 0 if stated is None else stated
    except TooMuchError:
        raise
    except InputError:  # told when its turn comes
        return 0


def _stated_pixels(data: bytes) -> int | None:
    """None where it is not said.

    Raises:
        InputError: no picture at all.
    """
    size = declared_size(sniff_format(data), data)
    return size[0] * size[1] if size else None
