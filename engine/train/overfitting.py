"""Whether a network has learnt or memorised: the gap between training and validation, and names.

Source of the interval: Agresti and Coull, "Approximate is better than 'exact' for interval
estimation of binomial proportions" (1998): two successes and two failures are added, so that an
accuracy of 100 % on few pictures is not taken for certain.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import torch
from torch import Tensor

STANDARD_ERRORS = 2.0  # a smaller gap cannot be told from chance
STRONG_GAP = 0.1  # ten points of accuracy
SURE = 0.9  # a picture answered with at least this probability is known by heart


@dataclass(frozen=True)
class Gap:
    """How much better a network does on what it learnt from.

    Attributes:
        train, validation: accuracies in [0, 1], of the same network, on the labels it was given.
        gap: train - validation.
        noise: two standard errors of the validation accuracy: less cannot be told from chance.
        name: "none" up to the noise, "strong" from STRONG_GAP on (and above the noise), else
            "little".
    """

    train: float
    validation: float
    gap: float
    noise: float
    name: Literal["none", "little", "strong"]


def name_gap(train: float, validation: float, validation_count: int) -> Gap:
    """Names the gap between two accuracies.

    Args:
        train, validation: in [0, 1].
        validation_count: number of validation pictures, >= 1.
    """
    gap = round(train - validation, 9)  # 1 - 0.9 is a gap of 0.1, not of 0.09999999999999998
    noise = STANDARD_ERRORS * standard_error(validation, validation_count)
    if gap <= noise:
        return Gap(train, validation, gap, noise, "none")
    return Gap(train, validation, gap, noise, "strong" if gap >= STRONG_GAP else "little")


def standard_error(accuracy: float, count: int) -> float:
    """Of an accuracy measured on ``count`` >= 1 pictures; never 0."""
    share = (accuracy * count + 2) / (count + 4)
    return sqrt(share * (1 - share) / (count + 4))


@dataclass(frozen=True, eq=False)
class Memorised:
    """Training pictures that a network answers with the label it was given, and surely.

    Attributes:
        indices: int64 (m,), into the training pictures: wrongly labelled ones first, and among
            each kind the surest first; ties by the lower index.
        probs: float32 (m,), of the given label, each at least ``SURE``.
        wrong_labels: how many training pictures have a wrong label.
        repeated: to how many of these the network gives that wrong label as its answer.
        accuracy: share of training pictures answered with the given label.
    """

    indices: Tensor
    probs: Tensor
    wrong_labels: int
    repeated: int
    accuracy: float


def find_memorised(logits: Tensor, given: Tensor, is_swapped: Tensor) -> Memorised:
    """What a network knows by heart of the pictures that it learnt from.

    Args:
        logits: float32 (N, classes), of the training pictures as they are, in eval mode.
        given: int64 (N,), the labels it was given.
        is_swapped: bool (N,), true where the given label is wrong.
    """
    probs = logits.softmax(dim=1).gather(1, given[:, None])[:, 0]  # (N,)
    is_repeated = logits.argmax(dim=1) == given
    sure = (probs >= SURE).nonzero()[:, 0]
    sure = sure[probs[sure].argsort(descending=True, stable=True)]
    order = is_swapped[sure].int().argsort(descending=True, stable=True)
    indices = sure[order]
    return Memorised(
        indices=indices,
        probs=probs[indices],
        wrong_labels=int(is_swapped.sum()),
        repeated=int((is_repeated & is_swapped).sum()),
        accuracy=torch.mean(is_repeated.float()).item(),
    )
