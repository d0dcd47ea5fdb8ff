"""torchvision's detectors with their score floor and their NMS switched off: the bare boxes.

SSD, SSDLite, RetinaNet and FCOS look once; Faster R-CNN looks twice, and what its first look
proposes is thinned out inside the network, which is part of it and stays. What remains to be done
after any of them is what :mod:`engine.detection.nms` does. A network built here and filled with
published weights answers as torchvision's own builder makes it answer.

Sources: Liu et al. 2016 (SSD); Ren et al. 2015 (Faster R-CNN); Lin et al. 2017 (FPN, RetinaNet);
Tian et al. 2019 (FCOS); ``torchvision.models.detection``.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torchvision import models
from torchvision.models import detection
from torchvision.models._api import WeightsEnum
from torchvision.models.detection.generalized_rcnn import GeneralizedRCNN
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from engine.detection.detections import Detections
from engine.device import choose_device, report_out_of_memory
from engine.errors import InputError
from engine.nets.catalog import EmptyOnMeta
from engine.nets.residence import Residence
from engine.nets.weights import read_weights
from engine.progress import Progress

#: Boxes that score less are not even looked at: 90 classes a place would bury everything.
LEAST_SCORE = 0.01
_NEVER = 2.0  # no IoU is above, not even by rounding: NMS keeps every box
# These two were trained before torchvision's frozen batch norm added a small number to variances.
_NO_EPS = ("fasterrcnn_resnet50_fpn", "retinanet_resnet50_fpn")
_TITLES = {
    "fasterrcnn_mobilenet_v3_large_320_fpn": "Faster R-CNN, MobileNetV3, 320 px",
    "fasterrcnn_mobilenet_v3_large_fpn": "Faster R-CNN, MobileNetV3",
    "fasterrcnn_resnet50_fpn": "Faster R-CNN, ResNet-50",
    "fasterrcnn_resnet50_fpn_v2": "Faster R-CNN v2, ResNet-50",
    "fcos_resnet50_fpn": "FCOS, ResNet-50",
    "retinanet_resnet50_fpn": "RetinaNet, ResNet-50",
    "retinanet_resnet50_fpn_v2": "RetinaNet v2, ResNet-50",
    "ssd300_vgg16": "SSD300, VGG-16",
    "ssdlite320_mobilenet_v3_large": "SSDLite320, MobileNetV3",
}


@cache
def detector_names() -> tuple[str, ...]:
    """torchvision's detectors that answer with boxes and nothing else."""
    names = models.list_models(module=detection)
    return tuple(name for name in names if not name.startswith(("keypointrcnn", "maskrcnn")))


def title_of(name: str) -> str:
    """The name as its authors write it; a name that we do not know stays as it is."""
    return _TITLES.get(name, name)


def weights_of(name: str) -> WeightsEnum:
    """The weights that Fovea uses: torchvision's default, trained on COCO."""
    return models.get_model_weights(name)["DEFAULT"]


def build_unfilled(name: str) -> nn.Module:
    """The network in eval mode, to be filled: most parameters have a shape but no numbers.

    Args:
        name: one of :func:`detector_names`.
    """
    # SSDLite's builder sends a picture through its batch norms, whose buffers do have numbers; the
    # network is small enough to be drawn at random in no time
    with nullcontext() if name.startswith("ssdlite") else EmptyOnMeta():
        return models.get_model(name, weights=None, weights_backbone=None).eval()


def fill(name: str, model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Give a network of :func:`build_unfilled` its weights, as torchvision's builder does.

    Args:
        name: the network's.
        model: changed in place; holds these very tensors afterwards.
        tensors: as the published file holds them. Files of frozen batch norm lack its counter of
            batches, which evaluation does not read.

    Raises:
        ValueError: tensors of another network.
    """
    counters = {key for key in model.state_dict() if key.endswith("num_batches_tracked")}
    found = model.load_state_dict(tensors, strict=False, assign=True)
    wrong = [*(set(found.missing_keys) - counters), *found.unexpected_keys]
    if wrong:
        raise ValueError(f"{name} and its weights differ in {sorted(wrong)[:3]}")
    for module in model.modules():
        if name in _NO_EPS and isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0


def open_up(model: nn.Module, least: float, most: int) -> nn.Module:
    """Switch off what thins boxes out after the network; the same model, changed in place.

    Args:
        model: any of torchvision's detectors.
        least: boxes must score more, in [0, 1]; 0 lets every box through.
        most: no more than so many boxes, the best.
    """
    holder = model.roi_heads if isinstance(model, GeneralizedRCNN) else model
    for key, value in (
        ("score_thresh", least),
        ("nms_thresh", _NEVER),
        ("detections_per_img", most),
    ):
        if not hasattr(holder, key):
            raise ValueError(f"{type(model).__name__} has no {key} to switch off")
        setattr(holder, key, value)
    return model


@torch.no_grad()
def answer(model: nn.Module, pixels: np.ndarray, class_names: tuple[str, ...]) -> Detections:
    """What a detector says of a picture, uint8 ``(H, W, 3)``; the model computes where it lies.

    Raises:
        InputError: the picture is so long and thin that nothing of it would be left where the
            network shrinks it, or the device has too little memory.
    """
    check_shape(model, (pixels.shape[0], pixels.shape[1]))
    device = next(model.parameters()).device
    picture = torch.tensor(pixels).permute(2, 0, 1).float() / 255
    with report_out_of_memory(device):
        found = model([picture.to(device)])[0]
    return Detections.ranked(found["boxes"], found["scores"], found["labels"], class_names)


def check_shape(model: nn.Module, size: tuple[int, int]) -> None:
    """Raise where the network would shrink the picture's longer side until the other has no pixel.

    SSD and SSDLite make every picture a square and look at any.

    Args:
        model: one of torchvision's detectors.
        size: (H, W) of the picture.

    Raises:
        InputError: it would.
    """
    transform = cast(GeneralizedRCNNTransform, model.transform)
    longest_px = cast(int, transform.max_size)
    if transform.fixed_size is None and max(size) > longest_px * min(size):
        height, width = size
        raise InputError("detector_too_thin", height=height, width=width, ratio=longest_px)


def raw_steps(name: str, pixels: np.ndarray, most: int) -> Iterator[Progress[Detections]]:
    """The bare boxes, best first: a first step once the network is loaded, then its answer.

    Raises:
        InputError: the weights are not at hand or damaged, or memory does not suffice.
    """
    model = _residence().resident(f"{name} {most}")
    yield Progress(1, 2)
    yield Progress(2, 2, answer(model, pixels, tuple(weights_of(name).meta["categories"])))


@cache
def _residence() -> Residence:
    return Residence(_load)


def whole_detector(name: str) -> nn.Module:
    """A detector as it was published, thresholds and all; shared, read-only, on the CPU.

    Raises:
        InputError: its weights are not at hand or damaged.
    """
    return _whole_ones().resident(name)


@cache
def _whole_ones() -> Residence:
    return Residence(_load_whole)


def _load(key: str) -> nn.Module:
    name, most = key.split()
    model = _load_whole(name)
    device = choose_device()
    with report_out_of_memory(device):
        return open_up(model, LEAST_SCORE, int(most)).to(device)


def _load_whole(name: str) -> nn.Module:
    tensors = read_weights(weights_of(name))  # first: fails fast where they are not at hand
    model = build_unfilled(name)
    fill(name, model, tensors)
    return model.requires_grad_(False)
