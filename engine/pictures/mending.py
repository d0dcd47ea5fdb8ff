"""Files with a fault that leaves every pixel readable: read as browsers do, and said so.

Sources: PNG, section 13.2 (a decoder may skip an ancillary chunk whose checksum is wrong) and
11.3.2.1 (transparency); ITU-T T.81, B.1.1.3 (end of image).
"""

import io
import zlib

from PIL import Image, ImageChops

from engine.pictures.picture import Note

_PNG_HEAD_BYTES = 8
_PNG_GREY, _PNG_COLOUR_AT, _PNG_DEPTH_AT = 0, 25, 24
_ANCILLARY = 0x20  # bit 5 of a chunk's first letter: lower case
_END_OF_IMAGE = b"\xff\xd9"
_FILLER = bytes([0x5A]) * 4096
_SHOWN_CHUNKS = 3


def mend_png(data: bytes) -> tuple[bytes, tuple[Note, ...]]:
    """A PNG without the ancillary chunks whose checksum is wrong, and what is wrong with it.

    Text, times and the like have no say in the pixels; libpng skips them with a warning. Of the
    pixels' own checksum and of a missing end Pillow says nothing.
    """
    view, at, name = memoryview(data), _PNG_HEAD_BYTES, b""
    kept, dropped, notes = [view[:at]], [], []
    while at + 12 <= len(data) and name != b"IEND":
        end = at + 12 + int.from_bytes(view[at : at + 4])
        name = bytes(view[at + 4 : at + 8])
        checksum = int.from_bytes(view[end - 4 : end])
        wrong = end <= len(data) and zlib.crc32(view[at + 4 : end - 4]) != checksum
        if wrong and name.isalpha() and name[0] & _ANCILLARY:
            dropped.append(name.decode("ascii"))
        else:
            kept.append(view[at:end])
        if wrong and name == b"IDAT" and not notes:
            notes.append(Note("checksum_wrong"))
        at = end
    if name != b"IEND":
        notes.append(Note("end_missing"))
    if dropped:
        names = ", ".join(dict.fromkeys(dropped[:_SHOWN_CHUNKS]))
        notes.append(Note("chunk_skipped", {"names": names}))
        data = b"".join([*kept, view[at:]])
    return data, tuple(notes)


def scale_clear_grey(image: Image.Image, data: bytes) -> None:
    """The transparent value of a grey PNG of 2 or 4 bits, on the scale of its pixels.

    Pillow spreads the pixels over 0 to 255 and leaves the value as it stands in the file.
    """
    depth = data[_PNG_DEPTH_AT]
    clear = image.info.get("transparency")
    if data[_PNG_COLOUR_AT] == _PNG_GREY and depth in (2, 4) and isinstance(clear, int):
        image.info["transparency"] = (clear & (2**depth - 1)) * (255 // (2**depth - 1))


def load_without_end(data: bytes, draft_size: tuple[int, int]) -> Image.Image | None:
    """A JPEG that lacks nothing but its end marker, loaded; None where pixels are missing too.

    libjpeg makes up what is missing, so the file is read with two endings: where all pixels were
    there, neither has any effect.

    Args:
        data: the file.
        draft_size: as for Pillow's ``draft``.
    """
    body = data.rstrip(b"\xff")  # half an end marker would make the filler one
    ended, filled = (
        _load_jpeg(body + ending, draft_size) for ending in (_END_OF_IMAGE, _FILLER + _END_OF_IMAGE)
    )
    same = ImageChops.difference(ended, filled).getbbox(alpha_only=False) is None
    return ended if same else None


def _load_jpeg(data: bytes, draft_size: tuple[int, int]) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.draft(image.mode, draft_size)
    image.load()
    return image
