"""Box clustering, against cv2.groupRectangles."""

import cv2
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.detection.clustering import Clusters, cluster_boxes
from engine.errors import InputError
from tests.engine.detection.box_sets import NAN, random_boxes, whole_boxes

EPS = (0.0, 0.02, 0.2, 0.5, 1.0)


def by_opencv(boxes: Tensor, min_neighbours: int, eps: float) -> tuple[list, list]:
    """Boxes (xyxy) and their counts, in OpenCV's order."""
    rects = torch.cat([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], dim=1).int().tolist()
    grouped, counts = cv2.groupRectangles(rects, min_neighbours, eps)
    corners = [[x, y, x + w, y + h] for x, y, w, h in grouped]
    return corners, [int(count) for count in counts]


def ours(clusters: Clusters) -> tuple[list, list]:
    return clusters.boxes[clusters.kept].tolist(), clusters.counts[clusters.kept].tolist()


def crowd(seed: int) -> Tensor:
    """Whole boxes: a few objects, nested ones among them, each found several times."""
    generator = torch.Generator().manual_seed(seed)
    places = random_boxes(6, seed, side_px=120, whole=True)
    places[1] = places[0] + torch.tensor([2.0, 2, -2, -2])
    chosen = torch.randint(
        6, (int(torch.randint(60, (), generator=generator)),), generator=generator
    )
    jitter = torch.randint(-4, 5, (len(chosen), 4), generator=generator)
    moved = places[chosen] + jitter
    return torch.cat([moved[:, :2], torch.maximum(moved[:, :2], moved[:, 2:])], dim=1)


@given(whole_boxes, st.integers(0, 4), st.sampled_from(EPS))
def test_whole_boxes_as_opencv(boxes: Tensor, min_neighbours: int, eps: float) -> None:
    found = cluster_boxes(boxes, min_neighbours, eps)
    assert ours(found) == by_opencv(boxes, min_neighbours, eps)


@pytest.mark.parametrize("eps", EPS)
def test_crowds_as_opencv(eps: float) -> None:
    nested = 0
    for seed in range(300):
        for min_neighbours in (1, 3):
            found = cluster_boxes(crowd(seed), min_neighbours, eps)
            assert ours(found) == by_opencv(crowd(seed), min_neighbours, eps), seed
            nested += int((found.inside_of >= 0).sum())
    assert nested > 10 or eps < 0.1


@pytest.mark.parametrize("seed", range(20))
def test_every_box_is_accounted_for(seed: int) -> None:
    boxes = crowd(seed)
    found = cluster_boxes(boxes, 2)
    assert found.counts.equal(found.cluster_of.bincount(minlength=len(found.counts)))
    assert found.too_few.equal(found.counts <= 2)
    for cluster, box in enumerate(found.boxes):
        mean = boxes[found.cluster_of == cluster].mean(dim=0)
        assert (box - mean).abs().max() <= 1  # position and size are rounded apart
    removed = found.inside_of >= 0
    assert not (removed & found.too_few).any()
    assert set(found.inside_of[removed].tolist()) <= set((~found.too_few).nonzero()[:, 0].tolist())
    first = [(found.cluster_of == cluster).int().argmax() for cluster in range(len(found.counts))]
    assert first == sorted(first)


def test_nothing_and_one_box() -> None:
    nothing = cluster_boxes(torch.zeros(0, 4), 1)
    assert ours(nothing) == ([], [])
    assert nothing.cluster_of.tolist() == []
    box = torch.tensor([[1.0, 2, 5, 9]])
    assert cluster_boxes(box, 1).too_few.tolist() == [True]
    assert ours(cluster_boxes(box, 0)) == ([[1, 2, 5, 9]], [1])


def test_a_chain_holds_together() -> None:
    """The ends are far apart, but each box is similar to the next."""
    boxes = torch.tensor([[x, 0.0, x + 20, 20] for x in range(0, 40, 4)])
    assert cluster_boxes(boxes, 1, eps=0.2).cluster_of.tolist() == [0] * 10
    assert cluster_boxes(boxes, 1, eps=0.19).cluster_of.tolist() == list(range(10))


@pytest.mark.parametrize(
    ("box", "min_neighbours", "eps", "sentence"),
    [
        ([0, 0, NAN, 1], 1, 0.2, "not finite"),
        ([0, 0, 1e9, 1], 1, 0.2, "beyond 16777216 pixels"),
        ([0, 0, 1, 1], -1, 0.2, "min_neighbours must lie"),
        ([0, 0, 1, 1], 1, NAN, "eps must lie"),
        ([0, 0, 1, 1], 1, -0.1, "eps must lie"),
    ],
)
def test_bad_input_gets_a_sentence(
    box: list[float], min_neighbours: int, eps: float, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        cluster_boxes(torch.tensor([box], dtype=torch.float32), min_neighbours, eps)
