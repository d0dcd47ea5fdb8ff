"""The five filters of a PNG's rows, there and back. W3C PNG, section 9.

A filter foretells each byte from its neighbours; the row holds the differences, modulo 256.
"""

import numpy as np

FILTERS = ("none", "sub", "up", "average", "paeth")
PIXEL_BYTES = 3


def foretold(name: str, row: np.ndarray, above: np.ndarray) -> np.ndarray:
    """What a filter foretells of each byte of a row.

    Args:
        name: one of :data:`FILTERS`.
        row: uint8 (n,), the row itself; of each byte only those before it are looked at.
        above: uint8 (n,), the row above, zeros for the first.

    Returns:
        uint8 (n,).
    """
    zeros = np.zeros(PIXEL_BYTES, np.int32)
    left = np.concatenate([zeros, row[:-PIXEL_BYTES]]).astype(np.int32)
    up = above.astype(np.int32)
    if name == "none":
        return np.zeros_like(row)
    if name == "sub":
        return left.astype(np.uint8)
    if name == "up":
        return above
    if name == "average":
        return ((left + up) // 2).astype(np.uint8)
    corner = np.concatenate([zeros, above[:-PIXEL_BYTES]]).astype(np.int32)
    return _paeth(left, up, corner).astype(np.uint8)


def _paeth(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """Whichever of the three is nearest to left + up - corner; the first of equals."""
    guess = left + up - corner
    to_left, to_up, to_corner = (np.abs(guess - each) for each in (left, up, corner))
    best = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, best)


def filtered(name: str, rows: np.ndarray) -> np.ndarray:
    """uint8 (H, n): every row by the same filter, of uint8 (H, n)."""
    above = np.concatenate([np.zeros_like(rows[:1]), rows[:-1]])
    return np.stack([row - foretold(name, row, up) for row, up in zip(rows, above, strict=True)])


def unfiltered(kinds: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """uint8 (H, n), the rows again.

    Args:
        kinds: uint8 (H,), each row's filter, its place in :data:`FILTERS`.
        lines: uint8 (H, n), the filtered rows.

    Raises:
        ValueError: a filter that there is not.
    """
    if kinds.max(initial=0) >= len(FILTERS):
        raise ValueError("a filter that there is not")
    rows = np.zeros_like(lines)
    above = np.zeros_like(lines[0])
    for y, (kind, line) in enumerate(zip(kinds, lines, strict=True)):
        rows[y] = above = _undo(FILTERS[kind], line, above)
    return rows


def _undo(name: str, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    if name in ("none", "up"):
        return line + foretold(name, line, above)
    row = np.zeros_like(line)
    for x in range(0, len(line), PIXEL_BYTES):  # each pixel needs the one before it
        pixel = slice(x, x + PIXEL_BYTES)
        first = max(0, x - PIXEL_BYTES)
        guess = foretold(name, row[first : x + PIXEL_BYTES], above[first : x + PIXEL_BYTES])
        row[pixel] = line[pixel] + guess[-PIXEL_BYTES:]
    return row
