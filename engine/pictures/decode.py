"""A stranger's file to RGB pixels: whatever comes in, out comes a picture or one clear sentence.

The format is told by the first bytes; the size is checked from the header, before a pixel is
decoded; large pictures are scaled down to a working size. One file is decoded at a time, so the
memory of concurrent uploads does not add up. Process-wide settings of Pillow
(``Image.MAX_IMAGE_PIXELS``, ``ImageFile.LOAD_TRUNCATED_IMAGES``) are left as they are.

Sources: Pillow's handbook, "Image file formats" and ``ImageFile.draft``; EXIF 2.32, tag 0x0112.
"""

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.errors import InputError
from engine.pictures.flatten import flatten
from engine.pictures.formats import ACCEPTED_FORMATS, sniff_format
from engine.pictures.guards import check_header, check_structure, too_many_pixels
from engine.pictures.picture import Note

MAX_FILE_BYTES = 20_000_000
WORKING_SIDE_PX = 2048

# What Pillow's decoders let out on broken files. Its plugins assert, index and unpack their way
# through headers, so the list is long; it is still a list, so that a bug of ours stays visible.
_DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_PNG_DEPTH_AT = 24  # 16-bit colour is cut to 8 bits inside Pillow, which leaves no other trace
_ORIENTATION_TAG = 0x0112
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
_ANIMATED_FORMATS = {"GIF", "PNG", "WebP"}

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, eq=False)
class Decoded:
    """A decoded picture.

    Attributes:
        pixels: uint8 (H, W, 3), RGB; the longest side is at most ``WORKING_SIDE_PX``.
        format: one of ``ACCEPTED_FORMATS``.
        original_size: (H, W) in the file, upright.
        notes: what was done on the way: first frame taken, turned, laid on white, scaled ...
    """

    pixels: np.ndarray
    format: str
    original_size: tuple[int, int]
    notes: tuple[Note, ...]


def decode(data: bytes) -> Decoded:
    """Decode PNG, JPEG, WebP, GIF, BMP or TIFF.

    Args:
        data: the whole file, at most ``MAX_FILE_BYTES``.

    Raises:
        InputError: empty, too large, of another kind, damaged, or made to exhaust a decoder.
    """
    if not data:
        raise InputError("picture_empty", formats=", ".join(ACCEPTED_FORMATS))
    if len(data) > MAX_FILE_BYTES:
        raise InputError("picture_file_too_big", status=413, limit_mb=MAX_FILE_BYTES // 1_000_000)
    file_format = sniff_format(data)
    check_structure(file_format, data)
    with _one_at_a_time, _without_decoder_warnings():
        try:
            return _decode(file_format, data)
        except InputError:
            raise
        except Image.DecompressionBombError as error:
            raise too_many_pixels() from error
        except _DECODER_ERRORS as error:
            raise InputError("picture_damaged", format=file_format) from error


def _decode(file_format: str, data: bytes) -> Decoded:
    with Image.open(io.BytesIO(data), formats=(file_format.upper(),)) as image:
        check_header(image, data)
        stored_size = image.size
        # Only JPEG can: it decodes at 1/2, 1/4 or 1/8, never below the size asked for.
        image.draft(image.mode, _fit(image.size, WORKING_SIDE_PX))
        tiff_orientation = getattr(image, "tag_v2", {}).get(_ORIENTATION_TAG)
        image.load()
        deep = image.mode.startswith("I;16") or (file_format == "PNG" and data[_PNG_DEPTH_AT] == 16)
        # Averaged to 1.5 times the working size or more, then resampled: Pillow's "reducing gap".
        factor = max(1, 2 * max(image.size) // (3 * WORKING_SIDE_PX))
        rgb, value_notes = flatten(image, factor)
        rgb = rgb.resize(_fit(rgb.size, WORKING_SIDE_PX), Image.Resampling.LANCZOS)
        if file_format == "TIFF":
            orientation = tiff_orientation  # Pillow has turned the pixels while loading
        else:
            orientation = _read_orientation(image)
            if orientation in _UPRIGHT:
                rgb = rgb.transpose(_UPRIGHT[orientation])
        notes = [Note(key) for key in _frame_notes(file_format, image)]
    if file_format != "TIFF" and orientation in _SIDES_SWAPPED:
        stored_size = (stored_size[1], stored_size[0])
    notes += [Note("turned_upright")] if orientation in _UPRIGHT else []
    notes += [Note("sixteen_bit")] if deep else []
    notes += value_notes
    if stored_size != rgb.size:
        notes.append(_scaled_note(stored_size, rgb.size))
    return Decoded(np.array(rgb), file_format, (stored_size[1], stored_size[0]), tuple(notes))


def _fit(size: tuple[int, int], longest_px: int) -> tuple[int, int]:
    """(width, height) within ``longest_px`` on both sides, never enlarged, never below 1."""
    scale = min(1.0, longest_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _scaled_note(before: tuple[int, int], after: tuple[int, int]) -> Note:
    sides = ("from_width", "from_height", "to_width", "to_height")
    return Note("scaled_down", dict(zip(sides, (*before, *after), strict=True)))


def _read_orientation(image: Image.Image) -> int | None:
    """EXIF orientation 1 to 8; None where it is missing or unreadable (the pixels are fine)."""
    try:
        return image.getexif().get(_ORIENTATION_TAG)
    except _DECODER_ERRORS:
        return None


def _frame_notes(file_format: str, image: Image.Image) -> list[str]:
    """Whether there was more than the one frame or page that was taken."""
    try:
        several = getattr(image, "is_animated", False)
    except _DECODER_ERRORS:  # what follows the first frame is broken; the first is not
        return []
    if not several:
        return []
    if file_format == "TIFF":
        return ["first_page"]
    return ["first_frame"] if file_format in _ANIMATED_FORMATS else []


@contextmanager
def _without_decoder_warnings() -> Iterator[None]:
    """Pillow warns about odd metadata; the reader hears of it through notes and errors.

    ``catch_warnings`` swaps a process-wide list, hence under the lock and for Pillow only.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
