"""Faster R-CNN taken apart ends where torchvision does, and each loss has a reason."""

import pytest
import torch
from torch import Tensor
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import MultiScaleRoIAlign, box_iou

from engine.detection.detectnet.scenes import HELD_OUT_SEED, MEAN, STD, draw_scenes
from engine.detection.scene_nets.two_stages import Fate, match_anchors, trace_two_stages
from engine.pictures import sample
from engine.train.seeding import seeded
from engine.trainable.faster_rcnn import (
    ANCHOR_RATIOS,
    ANCHOR_SIDES_PX,
    CROP_CELLS,
    PROPOSALS,
    STRIDE_PX,
    SmallFasterRCNN,
)
from tests.engine.detection import random_detectors

CPU = torch.device("cpu")


def drawn(**changed: float) -> SmallFasterRCNN:
    with seeded(CPU, 3, "weights"):
        net = SmallFasterRCNN((3, 96, 96), 3, 8).eval()
    with torch.no_grad():  # so that classes differ, as those of a trained net do
        net.heads.box_predictor.cls_score.weight.mul_(30)  # pyright: ignore
        net.rpn.head.bbox_pred.weight.mul_(20)  # pyright: ignore
        net.heads.box_predictor.bbox_pred.weight.mul_(5)  # pyright: ignore
    return net


def picture(index: int = 0) -> Tensor:
    pixels = torch.from_numpy(draw_scenes(4, HELD_OUT_SEED)[index].pixels)
    return (pixels.permute(2, 0, 1)[None].float() / 255 - MEAN) / STD


@pytest.mark.parametrize("index", [0, 1, 2])
def test_what_is_left_is_what_the_network_answers(index: int):
    net, x = drawn(), picture(index)
    first, second = trace_two_stages(net.detector, x)
    with torch.no_grad():
        features = net.detector.backbone(x)
        (expected,), _ = net.rpn(ImageList(x, [(96, 96)]), features)
    torch.testing.assert_close(first.boxes[first.proposals], expected, rtol=1e-5, atol=1e-4)
    assert len(first.proposals) == PROPOSALS
    (answer,) = net.detect(x)
    kept = second.fate == Fate.KEPT
    assert kept.any()
    for box, label, score in zip(
        second.boxes[kept], second.labels[kept], second.scores[kept], strict=True
    ):
        same = (answer["labels"] == label) & ((answer["boxes"] - box).abs().amax(dim=1) < 1e-3)
        assert answer["scores"][same].tolist() == pytest.approx([score.item()], abs=1e-5)


def test_a_published_network_with_several_maps_is_taken_apart_alike():
    detector = random_detectors.drawn("fasterrcnn_mobilenet_v3_large_320_fpn")
    detector.roi_heads.box_predictor.cls_score.weight.data *= 20  # sure of something
    pixels = torch.tensor(sample("coffee").pixels).permute(2, 0, 1).float() / 255
    with torch.no_grad():
        images, _ = detector.transform([pixels])
        features = detector.backbone(images.tensors)
        (expected,), _ = detector.rpn(images, features)
        (answer,) = detector([pixels])
    assert images.tensors.shape[-2:] != images.image_sizes[0]  # something was added around it
    first, second = trace_two_stages(detector, images.tensors, images.image_sizes[0])
    assert len(first.maps) == 3
    assert sum(15 * rows * columns for rows, columns in first.maps) == len(first.anchors)
    torch.testing.assert_close(first.boxes[first.proposals], expected, rtol=1e-5, atol=1e-4)
    kept = second.fate == Fate.KEPT
    assert kept.any()
    height, width = images.image_sizes[0]
    scale = torch.tensor([width, height, width, height]) / torch.tensor(
        [pixels.shape[2], pixels.shape[1]]
    ).repeat(2)
    there = answer["boxes"] * scale
    for box, label in zip(second.boxes[kept], second.labels[kept], strict=True):
        same = (answer["labels"] == label) & ((there - box).abs().amax(dim=1) < 1e-2)
        assert same.sum() == 1


def test_what_is_hardly_an_object_is_given_up_first():
    detector = random_detectors.drawn("fasterrcnn_mobilenet_v3_large_320_fpn")
    x = torch.rand(1, 3, 96, 128, generator=torch.Generator().manual_seed(0))
    first, _ = trace_two_stages(detector, x)
    detector.rpn.score_thresh = float(first.objectness.median())
    faint, _ = trace_two_stages(detector, x)
    gone = faint.fate == Fate.FAINT
    assert gone.any()
    assert (faint.objectness[gone] < detector.rpn.score_thresh).all()
    assert (faint.objectness[faint.proposals] >= detector.rpn.score_thresh).all()


def test_the_crop_is_torchvision_s_roi_align():
    net, x = drawn(), picture()
    first, second = trace_two_stages(net.detector, x)
    with torch.no_grad():
        features = net.detector.backbone(x)
        pool = MultiScaleRoIAlign(["0"], CROP_CELLS, sampling_ratio=2)
        expected = pool(features, [first.boxes[first.proposals]], [(96, 96)])
    torch.testing.assert_close(second.crops, expected, rtol=0, atol=1e-5)


def test_anchors_are_torchvision_s_nine_at_each_place():
    first, _ = trace_two_stages(drawn().detector, picture())
    made = AnchorGenerator((ANCHOR_SIDES_PX,), (ANCHOR_RATIOS,))
    maps = [torch.zeros(1, 1, 96 // STRIDE_PX, 96 // STRIDE_PX)]
    (expected,) = made(ImageList(torch.zeros(1, 3, 96, 96), [(96, 96)]), maps)
    torch.testing.assert_close(first.anchors, expected, rtol=0, atol=1e-5)
    assert len(first.anchors) == 24 * 24 * 9


def test_every_box_given_up_has_its_reason():
    net = drawn()
    first, second = trace_two_stages(net.detector, picture())
    assert set(first.fate.unique().tolist()) <= {Fate.KEPT, *list(Fate)}
    gone = (first.fate == Fate.REPEATS).nonzero()[:, 0]
    assert len(gone)
    better = first.better[gone]
    assert (first.objectness[better] >= first.objectness[gone]).all()
    overlap = box_iou(first.boxes[gone], first.boxes[better]).diagonal()
    torch.testing.assert_close(overlap, first.overlap[gone])
    assert (overlap > net.rpn.nms_thresh).all()
    least = first.objectness[first.proposals].min()
    assert (first.objectness[first.fate == Fate.SURPLUS] <= least).all()
    gone = (second.fate == Fate.REPEATS).nonzero()[:, 0]
    assert len(gone)
    assert (second.labels[second.better[gone]] == second.labels[gone]).float().mean() > 0
    assert (second.scores[second.fate == Fate.FAINT] <= net.heads.score_thresh).all()


def test_what_anchors_are_taught_is_torchvision_s_matcher():
    scene = draw_scenes(4, HELD_OUT_SEED)[1]
    truths = torch.from_numpy(scene.boxes)
    net = drawn()
    first, _ = trace_two_stages(net.detector, picture(1))
    found = match_anchors(net.rpn, first.anchors, truths)
    overlaps = box_iou(truths, first.anchors)
    indices = net.rpn.proposal_matcher(overlaps.clone())
    assert torch.equal(found.label == 1, indices >= 0)
    assert torch.equal(found.label == 0, indices == net.rpn.proposal_matcher.BELOW_LOW_THRESHOLD)
    assert (found.label == -1).any()
    for k in range(len(truths)):  # the best anchor of each object counts, however far from 0.7
        assert found.label[overlaps[k].argmax()] == 1
