"""Which pictures train, which validate and which test; and what can be done to the training part.

Fewer pictures a class, classes of unlike frequency, wrong labels: each is a function of the targets
and of a ``torch.Generator``, and returns indices or new targets; pictures are never copied.

Sources: the largest-remainder method for stratification; Cui et al., "Class-balanced loss" (2019)
for the geometric imbalance; Zhang et al., "Understanding deep learning requires rethinking
generalization" (2017) for labels swapped at random.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.data_set import DataSet
from engine.errors import InputError

MIN_PER_CLASS, MAX_PER_CLASS = 5, 2000
MAX_IMBALANCE = 1000.0


@dataclass(frozen=True, eq=False)
class Split:
    """Indices into a data set, int64 (n,), shuffled; no picture is in two parts."""

    train: Tensor
    validation: Tensor
    test: Tensor


@dataclass(frozen=True, eq=False)
class NoisyTargets:
    """Targets some of which are wrong.

    Attributes:
        targets: int64 (N,).
        is_swapped: bool (N,), true where the target is not the original one.
    """

    targets: Tensor
    is_swapped: Tensor


def split_stratified(
    targets: Tensor,
    generator: torch.Generator,
    shares: tuple[float, float, float] = (0.7, 0.15, 0.15),
) -> Split:
    """Splits so that each part holds each class in the same proportion, to within one picture.

    A class of two or more pictures has at least one in the training part, and one in the validation
    part where its share is not 0.

    Args:
        targets: int64 (N,), class indices, on the CPU.
        generator: on the CPU.
        shares: of training, validation and test, each >= 0; they sum to 1, the first is above 0.

    Raises:
        InputError: shares that do not sum to 1.
    """
    _check_shares(shares)
    parts: list[list[Tensor]] = [[], [], []]
    for members in _shuffled_classes(targets, generator):
        counts = _apportion(len(members), shares)
        for part, indices in zip(parts, members.split(counts), strict=True):
            part.append(indices)
    return Split(*(_shuffle(torch.cat(part), generator) if part else _none() for part in parts))


def split_groups(
    targets: Tensor,
    originals: Tensor | None,
    generator: torch.Generator,
    shares: tuple[float, float, float] = (0.7, 0.15, 0.15),
) -> Split:
    """As :func:`split_stratified`, with all copies of a picture in the same part.

    Args:
        originals: int64 (N,), as a :class:`DataSet` has them; None where there are no copies.
    """
    if originals is None:
        return split_stratified(targets, generator, shares)
    firsts = (originals == torch.arange(len(originals))).nonzero()[:, 0]
    split = split_stratified(targets[firsts], generator, shares)
    part_of = torch.full((len(targets),), -1)
    for part, indices in enumerate((split.train, split.validation, split.test)):
        part_of[firsts[indices]] = part
    part_of = part_of[originals]
    parts = ((part_of == part).nonzero()[:, 0] for part in range(3))
    return Split(*(_shuffle(indices, generator) for indices in parts))


def split_divided(data: DataSet, generator: torch.Generator, validation_share: float) -> Split:
    """A set that divides itself, as it does; copies of held-out pictures are not learnt from.

    Args:
        data: with ``parts``; on the CPU.
        validation_share: taken from the training pictures where no part is for validation.
    """
    assert data.parts is not None
    learnt = (data.parts == 0) & ~find_leaked(data.parts, data.originals)
    train, validation, test = (
        _shuffle(each.nonzero()[:, 0], generator)
        for each in (learnt, data.parts == 1, data.parts == 2)
    )
    if len(validation):
        return Split(train, validation, test)
    originals = None if data.originals is None else _first_places(data.originals[train])
    shares = (1 - validation_share, validation_share, 0.0)
    split = split_groups(data.targets[train], originals, generator, shares)
    return Split(train[split.train], train[split.validation], test)


def _first_places(values: Tensor) -> Tensor:
    """Where each value stands for the first time: int64 (n,) to int64 (n,)."""
    place: dict[int, int] = {}
    return torch.tensor([place.setdefault(each, at) for at, each in enumerate(values.tolist())])


def find_leaked(parts: Tensor, originals: Tensor | None) -> Tensor:
    """Training pictures that also stand in validation or test, bool (N,).

    Args:
        parts, originals: as a :class:`DataSet` has them.
    """
    if originals is None:
        return torch.zeros(len(parts), dtype=torch.bool)
    held_out = originals[parts != 0].unique()
    return (parts == 0) & torch.isin(originals, held_out)


def take_per_class(
    indices: Tensor, targets: Tensor, per_class: int, generator: torch.Generator
) -> Tensor:
    """At most ``per_class`` of ``indices`` from each class, chosen at random.

    With the same generator state a larger number keeps all that a smaller one chose.

    Args:
        indices: int64 (n,), the training part.
        targets: int64 (N,), of the whole data set.
        per_class: ``MIN_PER_CLASS`` to ``MAX_PER_CLASS``; a class with fewer gives all it has.

    Returns:
        int64 (m,), shuffled.

    Raises:
        InputError: ``per_class`` is out of range.
    """
    _check("per_class", per_class, MIN_PER_CLASS, MAX_PER_CLASS)
    kept = [
        indices[members[:per_class]] for members in _shuffled_classes(targets[indices], generator)
    ]
    return _shuffle(torch.cat(kept), generator) if kept else _none()


def unbalance(indices: Tensor, targets: Tensor, ratio: float, generator: torch.Generator) -> Tensor:
    """Thins classes out so that frequencies fall geometrically from the first class to the last.

    With K classes and n pictures in the smallest, class k keeps ``n * ratio**(-k / (K - 1))``,
    rounded, and at least one; so the first class is ``ratio`` times as frequent as the last.

    Args:
        indices: int64 (n,), the training part.
        targets: int64 (N,), of the whole data set.
        ratio: 1 (all classes alike) to ``MAX_IMBALANCE``.

    Returns:
        int64 (m,), shuffled.

    Raises:
        InputError: ``ratio`` is out of range.
    """
    _check("ratio", ratio, 1, MAX_IMBALANCE)
    classes = _shuffled_classes(targets[indices], generator)
    if not classes:
        return _none()
    most, last = min(len(members) for members in classes), max(len(classes) - 1, 1)
    kept = [
        indices[members[: max(1, round(most * ratio ** (-k / last)))]]
        for k, members in enumerate(classes)
    ]
    return _shuffle(torch.cat(kept), generator)


def swap_labels(
    targets: Tensor, class_count: int, share: float, generator: torch.Generator
) -> NoisyTargets:
    """Gives ``round(share * N)`` pictures, chosen at random, the label of another class.

    Each of the other classes is as likely as any.

    Args:
        targets: int64 (N,), class indices below ``class_count``, on the CPU.
        class_count: number of classes, at least 2.
        share: in [0, 1].

    Raises:
        InputError: ``share`` or ``class_count`` is out of range.
    """
    _check("share", share, 0, 1)
    _check("class_count", class_count, 2, torch.iinfo(torch.int64).max)
    count = round(share * len(targets))
    chosen = torch.randperm(len(targets), generator=generator)[:count]
    steps = torch.randint(1, class_count, (count,), generator=generator)
    noisy, is_swapped = targets.clone(), torch.zeros(len(targets), dtype=torch.bool)
    noisy[chosen] = (targets[chosen] + steps) % class_count
    is_swapped[chosen] = True
    return NoisyTargets(noisy, is_swapped)


def _shuffled_classes(targets: Tensor, generator: torch.Generator) -> list[Tensor]:
    """For each class that occurs, in order: where it occurs, shuffled."""
    return [
        _shuffle((targets == each).nonzero()[:, 0], generator) for each in targets.unique().tolist()
    ]


def _shuffle(indices: Tensor, generator: torch.Generator) -> Tensor:
    return indices[torch.randperm(len(indices), generator=generator)]


def _none() -> Tensor:
    return torch.empty(0, dtype=torch.int64)


def _apportion(count: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers that sum to ``count``, nearest to ``shares``: the largest remainders round up.

    Ties go to the earlier part; then training and validation are given one if they have none.
    """
    exact = [share * count for share in shares]
    counts = [int(each + 1e-9) for each in exact]  # 0.15 * 20 is a hair below 3
    by_remainder = sorted(range(len(shares)), key=lambda part: counts[part] - exact[part])
    for part in by_remainder[: count - sum(counts)]:
        counts[part] += 1
    for part in (0, 1):
        richest = max(range(len(counts)), key=lambda each: counts[each])
        if counts[part] == 0 and shares[part] > 0 and counts[richest] > 1:
            counts[richest] -= 1
            counts[part] += 1
    return counts


def _check_shares(shares: Sequence[float]) -> None:
    for name, share in zip(("train", "validation", "test"), shares, strict=True):
        _check(name, share, 0, 1)
    if abs(sum(shares) - 1) > 1e-6 or shares[0] == 0:
        raise InputError("data_shares", shares=" + ".join(f"{share:g}" for share in shares))


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also where it is not a number
        raise InputError("value_out_of_range", name=name, low=low, high=high, value=value)
