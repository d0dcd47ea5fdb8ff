"""IoU, its mean and pixel accuracy, against torchmetrics and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix
from torchmetrics.classification import MulticlassJaccardIndex

from engine.segment.confusion import Confusion, confuse

CLASSES, IGNORED = 6, 255


def random_maps(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Truth with ignored pixels; the last class is never there, the one before it seldom."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, CLASSES - 1 - seed % 2, (2, 12, 14))
    wrong = rng.random(truth.shape) < 0.4
    said = np.where(wrong, rng.integers(0, CLASSES - seed % 3, truth.shape), truth)
    truth[rng.random(truth.shape) < 0.1] = IGNORED
    return said, truth


def test_no_pixel_has_no_figures():
    empty = np.zeros((0, 4, 4), int)
    found = confuse(empty, empty, 3)
    assert np.isnan(found.iou).all()
    assert found.mean_iou is None
    assert found.pixel_accuracy is None
    ignored = confuse(np.zeros((2, 2), int), np.full((2, 2), IGNORED), 3, IGNORED)
    assert ignored.mean_iou is None


@pytest.mark.parametrize("seed", range(12))
def test_as_torchmetrics_and_scikit_learn(seed: int):
    said, truth = random_maps(seed)
    found = confuse(said, truth, CLASSES, IGNORED)
    counted = truth != IGNORED
    expected = confusion_matrix(truth[counted], said[counted], labels=range(CLASSES))
    np.testing.assert_array_equal(found.table, expected)
    pair = torch.from_numpy(said), torch.from_numpy(truth)
    for average in ("none", "macro"):
        metric = MulticlassJaccardIndex(CLASSES, average=average, ignore_index=IGNORED)
        value = metric(*pair).numpy()
        if average == "macro":
            assert found.mean_iou == pytest.approx(value, abs=1e-6)
        else:
            np.testing.assert_allclose(np.nan_to_num(found.iou), value, atol=1e-6)
    assert found.pixel_accuracy == pytest.approx((said == truth)[counted].mean())


def test_an_absent_class_has_no_iou_and_an_invented_one_has_zero():
    truth = np.zeros((2, 2), int)
    said = np.array([[0, 0], [0, 1]])
    iou = confuse(said, truth, 3).iou
    np.testing.assert_allclose(iou, [0.75, 0.0, np.nan])


def test_pictures_add_up():
    said, truth = random_maps(3)
    parts = [confuse(s, t, CLASSES, IGNORED) for s, t in zip(said, truth, strict=True)]
    total = sum(parts, Confusion(np.zeros((CLASSES, CLASSES), int)))
    np.testing.assert_array_equal(total.table, confuse(said, truth, CLASSES, IGNORED).table)


@pytest.mark.parametrize(
    ("said", "truth"), [([[0]], [[3]]), ([[3]], [[0]]), ([[-1]], [[0]]), ([[0]], [[0, 1]])]
)
def test_what_does_not_belong_together_is_refused(said: list, truth: list):
    with pytest.raises(ValueError, match="class"):
        confuse(np.array(said), np.array(truth), 3)
