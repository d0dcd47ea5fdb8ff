"""COCO's run-length masks, of which only the box around them is wanted.

Runs of 0 and 1 in turn, 0 first, down one column after another; as a list of numbers, or as text:
five bits a letter from "0" on, the sixth says that more follow, each number from the third on is
the difference to the one two before.

Source: Lin et al.'s cocoapi, ``maskApi.c`` (``rleFrString``, ``rleToBbox``).
"""

from collections.abc import Sequence

_FIRST, _LAST = 48, 48 + 63
_MOST_BITS = 40


def decode_counts(text: str) -> list[int]:
    """The runs that a text holds.

    Raises:
        ValueError: a letter that is none of the 64, a number without end, or a negative run.
    """
    counts: list[int] = []
    value, shift = 0, 0
    for letter in text:
        code = ord(letter) - _FIRST
        if not 0 <= code <= _LAST - _FIRST or shift > _MOST_BITS:
            raise ValueError("no run-length code")
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value -= 1 << shift
        if len(counts) > 2:
            value += counts[-2]
        if value < 0:
            raise ValueError("a negative run")
        counts.append(value)
        value, shift = 0, 0
    if shift:
        raise ValueError("the last number is cut short")
    return counts


def box_of_runs(
    counts: Sequence[int], size: tuple[int, int]
) -> tuple[float, float, float, float] | None:
    """The box around a mask, xyxy half-open; None where it is empty.

    Args:
        counts: runs of 0 and 1 in turn.
        size: (H, W) of the mask.

    Raises:
        ValueError: the runs do not fill the mask, or one is negative.
    """
    height, width = size
    if any(count < 0 for count in counts) or sum(counts) != height * width:
        raise ValueError("the runs do not fill the mask")
    x1, y1, x2, y2, at = width, height, 0, 0, 0
    for index, count in enumerate(counts):
        if index % 2 and count:
            (left, top), (right, bottom) = divmod(at, height), divmod(at + count - 1, height)
            if right > left:  # it goes on in the next column, so it touches both ends
                top, bottom = 0, height - 1
            x1, y1 = min(x1, left), min(y1, top)
            x2, y2 = max(x2, right + 1), max(y2, bottom + 1)
        at += count
    return (float(x1), float(y1), float(x2), float(y2)) if x2 > x1 else None
