"""Netpbm's PBM, PGM and PPM, plain and binary, with up to 16 bits a channel.

Pillow reads the plain kinds number by number in Python and spreads 16-bit greys over the whole
scale; here whole blocks are read, and the numbers stay as they are.

Source: Netpbm's specifications of pbm, pgm and ppm.
"""

import re

import numpy as np

from engine.pictures.numbers import Numbers

_TOKEN = re.compile(rb"(?:\s|#[^\r\n]*[\r\n])*(\d{1,9})")
_COMMENT = re.compile(rb"#[^\r\n]*")
_GAP = re.compile(rb"\s")
_BITMAP = (b"1", b"4")
_PLAIN = (b"1", b"2", b"3")
_COLOUR = (b"3", b"6")
_BLOCK_BYTES = 2**20
MAX_HEADER_BYTES = 4096
_MAX_VALUE = 65_535


def read_header(data: bytes) -> tuple[int, int, int, int]:
    """(width, height, largest value, where the pixels begin).

    Raises:
        ValueError: not such a header.
    """
    values, at = [], 2
    wanted = 2 if data[1:2] in _BITMAP else 3
    for _ in range(wanted):
        match = _TOKEN.match(data, at, MAX_HEADER_BYTES)
        if match is None:
            raise ValueError("no number in the header")
        values.append(int(match[1]))
        at = match.end()
    width, height, largest = [*values, 1][:3]
    if not 1 <= largest <= _MAX_VALUE:
        raise ValueError("the largest value is out of range")
    return width, height, largest, at + 1  # one white space ends the header


def read_portable(data: bytes) -> Numbers:
    """The first picture in a PBM, PGM or PPM file.

    Raises:
        ValueError: damaged or cut short.
    """
    kind = data[1:2]
    width, height, largest, start = read_header(data)
    channels = 3 if kind in _COLOUR else 1
    count = width * height * channels
    if kind in _PLAIN:
        values = _read_plain(data[start - 1 :], count, one_sign_each=kind == b"1")
    elif kind == b"4":
        row_bytes = -(-width // 8)
        packed = np.frombuffer(data, np.uint8, row_bytes * height, start).reshape(height, row_bytes)
        values = np.unpackbits(packed, axis=1, count=width)
    else:
        dtype = ">u2" if largest > 255 else "u1"
        values = np.frombuffer(data, dtype, count, start)
    if values.max() > largest:
        raise ValueError("a value is larger than the largest")
    values = values.astype(np.uint8 if largest <= 255 else np.uint16, copy=False)
    return Numbers(
        colours=values.reshape(height, width, channels),
        container_white=float(largest),
        white_is_zero=kind in _BITMAP,
    )


def _read_plain(text: bytes, count: int, one_sign_each: bool) -> np.ndarray:
    """``count`` numbers of decimal digits; in a plain PBM white space between them is optional."""
    text = _COMMENT.sub(b" ", text)
    parts, found, at = [], 0, 0
    while found < count and at < len(text):
        gap = None if one_sign_each else _GAP.search(text, at + _BLOCK_BYTES)
        end = gap.end() if gap else (at + _BLOCK_BYTES if one_sign_each else len(text))
        block = text[at:end]
        if one_sign_each:
            part = np.frombuffer(b"".join(block.split()), np.uint8).astype(np.int64) - ord("0")
        else:
            part = np.fromiter(map(int, block.split()), np.int64)
        parts.append(part[: count - found])
        found += len(parts[-1])
        at = end
    values = np.concatenate(parts)[:count]
    if len(values) < count or values.min() < 0:
        raise ValueError("cut short, or a negative number")
    return values
