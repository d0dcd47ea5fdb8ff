"""torchvision's detectors: its own answers are the oracle, with weights drawn at random."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models
from torchvision.models._api import WeightsEnum
from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN

from engine.detection import torchvision_detectors
from engine.detection.detectors import MOST_BOXES, thin
from engine.detection.torchvision_detectors import (
    LEAST_SCORE,
    answer,
    build_unfilled,
    detector_names,
    fill,
    open_up,
    raw_steps,
    title_of,
    weights_of,
)
from engine.errors import InputError
from engine.nets import weights as weight_files
from engine.pictures import sample
from engine.progress import finish
from tests.engine.detection.random_detectors import drawn, tensors_at_random

NAMES = detector_names()
CLASSES = tuple(weights_of("ssd300_vgg16").meta["categories"])
MANY = 10**6


def picture(side_px: int = 96) -> np.ndarray:
    return np.ascontiguousarray(sample("coffee").pixels[:side_px, : side_px + 16])


def thresholds(model: Any) -> Any:
    """What holds a network's score and IoU thresholds."""
    return model.roi_heads if isinstance(model, GeneralizedRCNN) else model


@pytest.mark.parametrize(
    "name",  # one of each kind: what follows a network is the same for all of its kind
    [
        "fasterrcnn_mobilenet_v3_large_320_fpn",
        "fcos_resnet50_fpn",
        "retinanet_resnet50_fpn",
        "ssd300_vgg16",
        "ssdlite320_mobilenet_v3_large",
    ],
)
def test_our_nms_on_the_bare_boxes_is_the_networks_own_answer(name: str) -> None:
    model, pixels = drawn(name), picture()
    raw = answer(open_up(copy.deepcopy(model), 0, MANY), pixels, CLASSES)
    own = thresholds(model)
    # random weights leave all classes about as likely: as many boxes as our page takes pass
    own.score_thresh, own.detections_per_img = float(raw.scores[MOST_BOXES]), MANY
    theirs = answer(model, pixels, CLASSES)
    passed = raw.take(raw.scores > own.score_thresh)
    ours = thin(passed, 0, own.nms_thresh)
    assert 0 < len(theirs) < len(passed)  # NMS had something to do
    compared = 0
    for label in theirs.labels.unique().tolist():
        scores = passed.scores[passed.labels == label]
        if len(scores.unique()) < len(scores):
            continue  # boxes that lie within one pixel of the map see the same: any order is right
        of_class = [found.take(found.labels == label) for found in (ours, theirs)]
        assert torch.equal(of_class[0].boxes, of_class[1].boxes)
        assert torch.equal(of_class[0].scores, of_class[1].scores)
        compared += len(scores)
    assert compared > 100


@pytest.mark.parametrize(
    "name",
    [
        "fasterrcnn_mobilenet_v3_large_320_fpn",  # frozen batch norm
        "retinanet_resnet50_fpn",  # and without the small number added to variances
        "fasterrcnn_resnet50_fpn_v2",  # batch norm, also in its head
        "ssdlite320_mobilenet_v3_large",
    ],
)
def test_weights_are_filled_in_as_torchvisions_builder_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = tensors_at_random(name)
    if not name.endswith(("_v2", "large")):  # files of frozen batch norm hold no counters
        published = {k: v for k, v in published.items() if not k.endswith("batches_tracked")}
    monkeypatch.setattr(WeightsEnum, "get_state_dict", lambda *_, **__: published)
    theirs = models.get_model(name, weights=weights_of(name)).eval()
    ours = build_unfilled(name)
    fill(name, ours, dict(published))
    state = ours.state_dict()
    assert all(torch.equal(state[key], value) for key, value in theirs.state_dict().items())
    assert added_to_variances(ours) == added_to_variances(theirs) != {}


def added_to_variances(model: nn.Module) -> dict[str, float]:
    """The small number that each normalising layer adds, by the layer's name."""
    layers = model.named_modules()
    return {name: layer.eps for name, layer in layers if hasattr(layer, "running_var")}  # pyright: ignore


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match="ssdlite320"):
        fill("ssdlite320_mobilenet_v3_large", build_unfilled("ssdlite320_mobilenet_v3_large"), {})


def test_a_network_without_thresholds_is_refused() -> None:
    with pytest.raises(ValueError, match="Linear has no score_thresh"):
        open_up(nn.Linear(1, 1), 0, 1)


def test_names_leave_out_what_answers_with_more_than_boxes() -> None:
    theirs = set(models.list_models(module=models.detection))
    assert theirs - set(NAMES) == {n for n in theirs if n.startswith(("mask", "keypoint"))}
    assert all(title_of(name) != name for name in NAMES)


def test_the_resident_network_gives_the_best_bare_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "ssdlite320_mobilenet_v3_large"
    monkeypatch.setattr(torchvision_detectors, "read_weights", lambda _: tensors_at_random(name))
    monkeypatch.setattr(torchvision_detectors, "choose_device", lambda: torch.device("cpu"))
    torchvision_detectors._residence.cache_clear()
    found = finish(raw_steps(name, picture(), 40))
    torchvision_detectors._residence.cache_clear()
    every = answer(open_up(drawn(name), LEAST_SCORE, MANY), picture(), CLASSES)
    assert len(every) > len(found) == 40
    assert torch.equal(found.scores, every.scores[:40])
    assert torch.equal(found.boxes, every.boxes[:40])


def test_absent_weights_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_files, "find_weights", lambda _: None)
    with pytest.raises(InputError, match="are not on this computer"):
        finish(raw_steps("ssd300_vgg16", picture(), 5))


@pytest.mark.parametrize("size", [(1, 1), (1, 128), (128, 1)])
@pytest.mark.parametrize(
    "name", ["ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn"]
)
def test_the_smallest_and_the_thinnest_pictures_are_answered(
    name: str, size: tuple[int, int]
) -> None:
    model = open_up(drawn(name), 0, 7)  # which shrinks the longer side to 128 px
    found = answer(model, np.zeros((*size, 3), np.uint8), CLASSES)
    assert len(found) <= 7
    assert (found.boxes[:, 2] <= size[1]).all()
    assert (found.boxes[:, 3] <= size[0]).all()


def test_a_picture_of_which_nothing_would_be_left_is_a_sentence() -> None:
    model = drawn("fasterrcnn_mobilenet_v3_large_320_fpn")
    with pytest.raises(InputError, match="at most 128 times the shorter one"):
        answer(model, np.zeros((1, 129, 3), np.uint8), CLASSES)
    ssd = drawn("ssdlite320_mobilenet_v3_large")
    assert answer(ssd, np.zeros((1, 2048, 3), np.uint8), CLASSES).boxes.isfinite().all()
