"""Average precision of masks, against torchmetrics on pycocotools."""

import numpy as np
import pytest
import torch
from torchmetrics.detection import MeanAveragePrecision

from engine.detection.average_precision import COCO_IOUS, COCO_RECALLS
from engine.errors import InputError
from engine.segment.mask_precision import Masks, mask_iou, mean_mask_precision, thing_masks
from engine.segment.panoptic_quality import judge_segments, panoptic_quality
from engine.segment.segments import cut
from tests.engine.segment.label_maps import CLASSES, FIRST_THING, SIZE, as_segments, blobs, shake

NO_VOID = np.zeros(SIZE, bool)


def random_picture(seed: int) -> tuple[Masks, Masks]:
    """Things found, with scores some of which are equal, and the true ones."""
    rng = np.random.default_rng(seed)
    truth = blobs(rng)
    found = thing_masks(as_segments(*shake(*truth, rng), NO_VOID))
    scores = (rng.integers(1, 10, len(found.masks)) / 10).astype(np.float32)
    return Masks(found.masks, found.labels, scores), thing_masks(as_segments(*truth, NO_VOID))


def as_tensors(masks: Masks) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value) for name, value in vars(masks).items()}


@pytest.mark.parametrize("seed", range(6))
def test_as_torchmetrics(seed: int):
    pictures = [random_picture(10 * seed + at) for at in range(6)]
    metric = MeanAveragePrecision(  # its own thresholds are rounded to float32
        iou_type="segm",
        class_metrics=True,
        iou_thresholds=list(COCO_IOUS),
        rec_thresholds=list(COCO_RECALLS),
    )
    metric.warn_on_many_detections = False
    metric.update(*([as_tensors(each[side]) for each in pictures] for side in (0, 1)))
    expected = metric.compute()
    found = mean_mask_precision(pictures, CLASSES)
    assert 0.02 < expected["map"] < 0.9
    assert found.mean == pytest.approx(expected["map"].item(), abs=1e-6)
    assert found.at(0.5) == pytest.approx(expected["map_50"].item(), abs=1e-6)
    assert found.at(0.75) == pytest.approx(expected["map_75"].item(), abs=1e-6)
    per_class = dict(
        zip(expected["classes"].tolist(), expected["map_per_class"].tolist(), strict=True)
    )
    for category in range(FIRST_THING, CLASSES):
        value = found.table[:, category].mean().item()
        if per_class.get(category, -1) >= 0:
            assert value == pytest.approx(per_class[category], abs=1e-6)
        else:
            assert np.isnan(value)


def test_nothing_found_and_nothing_there():
    none = Masks(np.zeros((0, 4, 4), bool), np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert mean_mask_precision([], 2).mean is None
    assert mean_mask_precision([(none, none)], 2).mean is None
    one = Masks(np.ones((1, 4, 4), bool), np.zeros(1, np.int64), np.ones(1, np.float32))
    assert mean_mask_precision([(none, one)], 2).mean == 0
    assert mean_mask_precision([(one, one)], 2).mean == pytest.approx(1)


def test_iou_of_masks():
    rng = np.random.default_rng(0)
    masks, others = rng.random((3, 5, 6)) < 0.5, rng.random((4, 5, 6)) < 0.5
    expected = [[(m & o).sum() / (m | o).sum() for o in others] for m in masks]
    np.testing.assert_allclose(mask_iou(masks, others), expected)
    assert mask_iou(masks[:0], others).shape == (0, 4)
    assert mask_iou(masks[:1] & False, others[:1] & False) == 0


def test_what_does_not_belong_together_is_refused():
    masks, labels = np.zeros((1, 2, 2), bool), np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="bool"):
        Masks(masks.astype(int), labels, np.ones(1, np.float32))
    with pytest.raises(ValueError, match="belong"):
        Masks(masks, labels[:0], np.ones(1, np.float32))
    with pytest.raises(InputError):
        Masks(masks, labels, np.full(1, 1.5, np.float32))


def test_swapped_pixels_cost_pq_at_once_and_mask_ap_only_at_a_step():
    """What the page on the kinds of segmentation says of two touching circles."""
    truth = np.ones((40, 80), np.int64)
    truth[8:32, 16:40], truth[8:32, 40:64] = 2, 3
    pq, ap = [], []
    for moved in (0, 1, 24, 144):
        said = truth.copy()
        edge = said[8:32, 40:64]
        edge[:, : moved // 24] = 2
        edge[: moved % 24, moved // 24] = 2
        found, there = (cut(ids, (0, 1, 1), (False, True, True)) for ids in (said, truth))
        quality = panoptic_quality([judge_segments(found, there)], 2)
        masks = thing_masks(found), thing_masks(there)
        pq.append(quality.classes[1].sq)
        ap.append(mean_mask_precision([masks], 2).mean)
    assert pq[0] == 1
    assert pq == sorted(set(pq), reverse=True)
    assert ap[:3] == [1, 1, 1]
    assert ap[3] < 1
