"""Coded bits read into quantised coefficients. ITU-T T.81, annex F.2."""

from dataclasses import dataclass

import numpy as np

from engine.codecs.jpeg.segments import JpegFile
from engine.codecs.jpeg.transform import BLOCK, from_zigzag

_LONGEST = 16  # bits of a code
_RUN_OF_ZEROS, _END_OF_BLOCK = 0xF0, 0x00
_VALUES = BLOCK * BLOCK


@dataclass(frozen=True, eq=False)
class Plane:
    """One component's blocks as they stand in the file.

    Attributes:
        blocks: int32 (rows, columns, 8, 8), quantised coefficients, rows and columns of blocks.
        bits: int32 (rows, columns), what each block takes in the file.
    """

    blocks: np.ndarray
    bits: np.ndarray


class _Bits:
    """The coded bits, the next one first."""

    def __init__(self, data: bytes) -> None:
        self._data = data + bytes(4)  # a look beyond the end finds zeros
        self.at = 0

    def peek(self) -> int:
        """The next sixteen."""
        first, shift = divmod(self.at, 8)
        three = int.from_bytes(self._data[first : first + 3], "big")
        return (three >> (8 - shift)) & 0xFFFF

    def number(self, count: int) -> int:
        """A signed number of ``count`` bits: those that begin with 0 are the negative ones."""
        if not count:
            return 0
        value = self.peek() >> (_LONGEST - count)
        self.at += count
        return value if value >> (count - 1) else value - (1 << count) + 1


def code_lookup(lengths: bytes, symbols: bytes) -> list[tuple[int, int]]:
    """By the next sixteen bits, (length of the code that they begin with, its symbol)."""
    found: list[tuple[int, int]] = []
    place = 0
    for length, count in enumerate(lengths, start=1):
        for symbol in symbols[place : place + count]:
            found += [(length, symbol)] * (1 << (_LONGEST - length))
        place += count
    return found + [(0, 0)] * ((1 << _LONGEST) - len(found))


def read_planes(file: JpegFile) -> list[Plane]:
    """Every block of every component.

    Raises:
        ValueError: bits that are no code of the file's tables.
    """
    height, width = file.size
    most_down = max(each.down for each in file.components)
    most_across = max(each.across for each in file.components)
    rows, columns = -(-height // (BLOCK * most_down)), -(-width // (BLOCK * most_across))
    planes = [
        Plane(
            np.zeros((rows * each.down, columns * each.across, _VALUES), np.int32),
            np.zeros((rows * each.down, columns * each.across), np.int32),
        )
        for each in file.components
    ]
    lookups = {key: code_lookup(*code) for key, code in file.codes.items()}
    bits, last = _Bits(file.bits), [0] * len(planes)
    for row, column in np.ndindex(rows, columns):
        for k, (each, plane) in enumerate(zip(file.components, planes, strict=True)):
            for down, across in np.ndindex(each.down, each.across):
                place = row * each.down + down, column * each.across + across
                begun = bits.at
                values = _read_block(bits, lookups[0, each.dc], lookups[1, each.ac], last[k])
                plane.blocks[place] = values
                plane.bits[place] = bits.at - begun
                last[k] = values[0]
    return [Plane(from_zigzag(plane.blocks), plane.bits) for plane in planes]


def _read_block(bits: _Bits, dc: list, ac: list, before: int) -> list[int]:
    """64 values in the file's order; the first is told as a difference from the block before."""
    values = [0] * _VALUES
    values[0] = before + bits.number(_next_symbol(bits, dc))
    at = 1
    while at < _VALUES:
        symbol = _next_symbol(bits, ac)
        if symbol == _END_OF_BLOCK:
            break
        if symbol == _RUN_OF_ZEROS:
            at += 16
            continue
        zeros, size = divmod(symbol, 16)
        at += zeros
        if at >= _VALUES:
            raise ValueError("a block of more than 64 values")
        values[at] = bits.number(size)
        at += 1
    return values


def _next_symbol(bits: _Bits, lookup: list) -> int:
    length, symbol = lookup[bits.peek()]
    if not length:
        raise ValueError("bits that are no code")
    bits.at += length
    return symbol
