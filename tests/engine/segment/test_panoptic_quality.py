"""Panoptic quality, against torchmetrics where it agrees with the paper, and a slow reference."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.detection import PanopticQuality as TheirQuality

from engine.segment.panoptic_quality import Quality, Verdict, judge_segments, panoptic_quality
from engine.segment.segments import Segmentation, cut
from tests.engine.segment.label_maps import (
    CLASSES,
    FIRST_THING,
    SIZE,
    as_segments,
    blobs,
    shake,
)

Maps = tuple[np.ndarray, np.ndarray]
NO_VOID = np.zeros(SIZE, bool)


def random_pair(seed: int) -> tuple[Maps, Maps, np.ndarray]:
    """Truth, prediction, and the pixels whose truth is void."""
    rng = np.random.default_rng(seed)
    truth = blobs(rng)
    predicted = shake(*truth, rng)
    void = np.zeros(SIZE, bool)
    y, x, side = rng.integers(0, 14, 3)
    void[y : y + side, x : x + side] = seed % 2
    return truth, predicted, void


@pytest.mark.parametrize("seed", range(20))
def test_as_torchmetrics(seed: int):
    metric = TheirQuality(
        things=set(range(FIRST_THING, CLASSES)),
        stuffs=set(range(FIRST_THING)),
        return_sq_and_rq=True,
        return_per_class=True,
    )
    pictures = []
    for at in range(3):
        truth, predicted, void = random_pair(3 * seed + at)
        mine = as_segments(*predicted, NO_VOID), as_segments(*truth, void)
        pictures.append(judge_segments(*mine))
        theirs = [torch.from_numpy(np.stack(each, axis=-1))[None] for each in (predicted, truth)]
        theirs[1][0][torch.from_numpy(void)] = torch.tensor([CLASSES + 1, 0])
        metric.update(*theirs)
    found = panoptic_quality(pictures, CLASSES)
    expected = metric.compute().numpy()  # (classes, 3), things first
    order = [*range(FIRST_THING, CLASSES), *range(FIRST_THING)]
    for row, category in zip(expected, order, strict=True):
        quality = found.classes[category]
        assert [quality.pq or 0, quality.sq or 0, quality.rq or 0] == pytest.approx(row.tolist())


def reference(predicted: Segmentation, truth: Segmentation) -> dict[tuple[int, str], float]:
    """The paper's definition, mask by mask."""
    void = truth.ids == 0
    counts: dict[tuple[int, str], float] = {}

    def add(category: int, name: str, value: float = 1) -> None:
        counts[category, name] = counts.get((category, name), 0) + value

    found_truths = set()
    for each in predicted.segments:
        mask, matched = predicted.ids == each.id, False
        for other in truth.segments:
            true = truth.ids == other.id
            iou = (mask & true).sum() / ((mask & ~void) | true).sum()
            if each.category == other.category and iou > 0.5:
                matched = True
                found_truths.add(other.id)
                add(each.category, "match")
                add(each.category, "iou", iou)
        if not matched and (mask & void).sum() <= mask.sum() / 2:
            add(each.category, "false_positive")
    for other in truth.segments:
        if other.id not in found_truths:
            add(other.category, "false_negative")
    return counts


@given(st.integers(0, 10_000))
def test_as_the_definition_with_void_in_both(seed: int):
    truth, predicted, void = random_pair(seed)
    unsaid = np.random.default_rng(seed).random(SIZE) < 0.15
    pair = as_segments(*predicted, unsaid), as_segments(*truth, void)
    found = panoptic_quality([judge_segments(*pair)], CLASSES)
    expected = reference(*pair)
    for category, quality in enumerate(found.classes):
        assert quality.matches == expected.get((category, "match"), 0)
        assert quality.false_positives == expected.get((category, "false_positive"), 0)
        assert quality.false_negatives == expected.get((category, "false_negative"), 0)
        assert quality.iou_sum == pytest.approx(expected.get((category, "iou"), 0))


@given(st.integers(0, 10_000))
def test_every_segment_has_one_verdict(seed: int):
    truth, predicted, void = random_pair(seed)
    said, true = as_segments(*predicted, NO_VOID), as_segments(*truth, void)
    verdicts = judge_segments(said, true)
    judged = [each.predicted for each in verdicts if each.outcome != "false_negative"]
    assert judged == [each.id for each in said.segments]
    met = [each.truth for each in verdicts if each.outcome in ("match", "false_negative")]
    assert sorted(met) == [each.id for each in true.segments]


def test_nothing_said_and_nothing_there():
    nothing = cut(np.zeros((3, 3), int), [], [])
    assert judge_segments(nothing, nothing) == ()
    quality = panoptic_quality([()], 2)
    assert quality.classes == (Quality(0, 0, 0, 0.0),) * 2
    assert quality.classes[0].pq is quality.classes[0].sq is quality.mean() is None


def test_itself_is_perfect_and_what_almost_fits_is_named():
    truth = cut(np.repeat([[1] * 4 + [2] * 6], 4, axis=0), [0, 2], [False, False, True])
    assert panoptic_quality([judge_segments(truth, truth)], 3).mean() == 1
    half = cut(np.repeat([[0] * 4 + [1] * 3 + [0] * 3], 4, axis=0), [2], [False, False, True])
    assert judge_segments(half, truth) == (
        Verdict("false_positive", 2, 1, 2, 0.5, 12),
        Verdict("false_negative", 0, 0, 1, 0.0, 16),
        Verdict("false_negative", 2, 1, 2, 0.5, 24),
    )


def test_means_among_classes_leave_out_those_that_are_not_there():
    quality = panoptic_quality(
        [
            (
                Verdict("match", 0, 1, 1, 0.8, 9),
                Verdict("match", 2, 2, 2, 0.6, 9),
                Verdict("false_positive", 2, 3, 0, 0.0, 9),
                Verdict("false_negative", 2, 0, 3, 0.0, 9),
                Verdict("ignored", 1, 4, 0, 0.0, 9),
            )
        ],
        4,
    )
    assert [each.pq for each in quality.classes] == pytest.approx([0.8, None, 0.3, None])
    assert quality.mean() == pytest.approx(0.55)
    assert quality.mean("rq") == pytest.approx(0.75)
    assert quality.mean("sq", among=[2, 3]) == pytest.approx(0.6)
    assert quality.mean(among=[1]) is None


def test_maps_of_different_sizes_are_refused():
    one, other = (cut(np.zeros((3, side), int), [], []) for side in (3, 4))
    with pytest.raises(ValueError, match="segments"):
        judge_segments(one, other)
