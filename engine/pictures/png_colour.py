"""What a PNG says of its colours by numbers of its own, beside a profile: it is not used here.

Files of today hold sRGB, or an ICC profile, which :mod:`engine.pictures.colour_profile` converts.
Older programs wrote a gamma (``gAMA``) and primaries (``cHRM``), HDR screenshots hold ``cICP``.
Where these mean something else than sRGB, whoever sent the file is told that its colours
may be off; nobody is left to wonder why.

Source: PNG (Third Edition), sections 4.3 (which chunk goes first), 11.3.2 (gAMA, cHRM, sRGB, iCCP,
cICP); ITU-T H.273 for cICP's numbers.
"""

import struct
from collections.abc import Iterator

_SIGNATURE_BYTES, _HEAD, _CRC_BYTES = 8, struct.Struct(">I4s"), 4
_SRGB_GAMMA = 45_455  # 1 / 2.2, times 100,000
_SRGB_POINTS = (31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000)  # times 100,000
_GAMMA_TOLERANCE, _POINT_TOLERANCE = 0.05, 500  # a share; hundred-thousandths
_SRGB_CODES = {(1, 13), (1, 1)}  # BT.709's primaries with sRGB's or BT.709's curve


def unused_colour(data: bytes) -> tuple[str, ...]:
    """Names of the chunks of a PNG that ask for other colours than those that it is shown with.

    None where they say sRGB, or a chunk that goes before them is used (``iCCP``, ``sRGB``).
    """
    chunks = dict(_chunks(data))
    coded = chunks.get(b"cICP", b"")
    if len(coded) == 4:
        return () if (coded[0], coded[1]) in _SRGB_CODES else ("cICP",)
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return ()
    found = {"gAMA": _differs_in_gamma, "cHRM": _differs_in_primaries}
    return tuple(name for name, differs in found.items() if differs(chunks.get(name.encode(), b"")))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk before the picture itself."""
    at = _SIGNATURE_BYTES
    while at + _HEAD.size <= len(data):
        length, kind = _HEAD.unpack_from(data, at)
        if kind == b"IDAT":
            return
        begin = at + _HEAD.size
        yield kind, data[begin : begin + min(length, 64)]  # what is looked at is shorter
        at = begin + length + _CRC_BYTES


def _differs_in_gamma(content: bytes) -> bool:
    if len(content) != 4:
        return False
    (gamma,) = struct.unpack(">I", content)
    return abs(gamma / _SRGB_GAMMA - 1) > _GAMMA_TOLERANCE


def _differs_in_primaries(content: bytes) -> bool:
    if len(content) != 32:
        return False
    points = struct.unpack(">8I", content)
    pairs = zip(points, _SRGB_POINTS, strict=True)
    return any(abs(point - usual) > _POINT_TOLERANCE for point, usual in pairs)
