"""Every way of thinning out, in one form: against torchvision, OpenCV and the traces themselves."""

import cv2
import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st

from engine.detection.boxes import box_iou
from engine.detection.detections import Detections
from engine.detection.soft_nms import Decay, soft_nms_trace
from engine.detection.thinning import KINDS, Kind, Thinning, thin_out
from engine.errors import InputError


def crowd(seed: int, count: int, classes: int = 3) -> Detections:
    """Random boxes around a few places; some coincide."""
    generator = torch.Generator().manual_seed(seed)
    place = torch.randint(0, 4, (count, 1), generator=generator) * 40.0
    corner = place + torch.randint(0, 12, (count, 2), generator=generator)
    size = 20 + torch.randint(0, 12, (count, 2), generator=generator).float()
    scores = torch.rand(count, generator=generator)
    labels = torch.randint(0, classes, (count,), generator=generator)
    names = [f"class {i}" for i in range(classes)]
    return Detections.ranked(torch.cat([corner, corner + size], dim=1), scores, labels, names)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_comes_of_nothing(kind: Kind) -> None:
    thinned = thin_out(Detections.none(("cat",)), Thinning(kind))
    assert thinned.boxes.shape == (0, 4)
    assert len(thinned.given_up_for) == len(thinned.iou) == len(thinned.left_with) == 0
    below = thin_out(crowd(0, 9), Thinning(kind, score=1.0))
    assert below.given_up_for.tolist() == [-1] * 9


@given(st.integers(0, 10**6), st.integers(1, 60), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]))
def test_agnostic_keeps_what_torchvision_keeps(seed: int, count: int, iou: float) -> None:
    found = crowd(seed, count)
    thinned = thin_out(found, Thinning("agnostic", iou=iou, score=0.0))
    expected = torchvision.ops.nms(found.boxes, found.scores, iou)
    assert thinned.source.tolist() == expected.tolist()


@given(st.integers(0, 10**6), st.integers(1, 60), st.floats(0, 1))
def test_per_class_is_torchvisions_nms_class_by_class(seed: int, count: int, score: float) -> None:
    found = crowd(seed, count)
    thinned = thin_out(found, Thinning("per_class", iou=0.4, score=score))
    expected = []
    for label in range(3):
        own = ((found.labels == label) & (found.scores >= score)).nonzero()[:, 0]
        expected += own[torchvision.ops.nms(found.boxes[own], found.scores[own], 0.4)].tolist()
    assert sorted(thinned.source.tolist()) == sorted(expected)


@given(st.integers(0, 10**6), st.integers(1, 60), st.sampled_from(KINDS))
def test_every_box_has_its_place(seed: int, count: int, kind: Kind) -> None:
    found, how = crowd(seed, count), Thinning(kind, iou=0.3, score=0.2, neighbours=1)
    thinned = thin_out(found, how)
    assert ((thinned.given_up_for == -1) == (found.scores < how.score)).all()
    tied = (thinned.given_up_for >= 0).nonzero()[:, 0]
    result = thinned.given_up_for[tied]
    exact = box_iou(found.boxes[tied], thinned.boxes)[torch.arange(len(tied)), result]
    own = thinned.source[result] == tied
    torch.testing.assert_close(thinned.iou[tied][~own], exact[~own])
    kept = thinned.source[thinned.source >= 0]
    assert thinned.given_up_for[kept].tolist() == list(range(len(kept)))
    if kind in ("per_class", "agnostic"):
        assert (thinned.iou[tied][~own].double() > how.iou).all()
    if kind != "agnostic":
        assert (found.labels[tied] == thinned.labels[result]).all()
    if kind != "cluster":
        assert (thinned.given_up_for != -2).all()
    assert (thinned.scores.diff() <= 0).all()


@pytest.mark.parametrize("kind", ["soft_linear", "soft_gaussian"])
def test_soft_gives_up_what_sank_for_the_last_that_lowered_it(kind: Kind) -> None:
    found, how = crowd(7, 80), Thinning(kind, iou=0.3, score=0.25, sigma=0.4)
    thinned = thin_out(found, how)
    decay = Decay("linear" if kind == "soft_linear" else "gaussian", 0.3, 0.4)
    among = found.at_least(0.25)
    trace = soft_nms_trace(among.boxes, among.scores, decay, 0.25, among.labels)
    assert thinned.source.tolist() == trace.picked.tolist()
    picked, lowered = set(trace.picked.tolist()), 0
    for box in set(range(len(among))) - picked:
        last = int((trace.box == box).nonzero()[-1, 0])
        assert thinned.given_up_for[box] == trace.picked_at[last]
        assert thinned.left_with[box] == trace.after[last] < 0.25
        lowered += 1
    assert lowered > 10


def test_clusters_are_opencvs_groups() -> None:
    found = crowd(3, 70, classes=1)
    thinned = thin_out(found, Thinning("cluster", score=0.0, neighbours=2))
    rects = [[x, y, right - x, bottom - y] for x, y, right, bottom in found.boxes.int().tolist()]
    groups, counts = cv2.groupRectangles(rects, 2, 0.2)
    expected = {(x, y, x + w, y + h) for x, y, w, h in np.asarray(groups).tolist()}
    assert {tuple(map(int, box)) for box in thinned.boxes.tolist()} == expected
    assert len(counts) > 1
    assert (thinned.source == -1).all()


@pytest.mark.parametrize(
    "how",
    [
        Thinning("per_class", iou=1.01),
        Thinning("agnostic", iou=float("nan")),
        Thinning("soft_linear", iou=-0.1),
        Thinning("soft_gaussian", sigma=0),
        Thinning("cluster", neighbours=-1),
    ],
)
def test_what_is_out_of_range_is_refused(how: Thinning) -> None:
    with pytest.raises(InputError):
        thin_out(crowd(1, 5), how)
