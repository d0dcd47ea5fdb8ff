"""A stranger's file to RGB pixels: whatever comes in, out comes a picture or one clear sentence.

The format is told by the first bytes; size and cost are checked from the header, before a pixel is
decoded; large pictures are scaled down to a working size. Decoders share a bounded memory, in which
small pictures never wait for large ones. Process-wide settings of Pillow
(``Image.MAX_IMAGE_PIXELS``, ``ImageFile.LOAD_TRUNCATED_IMAGES``) are left as they are.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.errors import InputError
from engine.pictures.colour_profile import to_srgb
from engine.pictures.declared_size import declared_size
from engine.pictures.flatten import flatten, flatten_numbers
from engine.pictures.formats import ACCEPTED_FORMATS, sniff_format
from engine.pictures.guards import check_declared, check_structure, too_many_pixels, unread_jpeg
from engine.pictures.lanes import lane_for
from engine.pictures.numbers import Numbers
from engine.pictures.opening import DECODER_ERRORS, Loaded, load_picture
from engine.pictures.picture import Note
from engine.pictures.png_colour import unused_colour

MAX_FILE_BYTES = 20_000_000
WORKING_SIDE_PX = 2048

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDES_SWAPPED = {5, 6, 7, 8}


@dataclass(frozen=True, eq=False)
class Decoded:
    """A decoded picture.

    Attributes:
        pixels: uint8 (H, W, 3), sRGB; the longest side is at most ``WORKING_SIDE_PX``.
        format: one of ``ACCEPTED_FORMATS``.
        original_size: (H, W) in the file, upright.
        notes: what was done on the way: first frame taken, turned, laid on white, scaled ...
        orientation: EXIF's, 1 to 8, by which the stored pixels were turned; 1 where none is said.
    """

    pixels: np.ndarray
    format: str
    original_size: tuple[int, int]
    notes: tuple[Note, ...]
    orientation: int = 1


def decode(data: bytes, longest_px: int = WORKING_SIDE_PX) -> Decoded:
    """Decode a file of one of ``ACCEPTED_FORMATS``.

    It takes at most about ``guards.MAX_DECODE_BYTES`` of memory and three seconds of one core,
    after waiting for its turn; a picture of a phone takes a tenth of that.

    Args:
        data: the whole file, at most ``MAX_FILE_BYTES``.
        longest_px: what the longest side of the pixels is scaled down to.

    Raises:
        InputError: empty, too large, of another kind, damaged, or made to exhaust a decoder.
    """
    if not data:
        raise InputError("picture_empty", formats=", ".join(ACCEPTED_FORMATS))
    if len(data) > MAX_FILE_BYTES:
        raise InputError("picture_file_too_big", status=413, limit_mb=MAX_FILE_BYTES // 1_000_000)
    file_format = sniff_format(data)
    check_structure(file_format, data)
    needed_bytes = check_declared(file_format, data)
    with lane_for(needed_bytes).hold(needed_bytes), _without_decoder_warnings():
        try:
            return _decode(file_format, data, longest_px)
        except InputError:
            raise
        except Image.DecompressionBombError as error:
            raise too_many_pixels() from error
        except DECODER_ERRORS as error:
            raise _explain(error, file_format, data) from error


def _decode(file_format: str, data: bytes, longest_px: int) -> Decoded:
    loaded = load_picture(file_format, data, longest_px)
    rgb, value_notes = _to_srgb(loaded, longest_px)
    rgb = rgb.resize(_fit(rgb.size, longest_px), Image.Resampling.LANCZOS)
    width, height = loaded.stored_size
    notes = list(loaded.notes)
    if loaded.orientation in _UPRIGHT:
        notes.append(Note("turned_upright"))
        if not loaded.is_turned:
            rgb = rgb.transpose(_UPRIGHT[loaded.orientation])
            if loaded.orientation in _SIDES_SWAPPED:
                width, height = height, width
    notes += [Note("sixteen_bit")] if loaded.is_deep else []
    notes += value_notes
    if file_format == "PNG" and (unused := unused_colour(data)):
        notes.append(Note("png_colour_unused", {"chunks": ", ".join(unused)}))
    if (width, height) != rgb.size:
        notes.append(_scaled_note((width, height), rgb.size))
    turned = loaded.orientation if loaded.orientation in _UPRIGHT else None
    return Decoded(np.array(rgb), file_format, (height, width), tuple(notes), turned or 1)


def _to_srgb(loaded: Loaded, longest_px: int) -> tuple[Image.Image, list[Note]]:
    """RGB on white, in sRGB, not much larger than wanted; and what was done to values."""
    picture, profile = loaded.picture, loaded.profile
    if isinstance(picture, Numbers):
        height, width, _ = picture.colours.shape
        rgb, notes = flatten_numbers(picture, _reduction((width, height), longest_px))
    else:
        factor = _reduction(picture.size, longest_px)
        if picture.mode == "CMYK" and profile:  # inks mean colours by their profile alone
            printed, found = to_srgb(picture.reduce(factor), profile)
            if printed.mode == "RGB":
                return printed, list(found)
        rgb, notes = flatten(picture, factor)
    if not profile:
        return rgb, notes
    rgb, found = to_srgb(rgb, profile)
    return rgb, [*notes, *found]


def _reduction(size: tuple[int, int], longest_px: int) -> int:
    """What sides are divided by first: to 1.5 times the wanted size or more, then resampled.

    Pillow calls that a "reducing gap".
    """
    return max(1, 2 * max(size) // (3 * longest_px))


def _fit(size: tuple[int, int], longest_px: int) -> tuple[int, int]:
    """(width, height) within ``longest_px`` on both sides, never enlarged, never below 1."""
    scale = min(1.0, longest_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _scaled_note(before: tuple[int, int], after: tuple[int, int]) -> Note:
    sides = ("from_width", "from_height", "to_width", "to_height")
    return Note("scaled_down", dict(zip(sides, (*before, *after), strict=True)))


def _explain(error: Exception, file_format: str, data: bytes) -> InputError:
    """Damaged, unless the head tells of a valid kind that no reader here knows."""
    kind = unread_jpeg(data) if file_format == "JPEG" else None
    if file_format == "TIFF" and isinstance(error, UnidentifiedImageError):
        kind = "TIFF" if all(declared_size(file_format, data) or (0,)) else None
    if file_format == "BMP" and str(error).startswith("Unsupported"):
        kind = "BMP"
    if kind:
        return InputError("picture_kind_unread", status=415, kind=kind)
    return InputError("picture_damaged", format=file_format)


_warning_lock = threading.Lock()
_silenced: list[warnings.catch_warnings] = []
_silencing = 0


@contextmanager
def _without_decoder_warnings() -> Iterator[None]:
    """Pillow warns about odd metadata; the reader hears of it through notes and errors.

    ``catch_warnings`` swaps a process-wide list, so the first decoder in sets it and the last one
    out takes it back; it concerns Pillow only.
    """
    global _silencing
    with _warning_lock:
        _silencing += 1
        if _silencing == 1:
            _silenced.append(warnings.catch_warnings())
            _silenced[0].__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        yield
    finally:
        with _warning_lock:
            _silencing -= 1
            if _silencing == 0:
                _silenced.pop().__exit__(None, None, None)
