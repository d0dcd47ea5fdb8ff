"""Architectures on Home: where the activations of Xception come out, block by block."""

import numpy as np

from engine.serving.architectures.compute import strip_of
from engine.serving.architectures.contract import Question
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail:
    """A bar a block, of the architecture that the page opens with at the right."""
    strip = strip_of(Question().second)
    shares = np.array([block.activations for block in strip.blocks], np.float64)
    millions = round(strip.total("activations") / 1e6, 1)
    return Thumbnail(
        bars=shares / shares.max(), told={"title": strip.of.title, "millions": millions}
    )
