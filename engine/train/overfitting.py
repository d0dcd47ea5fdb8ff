"""Whether a network has learnt or memorised: two measurements, each with a name.

The gap compares pictures whose labels are right on both sides: a network that refuses wrong labels
would otherwise look as if it had learnt nothing better than it can. What it does with the wrong
labels is judged by itself: whoever gives them back more often than chance has memorised them.

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
Name = Literal["none", "little", "strong"]
NAMES: tuple[Name, ...] = ("none", "little", "strong")


@dataclass(frozen=True)
class Gap:
    """How much better a network does on what it learnt from.

    Attributes:
        train, validation: accuracies in [0, 1] of the same network, both on right labels.
        gap: train - validation.
        noise: two standard errors of the validation accuracy: less cannot be told from chance.
        name: "none" up to the noise, "strong" from STRONG_GAP on (and above the noise), else
            "little".
    """

    train: float
    validation: float
    gap: float
    noise: float
    name: Name


@dataclass(frozen=True)
class Repetition:
    """How often a network gives wrong labels back.

    Attributes:
        share: of the wrong labels, in [0, 1].
        chance: the share to be expected of a network that has never seen them.
        noise: two standard errors of the share.
        name: of share - chance, by the rule that names a gap.
    """

    share: float
    chance: float
    noise: float
    name: Name


def name_gap(train: float, validation: float, validation_count: int) -> Gap:
    """Names the gap between two accuracies.

    Args:
        train: in [0, 1], on training pictures whose labels are right.
        validation: in [0, 1].
        validation_count: number of validation pictures, >= 1.
    """
    gap = round(train - validation, 9)  # 1 - 0.9 is a gap of 0.1, not of 0.09999999999999998
    noise = STANDARD_ERRORS * standard_error(validation, validation_count)
    return Gap(train, validation, gap, noise, _name(gap, noise))


def name_repetition(
    repeated: int, wrong_labels: int, validation: float, classes: int
) -> Repetition:
    """Names how much of the wrong labels a network has memorised.

    A network that has not seen a wrong label gives it only where it errs, and its errors fall on
    that one of the ``classes - 1`` wrong classes as often as on another: wrong labels are drawn
    evenly among them.

    Args:
        repeated: wrong labels that it gives as its answer.
        wrong_labels: how many there are, >= 1.
        validation: its accuracy on new pictures, in [0, 1].
        classes: >= 2.
    """
    share, chance = repeated / wrong_labels, (1 - validation) / (classes - 1)
    noise = STANDARD_ERRORS * standard_error(share, wrong_labels)
    return Repetition(share, chance, noise, _name(round(share - chance, 9), noise))


def stronger(*names: Name) -> Name:
    """The strongest of some names."""
    return max(names, key=NAMES.index)


def _name(excess: float, noise: float) -> Name:
    if excess <= noise:
        return "none"
    return "strong" if excess >= STRONG_GAP else "little"


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
        accuracy: share of training pictures answered with the given label, right or wrong.
        right_accuracy: the same share of those whose label is right; NaN where none is.
    """

    indices: Tensor
    probs: Tensor
    wrong_labels: int
    repeated: int
    accuracy: float
    right_accuracy: float


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
        right_accuracy=torch.mean(is_repeated[~is_swapped].float()).item(),
    )
