"""Architectures to compare: torchvision's classifiers, and two from their papers.

What is published stands here with its source: torchvision's numbers in the ``meta`` of its weights,
those of Xception and Inception-ResNet-v2 in their papers. What a network costs is counted from the
network itself, on the meta device: no weights are needed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torchvision import models

from engine.errors import InputError
from engine.nets.catalog import (
    Classifier,
    EmptyOnMeta,
    build_unfilled,
    find_classifier,
    list_classifiers,
)
from engine.nets.graph import NetGraph, trace_net
from engine.nets.inception_resnet import InceptionResNetV2
from engine.nets.tracing import MacCounter
from engine.nets.xception import Xception

# How torchvision's names begin, longest first where one begins another: family, year of the paper.
_FAMILIES = (
    ("alexnet", "AlexNet", 2012),
    ("vgg", "VGG", 2014),
    ("googlenet", "Inception", 2014),
    ("inception_v3", "Inception", 2015),
    ("inception_resnet", "Inception", 2016),
    ("xception", "Inception", 2016),
    ("resnet", "ResNet", 2015),
    ("wide_resnet", "ResNet", 2016),
    ("resnext", "ResNet", 2016),
    ("densenet", "DenseNet", 2016),
    ("squeezenet", "SqueezeNet", 2016),
    ("mobilenet_v2", "MobileNet", 2018),
    ("mobilenet_v3", "MobileNet", 2019),
    ("shufflenet", "ShuffleNet", 2018),
    ("mnasnet", "MNASNet", 2018),
    ("efficientnet_v2", "EfficientNet", 2021),
    ("efficientnet", "EfficientNet", 2019),
    ("regnet", "RegNet", 2020),
    ("vit", "ViT", 2020),
    ("swin", "Swin", 2021),
    ("convnext", "ConvNeXt", 2022),
    ("maxvit", "MaxViT", 2022),
)


@dataclass(frozen=True)
class Architecture:
    """A network, and what is published of it.

    Attributes:
        name, title: torchvision's name ("xception" and "inception_resnet_v2" are ours), and how one
            writes it.
        family: what it belongs to, "Inception".
        year: of the paper.
        input_size: (H, W) of the pictures in pixels.
        acc1_percent: top-1 accuracy on ImageNet's 50,000 validation pictures, of the first weights
            that were published.
        newest_acc1_percent: of torchvision's newest weights; the same where there are no others.
        params: published number of parameters; None where the paper says none.
        gmacs: published thousand million multiply-adds.
        source: "torchvision", or the paper.
    """

    name: str
    title: str
    family: str
    year: int
    input_size: tuple[int, int]
    acc1_percent: float
    newest_acc1_percent: float
    params: float | None
    gmacs: float | None
    source: str


# Chollet 2017, table 3 (22,855,952 parameters) and 1 (accuracy, one crop of 299 px); multiply-adds
# from timm's table of results, as the paper says none. Szegedy et al. 2017, table 2 (error of one
# crop: 19.9 %); parameters and multiply-adds from timm's.
_OWN: dict[str, tuple[Architecture, Callable[[], nn.Module]]] = {
    "xception": (
        Architecture(
            "xception", "Xception", "Inception", 2016, (299, 299), 79.0, 79.0, 22_855_952, 8.4,
            "Chollet 2017",
        ),
        Xception,
    ),
    "inception_resnet_v2": (
        Architecture(
            "inception_resnet_v2", "Inception-ResNet-v2", "Inception", 2016, (299, 299), 80.1, 80.1,
            55.84e6, 13.18, "Szegedy et al. 2017",
        ),
        InceptionResNetV2,
    ),
}  # fmt: skip


@cache
def list_architectures() -> tuple[Architecture, ...]:
    """All of them, by family in the order of the papers, then by parameters."""
    found = [_published(each) for each in list_classifiers()] + [each for each, _ in _OWN.values()]
    order = {family: k for k, (_, family, _) in reversed(list(enumerate(_FAMILIES)))}
    return tuple(sorted(found, key=lambda each: (order[each.family], each.params, each.name)))


def find_architecture(name: str) -> Architecture:
    """The architecture of that name.

    Raises:
        InputError: there is none; the sentence names the nearest of torchvision's.
    """
    if name in _OWN:
        return _OWN[name][0]
    return _published(find_classifier(name))


def build_architecture(name: str) -> nn.Module:
    """The network with shapes but without numbers, in eval mode: see :func:`build_unfilled`.

    Inception v3 comes without its auxiliary head, as it classifies.

    Raises:
        InputError: there is no such architecture.
    """
    if name in _OWN:
        with EmptyOnMeta():
            return _OWN[name][1]().eval()
    net = build_unfilled(name, _first_weights(find_classifier(name).name)).eval()
    if isinstance(net, models.Inception3):
        net.AuxLogits = None
    return net


def trace_architecture(name: str) -> NetGraph:
    """The network's operations for one picture of its own size; takes 0.05 to 4 s.

    Raises:
        InputError: there is no such architecture.
    """
    return trace_net(build_architecture(name), find_architecture(name).input_size)


def _first_weights(name: str) -> models.WeightsEnum:
    return next(iter(models.get_model_weights(name)))


def _published(of: Classifier) -> Architecture:
    weights = _first_weights(of.name)
    newest = models.get_model_weights(of.name)["DEFAULT"]
    crop = weights.transforms().crop_size
    family, year = _family(of.name)
    return Architecture(
        name=of.name,
        title=of.title,
        family=family,
        year=year,
        input_size=(crop[0], crop[-1]),
        acc1_percent=weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        newest_acc1_percent=newest.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        params=weights.meta["num_params"],
        gmacs=weights.meta["_ops"],
        source="torchvision",
    )


def _family(name: str) -> tuple[str, int]:
    """Family and year of a network; one that torchvision adds later stands under its own name."""
    for start, family, year in _FAMILIES:
        if name.startswith(start):
            return family, year
    raise InputError("classifier_unknown", 404, wanted=name, nearest="resnet50")


@dataclass(frozen=True)
class Counts:
    """What a network costs for one picture of its own size, counted.

    Attributes:
        params: learnt numbers; of Inception v3 without its auxiliary head.
        macs: multiply-adds.
        activations: numbers that come out of what multiplies.
    """

    params: int
    macs: int
    activations: int


def count(name: str) -> Counts:
    """Parameters, multiply-adds and activations, from one pass without numbers; up to 2 s.

    Raises:
        InputError: there is no such architecture.
    """
    net, net_size = build_architecture(name).to("meta"), find_architecture(name).input_size
    with MacCounter() as counter, torch.enable_grad():  # attention takes its open path
        net(torch.empty(1, 3, *net_size, device="meta"))
    params = sum(parameter.numel() for parameter in net.parameters())
    return Counts(params, counter.macs, counter.activations)
