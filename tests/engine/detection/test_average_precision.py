"""Precision, recall and average precision, against pycocotools and the definition."""

import contextlib
import io
from typing import Any

import numpy as np
import pytest
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch import Tensor

from engine.detection.average_precision import (
    COCO_IOUS,
    Counts,
    Truths,
    area_under,
    class_curve,
    coco_average_precision,
    mean_average_precision,
    precision_recall,
)
from engine.detection.detections import Detections
from engine.errors import InputError
from tests.engine.detection.box_sets import NAN, random_boxes, random_scores

CLASSES = ("a", "b", "c")
Pictures = list[tuple[Detections, Truths]]


def random_pictures(seed: int, whole: bool, most: int = 15) -> Pictures:
    """Pictures whose predictions are shaken truths, some of them twice, and some inventions."""
    generator = torch.Generator().manual_seed(seed)

    def number(high: int) -> int:
        return int(torch.randint(high, (), generator=generator))

    pictures = []
    for at in range(1 + number(6)):
        side_px = 12 if whole else 100
        truth = random_boxes(number(most), seed * 50 + at, side_px, whole)
        labels = torch.randint(2, (len(truth),), generator=generator)  # class c is never there
        seen = torch.randint(
            max(len(truth), 1), (number(2 * most) * bool(len(truth)),), generator=generator
        )
        shaken = truth[seen] + torch.randint(-1, 2, (len(seen), 4), generator=generator)
        shaken[:, 2:] = torch.maximum(shaken[:, :2], shaken[:, 2:])
        invented = random_boxes(number(most), seed * 50 + at + 25, side_px, whole)
        guesses = torch.randint(3, (len(invented),), generator=generator)
        boxes = torch.cat([shaken, invented])
        scores = random_scores(len(boxes), seed * 50 + at, 10 if whole else None)
        found = Detections.ranked(boxes, scores, torch.cat([labels[seen], guesses]), CLASSES)
        pictures.append((found, Truths(truth, labels)))
    return pictures


def rows(boxes: Tensor, labels: Tensor, picture: int) -> list[dict[str, Any]]:
    sizes = boxes.double()[:, 2:] - boxes.double()[:, :2]
    return [
        {
            "image_id": picture + 1,
            "category_id": label + 1,
            "bbox": [*corner, *size],
            "area": size[0] * size[1],
            "iscrowd": 0,
        }
        for corner, size, label in zip(
            boxes[:, :2].tolist(), sizes.tolist(), labels.tolist(), strict=True
        )
    ]


def by_pycocotools(pictures: Pictures) -> np.ndarray:
    """(ious, classes) average precision, NaN where COCO says -1."""
    truths, found = [], []
    for index, (detections, truth) in enumerate(pictures):
        truths += rows(truth.boxes, truth.labels, index)
        made = rows(detections.boxes, detections.labels, index)
        scores = detections.scores.tolist()
        found += [row | {"score": score} for row, score in zip(made, scores, strict=True)]
    coco: Any = COCO()
    coco.dataset = {
        "info": {},
        "images": [{"id": index + 1} for index in range(len(pictures))],
        "categories": [{"id": index + 1} for index in range(len(CLASSES))],
        "annotations": [row | {"id": index + 1} for index, row in enumerate(truths)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
        made: Any = COCO()
        made.dataset = coco.dataset | {
            "annotations": [row | {"id": index + 1} for index, row in enumerate(found)]
        }
        made.createIndex()
        judge = COCOeval(coco, made, "bbox")
        judge.evaluate()
        judge.accumulate()
    precision = judge.eval["precision"][:, :, :, 0, 2]  # (ious, 101, classes): all areas, 100 each
    means = precision.mean(axis=1)
    means[precision.min(axis=1) < 0] = np.nan
    return means


@pytest.mark.parametrize("whole", [False, True])
def test_coco_numbers_as_pycocotools(whole: bool) -> None:
    seen = []
    for seed in range(60):
        pictures = random_pictures(seed, whole)
        expected = by_pycocotools(pictures)
        found = mean_average_precision(pictures, len(CLASSES))
        np.testing.assert_allclose(found.table.numpy(), expected, atol=1e-12, err_msg=str(seed))
        seen.append(np.nan_to_num(expected).max())
    assert max(seen) > 0.5
    assert min(seen) < 0.3


def test_more_than_a_hundred_predictions_as_pycocotools() -> None:
    pictures = random_pictures(3, whole=False, most=150)
    assert max(int((found.labels == 0).sum()) for found, _ in pictures) > 100
    found = mean_average_precision(pictures, len(CLASSES))
    np.testing.assert_allclose(found.table.numpy(), by_pycocotools(pictures), atol=1e-12)


@pytest.mark.parametrize("label", range(len(CLASSES)))
@pytest.mark.parametrize("row", [0, 5, 9])
def test_the_curve_of_a_class_has_the_tables_area(label: int, row: int) -> None:
    pictures = random_pictures(7, whole=True)
    curve = class_curve(pictures, label, COCO_IOUS[row])
    area = coco_average_precision(curve)
    expected = by_pycocotools(pictures)[row, label]
    np.testing.assert_allclose(np.nan if area is None else area, expected, atol=1e-12)


def test_the_summary_is_the_mean_of_the_table() -> None:
    found = mean_average_precision(random_pictures(5, whole=False), len(CLASSES))
    assert found.table[:, 2].isnan().all()
    assert found.mean == pytest.approx(float(found.table[:, :2].mean()))
    assert found.at(0.75) == pytest.approx(float(found.table[5, :2].mean()))
    assert found.ious == COCO_IOUS


def test_no_pictures_and_no_objects_have_no_average_precision() -> None:
    assert mean_average_precision([], 2).mean is None
    blank = Truths(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64))
    invented = Detections.ranked(torch.zeros(1, 4), torch.ones(1), torch.zeros(1), CLASSES)
    assert mean_average_precision([(invented, blank)], 3).mean is None
    curve = precision_recall(torch.ones(1), torch.tensor([False]), 0)
    assert area_under(curve) is None
    assert coco_average_precision(curve) is None


def test_objects_that_nobody_predicts_have_zero() -> None:
    curve = precision_recall(torch.zeros(0), torch.zeros(0, dtype=torch.bool), 3)
    assert area_under(curve) == 0
    assert coco_average_precision(curve) == 0
    assert curve.counts_at(0.5) == Counts(0, 0, 3)
    assert curve.counts_at(0.5).precision is None
    assert curve.counts_at(0.5).recall == 0


def test_a_curve_worked_out_by_hand() -> None:
    scores = torch.tensor([0.6, 0.9, 0.7, 0.8])
    curve = precision_recall(scores, torch.tensor([True, True, True, False]), 4)
    assert curve.scores.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6])
    assert curve.recall.tolist() == [0.25, 0.25, 0.5, 0.75]
    assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 3 / 4])
    assert curve.envelope.tolist() == pytest.approx([1, 3 / 4, 3 / 4, 3 / 4])
    assert area_under(curve) == pytest.approx(0.25 + 0.5 * 0.75)
    assert coco_average_precision(curve) == pytest.approx((26 + 50 * 0.75) / 101)
    assert curve.counts_at(0.7) == Counts(2, 1, 2)
    assert (curve.counts_at(0.7).precision, curve.counts_at(0.7).recall) == (2 / 3, 0.5)


@pytest.mark.parametrize("seed", range(10))
def test_the_area_is_the_integral_of_the_best_precision_from_each_recall_on(seed: int) -> None:
    scores = random_scores(40, seed)
    hits = random_scores(40, seed + 100) > 0.4
    curve = precision_recall(scores, hits, 40)
    middles = (torch.arange(30_000) + 0.5) / 30_000
    reached = curve.recall[None] >= middles[:, None]  # (30000, 40)
    best = (curve.precision * reached).amax(dim=1)
    assert area_under(curve) == pytest.approx(float(best.mean()), abs=1e-4)


def test_what_does_not_belong_together() -> None:
    with pytest.raises(ValueError, match="hits on 0 objects"):
        precision_recall(torch.ones(1), torch.tensor([True]), 0)
    with pytest.raises(ValueError, match="scores and"):
        precision_recall(torch.ones(2), torch.tensor([True]), 2)
    with pytest.raises(InputError, match="score of box 0"):
        precision_recall(torch.tensor([NAN]), torch.tensor([True]), 2)
    with pytest.raises(ValueError, match="labels"):
        Truths(torch.zeros(2, 4), torch.zeros(1))
