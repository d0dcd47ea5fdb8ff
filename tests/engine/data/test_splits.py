"""Splits, classes made few or unlike, wrong labels: properties, and scikit-learn as the oracle."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split
from torch import Tensor

from engine.data.data_set import DataSet
from engine.data.splits import (
    Split,
    find_leaked,
    split_divided,
    split_groups,
    split_stratified,
    swap_labels,
    take_per_class,
    unbalance,
)
from engine.errors import InputError

TARGETS = st.lists(st.integers(0, 4), max_size=80).map(lambda each: torch.tensor(each).long())
SEEDS = st.integers(0, 2**32)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def parts_of(split: Split) -> list[Tensor]:
    return [split.train, split.validation, split.test]


@given(TARGETS, SEEDS)
def test_every_picture_is_in_one_part_and_classes_keep_their_share(
    targets: Tensor, seed: int
) -> None:
    split = split_stratified(targets, seeded(seed))
    everything = torch.cat(parts_of(split))
    assert torch.equal(everything.sort().values, torch.arange(len(targets)))
    for each in targets.unique():
        total = int((targets == each).sum())
        counts = [int((targets[part] == each).sum()) for part in parts_of(split)]
        if total >= 10:  # below, each part's right to one picture may shift others
            for count, share in zip(counts, (0.7, 0.15, 0.15), strict=True):
                assert abs(count - share * total) <= 1
        if total >= 2:
            assert counts[0] >= 1
            assert counts[1] >= 1


@pytest.mark.parametrize("sizes", [(100, 100), (120, 40, 20), (1797,), (7, 53, 211, 30)])
def test_counts_are_those_of_scikit_learn(sizes: tuple[int, ...]) -> None:
    targets = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    split = split_stratified(targets, seeded(0), (0.8, 0.2, 0.0))
    train, validation = train_test_split(
        range(len(targets)), test_size=0.2, stratify=targets, random_state=0
    )
    assert len(split.test) == 0
    for ours, theirs in ((split.train, train), (split.validation, validation)):
        counts, expected = (
            torch.bincount(targets[index], minlength=len(sizes)) for index in (ours, theirs)
        )
        assert (counts - expected).abs().max() <= 1


def test_an_exact_share_stays_exact() -> None:
    split = split_stratified(torch.zeros(20, dtype=torch.long), seeded(0))
    assert [len(part) for part in parts_of(split)] == [14, 3, 3]


@given(TARGETS, SEEDS)
def test_the_same_seed_splits_alike(targets: Tensor, seed: int) -> None:
    first, second = (split_stratified(targets, seeded(seed)) for _ in range(2))
    for ours, theirs in zip(parts_of(first), parts_of(second), strict=True):
        assert torch.equal(ours, theirs)


def test_another_seed_splits_otherwise_and_parts_are_shuffled() -> None:
    targets = torch.arange(4).repeat_interleave(50)
    first, second = (split_stratified(targets, seeded(seed)).train for seed in (0, 1))
    assert not torch.equal(first.sort().values, second.sort().values)
    assert not torch.equal(targets[first], targets[first].sort().values)


@pytest.mark.parametrize("shares", [(0.0, 0.5, 0.5), (0.5, 0.5, 0.5), (0.5, 0.2, 0.2)])
def test_shares_that_do_not_sum_to_one_are_a_sentence(
    shares: tuple[float, float, float],
) -> None:
    with pytest.raises(InputError, match="must sum to 1"):
        split_stratified(torch.zeros(9, dtype=torch.long), seeded(0), shares)


@given(TARGETS, st.integers(5, 30), SEEDS)
def test_at_most_so_many_of_each_class(targets: Tensor, per_class: int, seed: int) -> None:
    indices = torch.arange(len(targets))[::2]
    kept = take_per_class(indices, targets, per_class, seeded(seed))
    available = torch.bincount(targets[indices], minlength=5)
    counts = torch.bincount(targets[kept], minlength=5)
    assert torch.equal(counts, available.clamp(max=per_class))
    assert set(kept.tolist()) <= set(indices.tolist())
    assert len(set(kept.tolist())) == len(kept)
    more = take_per_class(indices, targets, per_class + 3, seeded(seed))
    assert set(kept.tolist()) <= set(more.tolist())


@pytest.mark.parametrize("per_class", [4, 2001])
def test_too_few_or_too_many_a_class_is_a_sentence(per_class: int) -> None:
    with pytest.raises(InputError, match="per_class must lie between 5 and 2000"):
        take_per_class(torch.arange(3), torch.zeros(3).long(), per_class, seeded(0))


@pytest.mark.parametrize(
    ("sizes", "ratio", "expected"),
    [
        ((), 10, []),
        ((40,), 10, [40]),
        ((100, 100), 1, [100, 100]),
        ((100, 120), 10, [100, 10]),
        ((1000, 1000, 1000), 100, [1000, 100, 10]),
        ((50, 20, 20), 1000, [20, 1, 1]),
    ],
)
def test_frequencies_fall_geometrically(
    sizes: tuple[int, ...], ratio: float, expected: list[int]
) -> None:
    targets = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes).long())
    kept = unbalance(torch.arange(len(targets)), targets, ratio, seeded(0))
    assert torch.bincount(targets[kept]).tolist() == expected
    assert len(set(kept.tolist())) == len(kept)


@pytest.mark.parametrize("ratio", [0.5, 1001, float("nan")])
def test_a_ratio_out_of_range_is_a_sentence(ratio: float) -> None:
    with pytest.raises(InputError, match="ratio must lie between"):
        unbalance(torch.arange(3), torch.zeros(3).long(), ratio, seeded(0))


@given(TARGETS, st.floats(0, 1), SEEDS)
def test_just_so_many_labels_are_swapped_and_all_to_another_class(
    targets: Tensor, share: float, seed: int
) -> None:
    noisy = swap_labels(targets, 5, share, seeded(seed))
    assert int(noisy.is_swapped.sum()) == round(share * len(targets))
    assert torch.equal(noisy.targets != targets, noisy.is_swapped)
    assert bool(((noisy.targets >= 0) & (noisy.targets < 5)).all())
    assert torch.equal(noisy.targets, swap_labels(targets, 5, share, seeded(seed)).targets)


def test_every_other_class_is_as_likely() -> None:
    noisy = swap_labels(torch.full((6000,), 2), 4, 1.0, seeded(0))
    shares = torch.bincount(noisy.targets, minlength=4) / 6000
    assert shares[2] == 0
    assert (shares[[0, 1, 3]] - 1 / 3).abs().max() < 0.02


@pytest.mark.parametrize(("share", "classes"), [(-0.1, 3), (1.1, 3), (0.5, 1)])
def test_noise_out_of_range_is_a_sentence(share: float, classes: int) -> None:
    with pytest.raises(InputError, match="must lie between"):
        swap_labels(torch.zeros(4).long(), classes, share, seeded(0))


@given(TARGETS, SEEDS, st.data())
def test_copies_stand_in_one_part(targets: Tensor, seed: int, data: st.DataObject) -> None:
    """Whatever is a copy of what, across classes too."""
    firsts = [data.draw(st.integers(0, at)) for at in range(len(targets))]
    originals = torch.arange(len(targets))
    for at, first in enumerate(firsts):
        originals[at] = originals[first]
    split = split_groups(targets, originals, seeded(seed))
    everything = torch.cat(parts_of(split))
    assert torch.equal(everything.sort().values, torch.arange(len(targets)))
    groups = [set(originals[part].tolist()) for part in parts_of(split)]
    assert sum(map(len, groups)) == len(set.union(*groups))


@given(TARGETS, SEEDS)
def test_without_copies_a_split_is_stratified(targets: Tensor, seed: int) -> None:
    split = split_groups(targets, torch.arange(len(targets)), seeded(seed))
    plain = split_stratified(targets, seeded(seed))
    for part, expected in zip(parts_of(split), parts_of(plain), strict=True):
        assert torch.equal(part.sort().values, expected.sort().values)


def divided_set(parts: list[int], originals: list[int]) -> DataSet:
    """Pictures of two classes by turns."""
    images = torch.zeros((len(parts), 1, 1, 3), dtype=torch.uint8)
    return DataSet(
        "own",
        images,
        torch.arange(len(parts)) % 2,
        ("a", "b"),
        "a test",
        parts=torch.tensor(parts, dtype=torch.uint8),
        originals=torch.tensor(originals),
    )


def test_a_set_that_divides_itself_is_taken_as_it_does() -> None:
    data = divided_set([0, 0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 1, 5, 2, 7])
    split = split_divided(data, seeded(0), 0.25)
    assert [part.sort().values.tolist() for part in parts_of(split)] == [[0, 3], [4, 5], [6, 7]]
    assert data.parts is not None
    assert find_leaked(data.parts, data.originals).nonzero()[:, 0].tolist() == [1, 2]


def test_without_a_part_for_it_validation_is_taken_from_training() -> None:
    parts, originals = [0] * 12 + [2] * 2, [*range(10), 0, 1, 12, 2]
    data = divided_set(parts, originals)
    split = split_divided(data, seeded(1), 0.3)
    assert split.test.sort().values.tolist() == [12, 13]
    assert set(split.train.tolist()) | set(split.validation.tolist()) == {*range(12)} - {2}
    sides = [set(data.originals[part].tolist()) for part in (split.train, split.validation)]  # type: ignore[index]
    assert not sides[0] & sides[1]
    assert len(split.validation) >= 2
