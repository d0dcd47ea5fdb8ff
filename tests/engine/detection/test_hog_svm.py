"""A template trained on boxes, against scikit-learn's own decision function."""

import numpy as np
import pytest
import torch
from sklearn.svm import LinearSVC

from engine.detection.boxes import area, box_iou
from engine.detection.hog import CELL_PX, blocks
from engine.detection.hog_boxes import (
    LEAST_SIDE_PX,
    box_features,
    check_objects,
    fit_to_cells,
    template_cells,
)
from engine.detection.hog_pyramid import HogPyramid
from engine.detection.hog_svm import (
    Examples,
    Task,
    find_false,
    first_round,
    is_background,
    next_round,
    sample_background,
    set_task,
    train_svm,
)
from engine.errors import InputError
from engine.pictures import resize_longest
from engine.pictures.samples import sample

EYES = torch.tensor([[115, 72, 193, 134], [258, 94, 316, 148.0]])


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    return np.ascontiguousarray(resize_longest(sample("chelsea").pixels, 400))


@pytest.fixture(scope="module")
def task(cat: np.ndarray) -> Task:
    return set_task(cat, HogPyramid.of(cat), EYES, torch.zeros(0, 4), 0.01)


def by_sklearn(task: Task, background: torch.Tensor, cost: float) -> LinearSVC:
    shape = task.examples.objects.shape[2:]
    seen = task.pyramid.features(task.windows, background, (shape[0], shape[1]))
    x = torch.cat([task.examples.objects, seen]).flatten(1).double().numpy()
    y = [1] * len(task.objects) + [-1] * len(seen)
    svm = LinearSVC(C=cost, loss="hinge", class_weight="balanced", intercept_scaling=10)
    return svm.set_params(tol=1e-3, max_iter=100_000, random_state=0).fit(x, y)


def test_the_response_is_sklearns_decision_function_slid_over_the_picture(task: Task) -> None:
    sampled = sample_background(task.windows, task.objects, 60, 0)
    found = first_round(task, sampled)
    svm = by_sklearn(task, sampled, 0.01)
    shape = task.examples.objects.shape[2:]
    some = torch.arange(0, len(task.windows), 7)
    seen = task.pyramid.features(task.windows, some, (shape[0], shape[1]))
    expected = svm.decision_function(seen.flatten(1).double().numpy())
    np.testing.assert_allclose(found.response[some], expected, atol=1e-4)
    own = svm.decision_function(task.examples.objects.flatten(1).double().numpy())
    np.testing.assert_allclose(found.trained.objects, own, atol=1e-6)
    np.testing.assert_allclose(found.trained.background, found.response[sampled], atol=1e-4)


def test_the_boxes_are_found_and_rounds_make_fewer_mistakes(task: Task) -> None:
    sampled = sample_background(task.windows, task.objects, 200, 0)
    first = first_round(task, sampled)
    best = task.windows.boxes[first.response.topk(40).indices]
    assert (box_iou(task.objects, best).max(dim=1).values > 0.6).all()
    assert len(first.false) > 5
    assert (first.response[first.false] > 0).all()
    assert (first.response[first.false].diff() <= 0).all()
    second = next_round(task, first)
    new = ~torch.isin(second.background, sampled)
    assert torch.equal(second.background[: len(sampled)], sampled)
    assert set(second.background[new].tolist()) <= set(first.false.tolist())
    assert len(second.background.unique()) == len(second.background)
    assert len(second.false) < len(first.false)


@pytest.mark.parametrize("cost", [1e-4, 0.01, 1.0, 100.0])
def test_the_solver_settles_at_any_cost(task: Task, cost: float) -> None:
    sampled = sample_background(task.windows, task.objects, 60, 1)
    shape = task.examples.objects.shape[2:]
    seen = task.pyramid.features(task.windows, sampled, (shape[0], shape[1]))
    found = train_svm(Examples(task.examples.objects, seen), cost)
    assert found.converged
    again = train_svm(Examples(task.examples.objects, seen), cost)
    assert torch.equal(found.template.weights, again.template.weights)
    objects, background = found.on_margin()
    assert objects == (found.objects <= 1.01).sum()
    assert background == (found.background >= -1.01).sum()
    if cost >= 1:  # parted without a mistake
        assert (found.objects > 0.9).all()
        assert (found.background < -0.9).all()
    if cost == 1e-4:
        assert (objects, background) == (2, 60)


def test_background_overlaps_no_object_and_depends_on_the_seed(task: Task) -> None:
    one, same, other = (sample_background(task.windows, task.objects, 50, s) for s in (3, 3, 4))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert len(one.unique()) == 50
    assert box_iou(task.windows.boxes[one], task.objects).max() < 0.3
    every = sample_background(task.windows, task.objects, 10**6, 0)
    assert len(every) == is_background(task.windows.boxes, task.objects).sum()


def test_background_drawn_by_hand_counts(cat: np.ndarray, task: Task) -> None:
    drawn = torch.tensor([[320, 70, 360, 105.0]])
    with_it = set_task(cat, task.pyramid, EYES, drawn, 0.01)
    sampled = sample_background(task.windows, task.objects, 60, 0)
    found, without = first_round(with_it, sampled), first_round(task, sampled)
    assert len(found.trained.background) == 61
    before = without.trained.template
    seen = with_it.examples.background[0]
    value = (seen * before.weights).sum().item() + before.bias
    assert found.trained.background[0] < value - 0.05


def test_only_background_above_zero_is_false() -> None:
    boxes = torch.tensor([[0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 90, 90], [1, 0, 11, 10.0]])
    response = torch.tensor([2.0, 0.5, 1.0, 3.0])
    objects = torch.tensor([[0, 0, 10, 10.0]])
    assert find_false(response, boxes, objects).tolist() == [2, 1]
    assert find_false(-response, boxes, objects).tolist() == []


def test_a_templates_shape_is_the_boxes_mean_shape() -> None:
    square, tall, extreme = ([[0, 0, 40, 40.0]], [[0, 0, 30, 60.0]], [[0, 0, 20, 390.0]])
    assert template_cells(torch.tensor(square)) == (6, 6)
    assert template_cells(torch.tensor(tall)) == (9, 4)
    assert template_cells(torch.tensor(extreme)) == (12, 3)
    assert template_cells(torch.tensor([*tall, [0, 0, 60, 30.0]])) == (6, 6)
    fitted = fit_to_cells(EYES, (6, 7))
    torch.testing.assert_close(area(fitted), area(EYES))
    torch.testing.assert_close(fitted[:, :2] + fitted[:, 2:], EYES[:, :2] + EYES[:, 2:])
    sides = fitted[:, 2:] - fitted[:, :2]
    torch.testing.assert_close(sides[:, 0] / sides[:, 1], torch.full((2,), 7 / 6))


def test_a_box_of_the_templates_size_is_read_as_the_sliding_window_reads_it(
    cat: np.ndarray,
) -> None:
    """No pixel is resampled then, so that its blocks are those of the picture itself."""
    box = torch.tensor([[80, 40, 80 + 7 * CELL_PX, 40 + 6 * CELL_PX]]).float()
    expected = blocks(cat)[:, 5:10, 10:16]
    torch.testing.assert_close(box_features(cat, box, (6, 7))[0], expected, atol=1e-5, rtol=0)
    beyond = torch.tensor([[-20, -30, 36, 18.0]])
    assert box_features(cat, beyond, (6, 7)).isfinite().all()


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        (torch.zeros(0, 4), "between 1 and 50"),
        (torch.tensor([[0, 0, 30, 30.0]]).repeat(10_000, 1), "10000 boxes"),
        (torch.tensor([[0, 0, 30, LEAST_SIDE_PX - 1]]).float(), "at least 20 × 20"),
        (torch.tensor([[10, 10, 401, 60.0]]), "beyond the picture of 400 × 266"),
        (torch.tensor([[-1, 10, 40, 60.0]]), "beyond the picture"),
        (torch.tensor([[10, 10, float("nan"), 60]]), "not finite"),
        (torch.tensor([[10, 60, 40, 10.0]]), "ends before it begins"),
    ],
)
def test_boxes_that_cannot_be_trained_on(boxes: torch.Tensor, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_objects(boxes, (266, 400))


def test_other_wrong_input(task: Task) -> None:
    few = HogPyramid.of(np.zeros((48, 48, 3), np.uint8)).windows((5, 5))
    with pytest.raises(InputError, match="no background"):
        sample_background(few, few.boxes, 10, 0)
    with pytest.raises(InputError, match="C must lie"):
        train_svm(task.examples, float("nan"))
    with pytest.raises(ValueError, match="both kinds"):
        train_svm(task.examples, 1.0)
