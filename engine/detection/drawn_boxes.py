"""Boxes that a learner has drawn, as they travel in a link: text from outside, read strictly.

``x1,y1,x2,y2;x1,y1,x2,y2;…`` in thousandths of the picture's width and height, so that a box stays
on the picture however large that is shown.
"""

import torch
from torch import Tensor

from engine.errors import InputError

WHOLE = 1000  # the picture's side
MOST_BOXES = 20
_LONGEST = 400  # characters that so many boxes can take


def read_drawn_boxes(text: str, size: tuple[int, int]) -> Tensor:
    """The boxes in whole pixels, float32 ``(N, 4)`` ``xyxy``, each at least one pixel large.

    Args:
        text: as above; empty for none.
        size: ``(H, W)`` of the picture in pixels.

    Raises:
        InputError: too many boxes, something that is no whole number, or a box that is inside out
            or outside the picture.
    """
    parts = text.split(";") if text else []
    if len(parts) > MOST_BOXES or len(text) > _LONGEST:
        raise InputError("drawn_too_many", most=MOST_BOXES)
    boxes = [_read_box(part, index) for index, part in enumerate(parts)]
    scale = torch.tensor([size[1], size[0]] * 2, dtype=torch.float32) / WHOLE
    found = (torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4) * scale).round()
    # a box thinner than a pixel becomes one, inside the picture
    room = torch.tensor([size[1], size[0]], dtype=torch.float32)
    start = torch.minimum(found[:, :2], room - 1)
    return torch.cat([start, torch.maximum(found[:, 2:], start + 1)], dim=1)


def read_one_box(text: str, size: tuple[int, int]) -> Tensor:
    """A single box, float32 ``(4,)``; the rest as in :func:`read_drawn_boxes`.

    Raises:
        InputError: as there, or there is not exactly one.
    """
    boxes = read_drawn_boxes(text, size)
    if len(boxes) != 1:
        raise InputError("drawn_no_box", index=1, text=text[:40], whole=WHOLE)
    return boxes[0]


def _read_box(text: str, index: int) -> list[int]:
    numbers = text.split(",")
    if len(numbers) != 4 or not all(n.isascii() and n.isdigit() for n in numbers):
        raise InputError("drawn_no_box", index=index + 1, text=text[:40], whole=WHOLE)
    x1, y1, x2, y2 = map(int, numbers)
    if max(x2, y2) > WHOLE or x1 >= x2 or y1 >= y2:
        raise InputError("drawn_outside", index=index + 1, text=text[:40], whole=WHOLE)
    return [x1, y1, x2, y2]
