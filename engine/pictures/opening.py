"""A file's first picture, loaded: by Pillow, libheif, or our own readers where those fall short.

Sources: Pillow's handbook, "Image file formats" and ``ImageFile.draft``; EXIF 2.32, tag 0x0112.
"""

import io
import struct
import zlib
from dataclasses import dataclass, field

from PIL import Image

from engine.pictures.deep_png import is_deep, read_deep_png
from engine.pictures.formats import PORTABLE
from engine.pictures.guards import check_header, check_size, check_tile
from engine.pictures.mending import load_without_end, mend_png, scale_clear_grey
from engine.pictures.numbers import Numbers
from engine.pictures.picture import Note
from engine.pictures.portable import read_portable
from engine.pictures.tiff_numbers import read_layout, read_numbers

_PILLOW_NAMES = {"WebP": "WEBP"}
_ORIENTATION_TAG = 0x0112
_FRAME_FORMATS = {"GIF", "PNG", "WebP", "AVIF"}

# What decoders let out on broken files. Pillow's plugins assert, index and unpack their way through
# headers, so the list is long; it is still a list, so that a bug of ours stays visible.
DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(eq=False)
class Loaded:
    """A picture with all that its file says of it.

    Attributes:
        picture: an image of Pillow, or numbers that none can hold.
        stored_size: (width, height) in the file, as stored.
        orientation: EXIF's 1 to 8, still to be applied; None where nothing is said.
        is_turned: the pixels were turned by ``orientation`` while loading.
        is_deep: more than 8 bits a channel.
        profile: an ICC profile.
        notes: what was found.
    """

    picture: Image.Image | Numbers
    stored_size: tuple[int, int]
    orientation: int | None = None
    is_turned: bool = False
    is_deep: bool = False
    profile: bytes | None = None
    notes: list[Note] = field(default_factory=list)


def load_picture(file_format: str, data: bytes, draft_px: int) -> Loaded:
    """Decodes a file's first picture.

    Args:
        file_format: what ``sniff_format`` said.
        data: the whole file.
        draft_px: a longest side that suffices; JPEG is decoded at a fraction not below it.

    Raises:
        InputError: too large, or without finite numbers.
        DECODER_ERRORS: damaged, or of a kind that is not read.
    """
    if file_format == "HEIC":
        return _load_heic(data)
    if file_format == PORTABLE:
        numbers = read_portable(data)
        height, width, _ = numbers.colours.shape
        return Loaded(numbers, (width, height), is_deep=numbers.container_white > 255)
    if file_format == "TIFF":
        return _load_tiff(data, draft_px)
    notes: list[Note] = []
    if file_format == "PNG":
        data, found = mend_png(data)
        notes += found
    loaded = _load_with_pillow(file_format, data, draft_px)
    loaded.notes = notes + loaded.notes
    return loaded


def _load_with_pillow(file_format: str, data: bytes, draft_px: int) -> Loaded:
    image = Image.open(io.BytesIO(data), formats=(_PILLOW_NAMES.get(file_format, file_format),))
    check_header(file_format, image, data)
    stored_size, mode = image.size, image.mode
    tiff_orientation = getattr(image, "tag_v2", {}).get(_ORIENTATION_TAG)
    notes = _frame_notes(file_format, image)
    scale = min(1.0, draft_px / max(stored_size))
    draft_size = max(1, round(stored_size[0] * scale)), max(1, round(stored_size[1] * scale))
    image.draft(mode, draft_size)
    try:
        image.load()
    except OSError:
        whole = load_without_end(data, draft_size) if file_format == "JPEG" else None
        if whole is None:
            raise
        image, notes = whole, [*notes, Note("end_missing")]
    deep, numbers = image.mode.startswith("I;16"), None
    if file_format == "PNG":
        scale_clear_grey(image, data)
        deep, numbers = is_deep(data), read_deep_png(data, stored_size)
    turned = file_format == "TIFF"  # by Pillow, while loading
    return Loaded(
        picture=image if numbers is None else numbers,
        stored_size=stored_size,
        orientation=tiff_orientation if turned else _read_orientation(image),
        is_turned=turned,
        is_deep=deep,
        profile=image.info.get("icc_profile"),
        notes=notes,
    )


def _load_tiff(data: bytes, draft_px: int) -> Loaded:
    layout = read_layout(data)
    if layout is None or layout.suits_pillow:
        return _load_with_pillow("TIFF", data, draft_px)
    height, width = layout.size
    check_size("TIFF", (width, height))
    check_tile((layout.block[1], layout.block[0]), (width, height))
    numbers = read_numbers(data, layout)
    notes = [Note("first_page")] if layout.directory.several else []
    if numbers.unseen:
        notes.append(Note("channels_unseen", {"count": numbers.unseen}))
    return Loaded(
        picture=numbers,
        stored_size=(width, height),
        orientation=layout.orientation,
        is_deep=numbers.container_white > 255,
        profile=layout.icc_profile,
        notes=notes,
    )


def _load_heic(data: bytes) -> Loaded:
    """libheif turns a picture as its file says; EXIF repeats that and does not count."""
    import pillow_heif

    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    check_size("HEIC", file.size)
    image = file.to_pillow()
    notes = [_several(len(file))] if len(file) > 1 else []
    profile = file.info.get("icc_profile")
    return Loaded(image, image.size, profile=profile, notes=notes)


def _frame_notes(file_format: str, image: Image.Image) -> list[Note]:
    """Whether there was more than the one frame, page or picture that is taken."""
    try:
        several = getattr(image, "is_animated", False)
        count = getattr(image, "n_frames", 1) if file_format == "JPEG" else 0
    except DECODER_ERRORS:  # what follows the first frame is broken; the first is not
        return []
    if not several:
        return []
    if file_format == "TIFF":
        return [Note("first_page")]
    if file_format == "JPEG":
        return [_several(count)]
    return [Note("first_frame")] if file_format in _FRAME_FORMATS else []


def _several(count: int) -> Note:
    return Note("first_picture", {"count": count})


def _read_orientation(image: Image.Image) -> int | None:
    """EXIF orientation; None where it is missing or unreadable (the pixels are fine)."""
    try:
        return image.getexif().get(_ORIENTATION_TAG)
    except DECODER_ERRORS:
        return None
