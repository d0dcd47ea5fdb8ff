"""The parts of a PNG file. W3C PNG, section 5."""

import struct
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _BITS = 2, 8


@dataclass(frozen=True)
class PngFile:
    """A file's sizes and its pixels as they are packed.

    Attributes:
        size: (H, W).
        stream: the zlib stream of all IDAT chunks.
    """

    size: tuple[int, int]
    stream: bytes


def read_chunks(data: bytes) -> PngFile:
    """A file of 8-bit RGB without interlacing, as Pillow writes it.

    Raises:
        ValueError: anything else.
    """
    if data[:8] != _SIGNATURE:
        raise ValueError("not a PNG file")
    at, size, stream = 8, (0, 0), []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        at += 12 + length  # its checksum too
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            if (bits, colour, interlaced) != (_BITS, _RGB, 0):
                raise ValueError("only 8-bit RGB without interlacing is read")
            size = height, width
        elif kind == b"IDAT":
            stream.append(body)
    return PngFile(size, b"".join(stream))
