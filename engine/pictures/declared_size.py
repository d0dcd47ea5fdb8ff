"""How many pixels a file says it has, read from its first bytes without any decoder.

Opening is not free in every library: libwebp lays out its canvas when a file is opened, whatever
its size. So the size is judged here first; the decoder's own word is judged again.

Sources: as in ``formats``; RFC 9649, sections 2.5 to 2.7; ISO/IEC 14496-12, ``ispe``.
"""

import struct
from collections.abc import Callable

from engine.pictures.formats import PORTABLE
from engine.pictures.portable import read_header
from engine.pictures.tiff_directory import read_directory

HEAD_BYTES = 65_536  # enough for every format but a TIFF whose directory stands at its end

_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = {0x01, *range(0xD0, 0xD9)}
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_MOST_ISPE = 64

Size = tuple[int, int]


def declared_size(file_format: str, data: bytes) -> Size | None:
    """(width, height) as the file's head says; None where it does not say.

    Args:
        file_format: what ``sniff_format`` said.
        data: the file, or its first ``HEAD_BYTES``.
    """
    try:
        return _READERS[file_format](data)
    except (struct.error, ValueError, IndexError):
        return None


def _png(data: bytes) -> Size | None:
    return struct.unpack_from(">II", data, 16)


def _gif(data: bytes) -> Size | None:
    return struct.unpack_from("<HH", data, 6)


def _bmp(data: bytes) -> Size | None:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        return struct.unpack_from("<HH", data, 18)
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> Size | None:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(data: bytes) -> Size | None:
    at = find_frame_header(data)
    if at is None:
        return None
    height, width = struct.unpack_from(">HH", data, at + 5)
    return width, height


def find_frame_header(data: bytes) -> int | None:
    """Where a JPEG's start-of-frame marker stands; None where there is none."""
    at = 2
    while at + 9 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            at += 1
        elif marker in _START_OF_FRAME:
            return at
        elif marker == 0xFF or marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _tiff(data: bytes) -> Size | None:
    directory = read_directory(data)
    return directory.first(_TIFF_WIDTH, 0), directory.first(_TIFF_HEIGHT, 0)


def _boxed(data: bytes) -> Size | None:
    """The largest size that a HEIC or AVIF states, of the picture, a tile or a preview."""
    sizes, at = [(0, 0)], 0
    for _ in range(_MOST_ISPE):
        at = data.find(b"ispe", at)
        if at < 0 or at + 16 > len(data):
            break
        sizes.append(struct.unpack_from(">II", data, at + 8))
        at += 16
    return max(sizes, key=lambda size: size[0] * size[1]) if len(sizes) > 1 else None


def _portable(data: bytes) -> Size | None:
    width, height, _, _ = read_header(data)
    return width, height


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "PNG": _png,
    "JPEG": _jpeg,
    "WebP": _webp,
    "GIF": _gif,
    "BMP": _bmp,
    "TIFF": _tiff,
    "HEIC": _boxed,
    "AVIF": _boxed,
    PORTABLE: _portable,
}
