"""The parts of a baseline JPEG file: sizes, tables, and the coded bits. ITU-T T.81, annex B."""

import struct
from dataclasses import dataclass, field

import numpy as np

from engine.codecs.jpeg.transform import from_zigzag

_SOI, _EOI, _SOS, _DQT, _DHT, _SOF0, _DRI = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xC0, 0xDD
_OTHER_FRAMES = frozenset(range(0xC1, 0xD0)) - {_DHT, 0xC8, 0xCC}


@dataclass(frozen=True)
class Component:
    """One of Y, Cb, Cr: its sampling factors, and which tables it is coded with."""

    across: int
    down: int
    quantisation: int
    dc: int = 0
    ac: int = 0


@dataclass
class JpegFile:
    """What stands in a file before its bits are read.

    Attributes:
        size: (H, W).
        components: in the file's order.
        tables: by number, int32 (8, 8) quantisation steps, lowest frequencies at the upper left.
        codes: by (class, number), class 0 for DC: (lengths, symbols), how many codes there are of
            1 to 16 bits, and what they stand for in order.
        bits: the entropy-coded bytes without the zeros stuffed after 0xFF.
    """

    size: tuple[int, int] = (0, 0)
    components: list[Component] = field(default_factory=list)
    tables: dict[int, np.ndarray] = field(default_factory=dict)
    codes: dict[tuple[int, int], tuple[bytes, bytes]] = field(default_factory=dict)
    bits: bytes = b""


def read_segments(data: bytes) -> JpegFile:
    """A baseline file of one scan without restart markers, as Pillow writes it.

    Raises:
        ValueError: anything else (progressive, arithmetic, restart intervals, 16-bit tables).
    """
    if data[:2] != bytes((0xFF, _SOI)):
        raise ValueError("not a JPEG file")
    found, at, ids = JpegFile(), 2, []
    while True:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == _DQT:
            _read_tables(body, found)
        elif marker == _DHT:
            _read_codes(body, found)
        elif marker == _SOF0:
            ids = _read_frame(body, found)
        elif marker in _OTHER_FRAMES or marker == _DRI:
            raise ValueError(f"marker {marker:#x}: only baseline files without restarts are read")
        elif marker == _SOS:
            _read_scan(body, found, ids)
            found.bits = data[at : data.rindex(bytes((0xFF, _EOI)))].replace(b"\xff\x00", b"\xff")
            return found


def _read_tables(body: bytes, found: JpegFile) -> None:
    while body:
        precision, number = divmod(body[0], 16)
        if precision:
            raise ValueError("quantisation steps of 16 bits")
        found.tables[number] = from_zigzag(np.frombuffer(body[1:65], np.uint8).astype(np.int32))
        body = body[65:]


def _read_codes(body: bytes, found: JpegFile) -> None:
    while body:
        count = sum(body[1:17])
        found.codes[divmod(body[0], 16)] = (body[1:17], body[17 : 17 + count])
        body = body[17 + count :]


def _read_frame(body: bytes, found: JpegFile) -> list[int]:
    found.size = struct.unpack(">HH", body[1:5])
    parts = [body[6 + 3 * k : 9 + 3 * k] for k in range(body[5])]
    found.components = [Component(*divmod(part[1], 16), part[2]) for part in parts]
    return [part[0] for part in parts]


def _read_scan(body: bytes, found: JpegFile, ids: list[int]) -> None:
    if body[0] != len(ids):
        raise ValueError("several scans")
    for k in range(body[0]):
        place = ids.index(body[1 + 2 * k])
        dc, ac = divmod(body[2 + 2 * k], 16)
        old = found.components[place]
        found.components[place] = Component(old.across, old.down, old.quantisation, dc, ac)
