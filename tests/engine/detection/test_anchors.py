"""Anchors and what they are told: torchvision's RetinaNet, transform and Matcher as oracles."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection._utils import Matcher
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import _default_anchorgen
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.ops import box_iou

from engine.detection.anchors import (
    IGNORED,
    NEGATIVE,
    NEGATIVE_IOU,
    POSITIVE_IOU,
    SHAPES,
    assign,
    best_by_level,
    retina_anchors,
    seen_size,
)

MATCHER = Matcher(POSITIVE_IOU, NEGATIVE_IOU, allow_low_quality_matches=True)


@pytest.mark.parametrize("size", [(300, 451), (400, 600), (512, 512), (1707, 1280), (1, 700)])
def test_a_picture_is_seen_as_large_as_by_torchvision(size: tuple[int, int]) -> None:
    seen = seen_size(size)
    if min(size) == 1:
        assert seen == (1, 1333)  # torchvision would leave no row at all
        return
    transform = GeneralizedRCNNTransform(800, 1333, [0.0] * 3, [1.0] * 3)
    pictures, _ = transform([torch.zeros(3, *size)])
    assert pictures.image_sizes == [seen]


@pytest.mark.parametrize("size", [(800, 1066), (800, 800), (1333, 600), (75, 33)])
def test_the_anchors_are_those_of_torchvisions_own_retinanet(size: tuple[int, int]) -> None:
    ours = retina_anchors(size)
    filled = [-(-side // 32) * 32 for side in size]
    maps = [torch.zeros(1, 1, *grid) for grid in ours.grids]
    first = torch.nn.Conv2d(1, 1, 3, stride=2, padding=1)
    assert ours.grids[0] == (filled[0] // 8, filled[1] // 8)
    for fine, coarse in zip(maps, ours.grids[1:], strict=False):
        assert tuple(first(fine).shape[2:]) == coarse  # how P6 and P7 come about
    (theirs,) = _default_anchorgen()(ImageList(torch.zeros(1, 3, *filled), [size]), maps)
    assert torch.equal(torch.cat(ours.boxes), theirs)


_IOUS = [0.0, 0.1, 0.399, 0.4, 0.45, 0.499, 0.5, 0.7, 1.0]
OVERLAPS = st.lists(
    st.lists(st.sampled_from(_IOUS), min_size=6, max_size=6), min_size=1, max_size=4
)


@given(OVERLAPS)
def test_anchors_are_told_what_torchvisions_matcher_tells(rows: list[list[float]]) -> None:
    iou = torch.tensor(rows)
    assigned = assign(iou)
    assert assigned.told.tolist() == MATCHER(iou.clone()).tolist()
    found = iou.gather(0, assigned.told.clamp(min=0)[None])[0]
    assert (assigned.rescued == ((assigned.told >= 0) & (found < POSITIVE_IOU))).all()


def test_of_real_boxes_every_one_gets_an_anchor() -> None:
    anchors = torch.cat(retina_anchors((800, 800)).boxes)
    truths = torch.tensor([[10.0, 20, 22, 31], [100, 300, 740, 340], [200, 200, 420, 430]])
    iou = box_iou(truths, anchors)
    assigned = assign(iou)
    assert assigned.told.tolist() == MATCHER(iou.clone()).tolist()
    assert set(assigned.told.tolist()) == {0, 1, 2, NEGATIVE, IGNORED}
    rescued = set(assigned.told[assigned.rescued].tolist())
    assert rescued >= {0, 1}  # tiny, and long and thin


@pytest.mark.parametrize("size", [(800, 1216), (333, 90)])
def test_of_each_level_the_best_is_the_best_of_all(size: tuple[int, int]) -> None:
    anchors = retina_anchors(size)
    corners = torch.rand(60, 2, 2, generator=torch.Generator().manual_seed(0))
    ends = corners.sort(dim=1).values * torch.tensor([size[1], size[0]])
    boxes = torch.cat([ends[:, 0], ends[:, 1] + 1], dim=1)
    best = best_by_level(anchors, boxes)
    for level, every in enumerate(anchors.boxes):
        assert len(every) == anchors.grids[level][0] * anchors.grids[level][1] * SHAPES
        torch.testing.assert_close(best[:, level], box_iou(boxes, every).max(dim=1).values)
