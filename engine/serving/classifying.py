"""Classification as the pages and the API ask for it: resident networks, batched requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.serving.batching import Batcher

if TYPE_CHECKING:
    import torch

    from engine.nets.classify import Label

MAX_BATCH_CPU = 4  # measured by `make bench` on two cores
MAX_BATCH_CUDA = 32


@dataclass(frozen=True)
class Classified:
    """What a network said of one picture.

    Attributes:
        model: the network's name in torchvision.
        labels: the best classes, most probable first.
        ms: time from the decoded picture to the labels, waiting in the queue included.
    """

    model: str
    labels: tuple["Label", ...]
    ms: float


def classify_picture(pixels: np.ndarray, model: str, top: int = 5) -> Classified:
    """The ``top`` most probable ImageNet classes of a picture, uint8 ``(H, W, 3)``.

    Raises:
        InputError: where the network is unknown or its weights are not at hand.
    """
    from engine.nets.classify import preprocess, top_k

    begun = perf_counter()
    x = preprocess(pixels, _default_weights(model))
    probs = _batcher(model)(x)
    labels = tuple(top_k(probs[None], top, model))
    return Classified(model, labels, (perf_counter() - begun) * 1000)
