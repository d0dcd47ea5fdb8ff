"""torchvision's networks that answer for every pixel: LRASPP, DeepLabV3, FCN and Mask R-CNN.

The first three give each pixel a probability for each of Pascal VOC's 20 classes and the
background. Mask R-CNN finds COCO's things with boxes and gives each a mask; where masks overlap,
the thing that scores more has the pixel. A network built here and filled with published weights
answers as torchvision's own builder makes it answer.

Sources: Howard et al. 2019 (LRASPP); Chen et al. 2017 (DeepLabV3); Long et al. 2015 (FCN); He et
al. 2017 (Mask R-CNN); ``torchvision.models.segmentation`` and ``.detection``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision import models
from torchvision.models import detection, segmentation
from torchvision.models._api import WeightsEnum

from engine.detection.torchvision_detectors import fill
from engine.device import choose_device, report_out_of_memory
from engine.errors import InputError
from engine.nets.catalog import EmptyOnMeta
from engine.nets.residence import Residence
from engine.nets.weights import read_weights
from engine.progress import Progress
from engine.segment.segmented_picture import SegmentedPicture

#: A pixel belongs to a thing's mask where its probability is more.
MASK_LEVEL = 0.5
BACKGROUND = "background"
_MOST_RATIO = 8  # the presets scale the shorter side: longer pictures would become huge
# Trained before torchvision's frozen batch norm added a small number to variances.
_NO_EPS = ("maskrcnn_resnet50_fpn",)
_TITLES = {
    "deeplabv3_mobilenet_v3_large": "DeepLabV3, MobileNetV3",
    "deeplabv3_resnet50": "DeepLabV3, ResNet-50",
    "deeplabv3_resnet101": "DeepLabV3, ResNet-101",
    "fcn_resnet50": "FCN, ResNet-50",
    "fcn_resnet101": "FCN, ResNet-101",
    "lraspp_mobilenet_v3_large": "LRASPP, MobileNetV3",
    "maskrcnn_resnet50_fpn": "Mask R-CNN, ResNet-50",
    "maskrcnn_resnet50_fpn_v2": "Mask R-CNN v2, ResNet-50",
}


@dataclass(frozen=True, eq=False)
class PixelClasses:
    """The most probable class of each pixel.

    Attributes:
        classes: int64 (H, W), ties to the lower index.
        probs: float32 (H, W), its probability.
    """

    classes: np.ndarray
    probs: np.ndarray


@dataclass(frozen=True, eq=False)
class ThingMasks:
    """Things found, best first.

    Attributes:
        masks: bool (N, H, W); they may overlap.
        scores: float32 (N,).
        labels: int64 (N,), index into the class names.
    """

    masks: np.ndarray
    scores: np.ndarray
    labels: np.ndarray


@cache
def semantic_names() -> tuple[str, ...]:
    """torchvision's networks that give each pixel a class."""
    return tuple(models.list_models(module=segmentation))


@cache
def instance_names() -> tuple[str, ...]:
    """torchvision's networks that give each thing a mask."""
    names = models.list_models(module=detection)
    return tuple(name for name in names if name.startswith("maskrcnn"))


def title_of(name: str) -> str:
    """The name as its authors write it; a name that we do not know stays as it is."""
    return _TITLES.get(name, name)


def weights_of(name: str) -> WeightsEnum:
    """The weights that Fovea uses: torchvision's default."""
    return models.get_model_weights(name)["DEFAULT"]


def class_names(name: str) -> tuple[str, ...]:
    """What the network's classes are called; the first is the background."""
    return (BACKGROUND, *weights_of(name).meta["categories"][1:])


def build_unfilled(name: str) -> nn.Module:
    """The network in eval mode, to be filled: parameters have a shape but no numbers."""
    # the published files hold the second head, with which some were trained
    more = {} if name.startswith(("maskrcnn", "lraspp")) else {"aux_loss": True}
    with EmptyOnMeta():
        return models.get_model(name, weights=None, weights_backbone=None, **more).eval()


def fill_in(name: str, model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Give a network of :func:`build_unfilled` its weights, as torchvision's builder does.

    Args:
        name: the network's.
        model: changed in place; holds these very tensors afterwards.
        tensors: as the published file holds them.

    Raises:
        ValueError: tensors of another network.
    """
    fill(name, model, tensors)
    for module in model.modules():
        if name in _NO_EPS and isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0


@torch.no_grad()
def classify_pixels(model: nn.Module, pixels: np.ndarray, weights: WeightsEnum) -> PixelClasses:
    """The most probable class of each pixel.

    The preset scales the picture; the network's logits are brought back to the picture's size
    (bilinear) before anything is decided.

    Args:
        model: in eval mode; computes where it lies.
        pixels: uint8 (H, W, 3), RGB.
        weights: whose preset is used.

    Raises:
        InputError: the picture is too long and thin, or the device has too little memory.
    """
    short, long = sorted(pixels.shape[:2])
    if long > _MOST_RATIO * short:
        height, width = pixels.shape[:2]
        raise InputError("segment_too_thin", width=width, height=height, ratio=_MOST_RATIO)
    device = next(model.parameters()).device
    x = weights.transforms()(torch.tensor(pixels).permute(2, 0, 1))[None]
    with report_out_of_memory(device):
        logits = model(x.to(device))["out"]
        size = list(pixels.shape[:2])
        fine = F.interpolate(logits, size, mode="bilinear", align_corners=False)[0]
        probs, classes = fine.softmax(dim=0).max(dim=0)
    return PixelClasses(classes.cpu().numpy(), probs.cpu().numpy())


@torch.no_grad()
def find_things(model: nn.Module, pixels: np.ndarray) -> ThingMasks:
    """The things that Mask R-CNN finds, with their masks.

    Raises:
        InputError: the device has too little memory.
    """
    device = next(model.parameters()).device
    picture = torch.tensor(pixels).permute(2, 0, 1).float() / 255
    with report_out_of_memory(device):
        found = model([picture.to(device)])[0]
    masks, scores, labels = (found[name].cpu() for name in ("masks", "scores", "labels"))
    order = scores.argsort(descending=True, stable=True)
    is_inside = masks[:, 0] > MASK_LEVEL
    return ThingMasks(*(each[order].numpy() for each in (is_inside, scores, labels)))


def semantic_answer(
    said: PixelClasses, names: tuple[str, ...], least: float = 0.0
) -> SegmentedPicture:
    """One segment a class; a segment's score is its pixels' mean probability.

    Args:
        said: of :func:`classify_pixels`.
        names: of the classes, the background first.
        least: pixels whose class is less probable belong to no segment, in [0, 1].
    """
    ids = np.zeros(said.classes.shape, np.int32)
    is_sure = said.probs >= least
    described = []
    for category in np.unique(said.classes[is_sure]).tolist():
        mask = is_sure & (said.classes == category)
        described.append((category, category > 0, min(float(said.probs[mask].mean()), 1.0)))
        ids[mask] = len(described)
    return SegmentedPicture.of_map("semantic", ids, described, names)


def instance_answer(
    said: ThingMasks, names: tuple[str, ...], least: float = 0.5
) -> SegmentedPicture:
    """One segment a thing; where masks overlap, the better thing has the pixel.

    Args:
        said: of :func:`find_things`.
        names: of the classes, the background first.
        least: things that score less are left out, in [0, 1].
    """
    ids = np.zeros(said.masks.shape[1:], np.int32)
    described = []
    for mask, score, label in zip(said.masks, said.scores, said.labels, strict=True):
        free = mask & (ids == 0)
        if score >= least and free.any():
            described.append((int(label), True, float(score)))
            ids[free] = len(described)
    return SegmentedPicture.of_map("instance", ids, described, names)


def pixel_class_steps(name: str, pixels: np.ndarray) -> Iterator[Progress[PixelClasses]]:
    """A semantic network's classes: a step when it is loaded, one with its answer.

    Raises:
        InputError: the weights are not at hand or damaged, or memory does not suffice.
    """
    model = _residence().resident(name)
    yield Progress(1, 2)
    yield Progress(2, 2, classify_pixels(model, pixels, weights_of(name)))


def thing_steps(name: str, pixels: np.ndarray) -> Iterator[Progress[ThingMasks]]:
    """As :func:`pixel_class_steps`, for Mask R-CNN."""
    model = _residence().resident(name)
    yield Progress(1, 2)
    yield Progress(2, 2, find_things(model, pixels))


@cache
def _residence() -> Residence:
    return Residence(_load)


def _load(name: str) -> nn.Module:
    tensors: dict[str, Tensor] = read_weights(weights_of(name))  # first: fails fast where absent
    model = build_unfilled(name)
    fill_in(name, model, tensors)
    device = choose_device()
    with report_out_of_memory(device):
        return model.requires_grad_(False).to(device)
