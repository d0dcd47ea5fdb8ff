"""Small ICC profiles, made from their definition (ICC.1:2022, sections 7 to 10)."""

import struct

import numpy as np

_D50 = (0.9642, 1.0, 0.8249)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _named(text: str) -> bytes:
    plain = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(plain)) + plain + bytes(78)


def make_profile(
    space: bytes, tags: dict[bytes, bytes], kind: bytes = b"mntr", pcs: bytes = b"XYZ "
) -> bytes:
    """A version 2 profile of that colour space with those tags."""
    tags = {b"desc": _named("made by a test"), b"wtpt": _xyz(_D50), **tags}
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"none", 0x02400000, kind, space, pcs)
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(*_D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def grey_profile(gamma: float) -> bytes:
    """Greys of that gamma."""
    return make_profile(b"GRAY", {b"kTRC": _gamma(gamma)})


def matrix_profile(primaries: np.ndarray, gamma: float) -> bytes:
    """RGB of that gamma; the columns of ``primaries`` are the XYZ (D50) of red, green and blue."""
    tags = {
        name: _xyz(tuple(primaries[:, n])) for n, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))
    }
    return make_profile(
        b"RGB ", tags | {name: _gamma(gamma) for name in (b"rTRC", b"gTRC", b"bTRC")}
    )


def black_ink_profile() -> bytes:
    """CMYK in which black alone darkens, evenly in L*; the other inks are clear."""
    straight = bytes(range(256))
    corners = [(255 - 255 * (n & 1), 128, 128) for n in range(16)]  # K varies fastest
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += straight * 4 + bytes(value for corner in corners for value in corner) + straight * 3
    return make_profile(b"CMYK", {b"A2B0": table}, b"prtr", b"Lab ")
