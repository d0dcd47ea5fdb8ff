"""Classification as the pages and the API ask for it: resident networks, batched requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.serving.batching import Batcher, max_batch

if TYPE_CHECKING:
    from torch import Tensor

    from engine.nets.classify import Label


@dataclass(frozen=True)
class Classified:
    """What a network said of one picture.

    Attributes:
        model: the network's name in torchvision.
        labels: the best classes, most probable first.
        ms: time from the decoded picture to the labels, waiting for others included.
    """

    model: str
    labels: tuple["Label", ...]
    ms: float


def classify_picture(pixels: np.ndarray, model: str, top: int = 5) -> Classified:
    """The ``top`` most probable ImageNet classes of a picture, uint8 ``(H, W, 3)``.

    Raises:
        InputError: the network is unknown, its weights are not at hand, or ``top`` is out of range.
    """
    from engine.nets.catalog import find_classifier
    from engine.nets.classify import preprocess, top_k

    begun = perf_counter()
    entry = find_classifier(model)
    probs = _batcher(model)(preprocess(pixels, entry.weights))
    labels = tuple(top_k(probs, top, entry.categories))
    return Classified(model, labels, (perf_counter() - begun) * 1000)


@cache
def _batcher(model: str) -> Batcher["Tensor", "Tensor"]:
    """One queue a network; the network itself stays with the residence, which may drop it."""
    import torch

    from engine.nets.classify import classify
    from engine.nets.residence import residence

    def run(inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        return list(classify(residence().resident(model), torch.cat(list(inputs))))

    return Batcher(run, max_batch())
