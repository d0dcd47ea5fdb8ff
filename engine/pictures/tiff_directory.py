"""The first directory of a TIFF, classic or BigTIFF, in either byte order.

Pillow's own directories do not know a BigTIFF of big-endian numbers. Sources: TIFF 6.0, section 2;
the BigTIFF design (Aware Systems).
"""

import struct
from dataclasses import dataclass

MAX_ENTRIES = 4096
# Tag type → struct's letter; rationals, text and private types are of no use here.
_LETTERS = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q"}


@dataclass(frozen=True)
class Directory:
    """A page's tags.

    Attributes:
        order: "<" or ">", the file's byte order.
        is_big: whether it is a BigTIFF.
        tags: tag → whole numbers, at least one.
        several: whether another page follows.
    """

    order: str
    is_big: bool
    tags: dict[int, tuple[int, ...]]
    several: bool

    def first(self, tag: int, default: int) -> int:
        """The tag's first number."""
        return self.tags.get(tag, (default,))[0]

    def all(self, tag: int, default: int) -> tuple[int, ...]:
        """All of the tag's numbers."""
        return self.tags.get(tag, (default,))


def read_directory(data: bytes) -> Directory:
    """Reads the first directory; values that lie outside the file are left out.

    Raises:
        struct.error: the file ends before the directory does.
    """
    order = "<" if data[:2] == b"II" else ">"
    is_big = struct.unpack_from(f"{order}H", data, 2)[0] == 43
    offset, count_letter, head = ("Q", "Q", 16) if is_big else ("I", "H", 8)
    at = struct.unpack_from(f"{order}{offset}", data, head // 2)[0]
    count = struct.unpack_from(f"{order}{count_letter}", data, at)[0]
    at += struct.calcsize(count_letter)
    entry = struct.Struct(f"{order}HH{offset}")
    inline_bytes = struct.calcsize(f"={offset}")
    tags: dict[int, tuple[int, ...]] = {}
    for _ in range(min(count, MAX_ENTRIES)):
        tag, kind, length = entry.unpack_from(data, at)
        value_at = at + entry.size
        at = value_at + inline_bytes
        letter = _LETTERS.get(kind)
        if letter is None or tag in tags or not 0 < length <= len(data):
            continue
        values = struct.Struct(f"{order}{length}{letter}")
        if values.size > inline_bytes:
            value_at = struct.unpack_from(f"{order}{offset}", data, value_at)[0]
        if value_at + values.size <= len(data):
            tags[tag] = values.unpack_from(data, value_at)
    following = struct.unpack_from(f"{order}{offset}", data, at)[0] if count <= MAX_ENTRIES else 0
    return Directory(order, is_big, tags, following != 0)
