"""A zlib stream decoded symbol by symbol, with the bits that each byte took. RFC 1950, 1951."""

from dataclasses import dataclass

import numpy as np

_END = 256
_LENGTHS = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1),
    (17, 1), (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4),
    (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
]  # fmt: skip
#: From symbol 4 on every second one has a bit more behind it.
_DISTANCES = [(1, 0), (2, 0), (3, 0), (4, 0)]
for _k in range(4, 30):
    _DISTANCES.append((_DISTANCES[-1][0] + (1 << _DISTANCES[-1][1]), _k // 2 - 1))
_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


@dataclass(frozen=True, eq=False)
class Inflated:
    """What a stream holds, and how it was told.

    Attributes:
        data: uint8 (n,), the bytes.
        bits: float32 (n,), what each took: a literal its own bits, a copied byte its share of the
            copy's.
        copied_from: int32 (n,), how far back it was copied from; 0 for a literal.
        starts: bool (n,), where a literal or a copy begins.
        table_bits: the rest: headers and tables of codes.
    """

    data: np.ndarray
    bits: np.ndarray
    copied_from: np.ndarray
    starts: np.ndarray
    table_bits: int


class _Bits:
    """Bits of a stream, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._held, self._count, self._next = data, 0, 0, 0

    @property
    def at(self) -> int:
        return 8 * self._next - self._count

    def take(self, count: int) -> int:
        while self._count < count:
            if self._next >= len(self._data):
                raise ValueError("the stream ends too early")
            self._held |= self._data[self._next] << self._count
            self._next += 1
            self._count += 8
        value = self._held & ((1 << count) - 1)
        self._held >>= count
        self._count -= count
        return value

    def align(self) -> None:
        self.take(self._count % 8)


Codes = dict[tuple[int, int], int]


def codes_of(lengths: list[int]) -> Codes:
    """By (length, code), the symbol: codes in order of length, then of symbol (RFC 1951, 3.2.2)."""
    codes: Codes = {}
    code = 0
    for length in range(1, max(lengths, default=0) + 1):
        for symbol, each in enumerate(lengths):
            if each == length:
                codes[length, code] = symbol
                code += 1
        code <<= 1
    return codes


def _symbol(bits: _Bits, codes: Codes) -> int:
    code = 0
    for length in range(1, 16):
        code = code << 1 | bits.take(1)
        found = codes.get((length, code))
        if found is not None:
            return found
    raise ValueError("bits that are no code")


def inflate(stream: bytes) -> Inflated:
    """A zlib stream decoded.

    Args:
        stream: as :func:`zlib.compress` writes it, without a preset dictionary.

    Raises:
        ValueError: a damaged stream, or one of another kind.
    """
    if len(stream) < 6 or stream[0] & 15 != 8 or stream[1] & 32:
        raise ValueError("not a zlib stream of deflate")
    bits, told = _Bits(stream[2:]), _Told()
    last = 0
    while not last:
        last, kind = bits.take(1), bits.take(2)
        if kind == 0:
            _read_stored(bits, told)
        elif kind == 1:
            fixed = [8] * 144 + [9] * 112 + [7] * 24 + [8] * 8
            _read_block(bits, told, codes_of(fixed), codes_of([5] * 30))
        elif kind == 2:
            _read_block(bits, told, *_read_tables(bits))
        else:
            raise ValueError("a block of no known kind")
    return told.arrays(bits.at)


class _Told:
    """The bytes so far, and how each was told."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.bits: list[float] = []
        self.back: list[int] = []
        self.starts: list[bool] = []

    def literal(self, value: int, bits: int) -> None:
        self.data.append(value)
        self.bits.append(bits)
        self.back.append(0)
        self.starts.append(True)

    def copy(self, length: int, back: int, bits: int) -> None:
        if back > len(self.data):
            raise ValueError("a copy from before the beginning")
        for _ in range(length):  # a copy may reach into itself
            self.data.append(self.data[-back])
        self.bits += [bits / length] * length
        self.back += [back] * length
        self.starts += [True] + [False] * (length - 1)

    def arrays(self, all_bits: int) -> Inflated:
        bits = np.array(self.bits, np.float32)
        return Inflated(
            np.frombuffer(bytes(self.data), np.uint8),
            bits,
            np.array(self.back, np.int32),
            np.array(self.starts, bool),
            all_bits - round(float(bits.sum(dtype=np.float64))),
        )


def _read_stored(bits: _Bits, told: _Told) -> None:
    bits.align()
    length = bits.take(16)
    bits.take(16)
    for _ in range(length):
        told.literal(bits.take(8), 8)


def _read_tables(bits: _Bits) -> tuple[Codes, Codes]:
    literals, distances, orders = bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4
    lengths = [0] * len(_ORDER)
    for k in _ORDER[:orders]:
        lengths[k] = bits.take(3)
    codes, found = codes_of(lengths), list[int]()
    while len(found) < literals + distances:
        symbol = _symbol(bits, codes)
        if symbol < 16:
            found.append(symbol)
        elif symbol == 16:
            found += [found[-1]] * (3 + bits.take(2))
        else:
            found += [0] * (3 + bits.take(3) if symbol == 17 else 11 + bits.take(7))
    return codes_of(found[:literals]), codes_of(found[literals:])


def _read_block(bits: _Bits, told: _Told, literals: Codes, distances: Codes) -> None:
    while True:
        begun = bits.at
        symbol = _symbol(bits, literals)
        if symbol < _END:
            told.literal(symbol, bits.at - begun)
            continue
        if symbol == _END:
            return
        least, extra = _LENGTHS[symbol - _END - 1]
        length = least + bits.take(extra)
        least, extra = _DISTANCES[_symbol(bits, distances)]
        back = least + bits.take(extra)
        told.copy(length, back, bits.at - begun)
