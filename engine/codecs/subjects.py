"""What is compressed: the learner's picture, or one of three that behave otherwise.

A drawing of few flat colours, a part of a real screenshot (a page of Fovea,
``assets/pictures/SOURCES.md``) and noise, each value of it drawn by itself.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.pictures import resize_longest

#: A larger picture is scaled down to about so many pixels, so that the encoders answer to a hand.
MOST_PIXELS = 2**19
SUBJECTS = ("own", "drawing", "screenshot", "noise")
_SIZE = (320, 480)  # (H, W)
_SCREENSHOT = Path(__file__).resolve().parents[2] / "assets" / "pictures" / "screenshot.png"
_CUT = (70, 140, 710, 540)  # x1, y1, x2, y2 of the screenshot

_PAPER, _INK = (255, 255, 255), (20, 20, 30)
_COLOURS = ((214, 58, 52), (44, 102, 196), (246, 190, 0), (46, 140, 84))


def within_limit(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W, 3) of at most :data:`MOST_PIXELS` pixels, each the mean of what it covers."""
    height, width = pixels.shape[:2]
    if height * width <= MOST_PIXELS:
        return pixels
    share = (MOST_PIXELS / (height * width)) ** 0.5
    return resize_longest(pixels, max(1, int(max(height, width) * share)))


def subject_pixels(subject: str, own: np.ndarray) -> np.ndarray:
    """The picture that a name stands for.

    Args:
        subject: one of :data:`SUBJECTS`.
        own: uint8 (H, W, 3), the learner's.

    Returns:
        uint8 (h, w, 3), at most :data:`MOST_PIXELS` pixels; read-only where not the learner's.
    """
    if subject == "own":
        return within_limit(own)
    return {"drawing": _drawing, "screenshot": _screenshot, "noise": _noise}[subject]()


@cache
def _drawing() -> np.ndarray:
    """A small network as a diagram: flat colours, hard edges, letters, no grey in between."""
    height, width = _SIZE
    image = Image.new("RGB", (width, height), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    columns = ((70, 3), (190, 4), (310, 4), (410, 2))
    places = [[(x, height * (k + 1) // (n + 1)) for k in range(n)] for x, n in columns]
    for before, after in pairwise(places):
        for start in before:
            for end in after:
                pen.line((start, end), fill=_INK, width=1)
    font = ImageFont.load_default(15)
    for colour, column in zip(_COLOURS, places, strict=True):
        for k, (x, y) in enumerate(column):
            pen.ellipse((x - 20, y - 20, x + 20, y + 20), fill=colour, outline=_INK, width=2)
            pen.text((x, y), f"h{k}", fill=_PAPER, font=font, anchor="mm")
    pen.rectangle((0, 0, width - 1, 25), fill=_INK)
    pen.text((10, 13), "y = f(W x + b)   ReLU   softmax", fill=_PAPER, font=font, anchor="lm")
    return _frozen(np.array(image))


@cache
def _screenshot() -> np.ndarray:
    with Image.open(_SCREENSHOT) as image:
        return _frozen(np.array(image.convert("RGB").crop(_CUT)))


@cache
def _noise() -> np.ndarray:
    return _frozen(np.random.default_rng(0).integers(0, 256, (*_SIZE, 3), dtype=np.uint8))


def _frozen(pixels: np.ndarray) -> np.ndarray:
    pixels.setflags(write=False)
    return pixels
