"""Every classifier of torchvision: what is published of it, whether it is there, how to build it.

Source: torchvision's weight enums (``torchvision.models.get_model_weights``), whose ``meta`` holds
the published numbers. Networks are built as torchvision's own builders build them with weights:
GoogLeNet without its auxiliary heads, Inception v3 with (the published counts say so), both
undoing the usual normalisation by themselves, vision transformers for the weights' own picture
size.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torchvision import models
from torchvision.models._api import WeightsEnum

from engine.errors import InputError
from engine.nets.weights import find_weights, read_weights

# Not torchvision's default choice, but the weights that can be had without the internet.
_CHOSEN = {"mobilenet_v2": models.MobileNet_V2_Weights.IMAGENET1K_V1}
_NEAREST = 4


def _title_regnet(match: re.Match[str]) -> str:
    """regnet_x_1_6gf → RegNetX-1.6GF, regnet_y_400mf → RegNetY-400MF."""
    whole, part = match[2], match[3]
    size = f"{whole}.{part}" if part else whole
    return f"RegNet{match[1].upper()}-{size}{match[4].upper()}"


_TITLES = (
    (r"alexnet", "AlexNet"),
    (r"convnext_(\w+)", lambda m: f"ConvNeXt-{m[1].title()}"),
    (r"densenet(\d+)", r"DenseNet-\1"),
    (r"efficientnet_(b\d)", lambda m: f"EfficientNet-{m[1].upper()}"),
    (r"efficientnet_v2_(\w)", lambda m: f"EfficientNetV2-{m[1].upper()}"),
    (r"googlenet", "GoogLeNet"),
    (r"inception_v3", "Inception v3"),
    (r"maxvit_t", "MaxViT-T"),
    (r"mnasnet(\d)_(\d+)", r"MNASNet \1.\2"),
    (r"mobilenet_v2", "MobileNetV2"),
    (r"mobilenet_v3_(\w+)", lambda m: f"MobileNetV3-{m[1].title()}"),
    (r"regnet_(\w)_(\d+)_?(\d*)(mf|gf)", _title_regnet),
    (r"resnet(\d+)", r"ResNet-\1"),
    (r"resnext(\d+)_(\w+)", r"ResNeXt-\1 \2"),
    (r"shufflenet_v2_x(\d)_(\d)", r"ShuffleNetV2 \1.\2×"),
    (r"squeezenet(\d)_(\d)", r"SqueezeNet \1.\2"),
    (r"swin_(\w)", lambda m: f"Swin-{m[1].upper()}"),
    (r"swin_v2_(\w)", lambda m: f"SwinV2-{m[1].upper()}"),
    (r"vgg(\d+)", r"VGG-\1"),
    (r"vgg(\d+)_bn", r"VGG-\1 BN"),
    (r"vit_(\w)_(\d+)", lambda m: f"ViT-{m[1].upper()}/{m[2]}"),
    (r"wide_resnet(\d+)_2", r"Wide ResNet-\1-2"),
)


@dataclass(frozen=True)
class Classifier:
    """A classifier as it was published.

    Attributes:
        name: torchvision's name, "mobilenet_v2".
        title: the name as one writes it, "MobileNetV2".
        weights: the weights that Fovea uses.
        num_params: number of learnt parameters.
        acc1_percent: share of ImageNet's 50,000 validation pictures whose first guess is right.
        acc5_percent: share of them whose class is among the first five guesses.
        gmacs: thousand million multiply-adds for one picture.
        file_mib: size of the weights' file in MiB (2**20 bytes).
        input_size: (H, W) of the picture that the network is given, in pixels.
        categories: names of the 1000 classes, by index.
    """

    name: str
    title: str
    weights: WeightsEnum
    num_params: int
    acc1_percent: float
    acc5_percent: float
    gmacs: float
    file_mib: float
    input_size: tuple[int, int]
    categories: tuple[str, ...] = field(repr=False)


def list_classifiers() -> list[Classifier]:
    """All classifiers: those whose weights are on this computer first, then by parameters."""
    return sorted(_entries().values(), key=lambda c: (not at_hand(c.name), c.num_params, c.name))


def find_classifier(name: str) -> Classifier:
    """The classifier of that name.

    Raises:
        InputError: there is none; the sentence names the nearest.
    """
    entries = _entries()
    if name not in entries:
        wanted = name[:40]
        near = difflib.get_close_matches(wanted.lower(), entries, n=_NEAREST, cutoff=0.4)
        nearest = ", ".join(near or [c.name for c in list_classifiers()[:_NEAREST]])
        raise InputError("classifier_unknown", 404, wanted=wanted, nearest=nearest)
    return entries[name]


def at_hand(name: str) -> bool:
    """Whether the classifier's weights are on this computer."""
    return find_weights(find_classifier(name).weights) is not None


def build(name: str, weights: WeightsEnum | None = None) -> nn.Module:
    """The network before any training: torchvision's initialisation, torch's random generator.

    Args:
        name: torchvision's name.
        weights: for which of its weights; by default those in the catalog.
    """
    return _call_builder(name, weights, init_weights=True)


def build_unfilled(name: str, weights: WeightsEnum | None = None) -> nn.Module:
    """The network with shapes but without numbers (parameters on the meta device), at once.

    A few parameters that torchvision creates with a fixed value (ConvNeXt's layer scale, a vision
    transformer's class token) and all buffers hold that value, on the CPU.
    """
    with EmptyOnMeta():
        return _call_builder(name, weights, init_weights=False)


def load(name: str) -> nn.Module:
    """The network with its published weights, on the CPU, in eval mode.

    Raises:
        InputError: the weights are not on this computer, or are damaged.
    """
    model = build_unfilled(name)
    fill(model, read_weights(find_classifier(name).weights))
    return model.eval()


def fill(model: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Gives the model these very tensors as its parameters and buffers; all must be there.

    The dict's keys are changed in place, as torch keeps what it knows of the file on the dict.

    Two names of old files are put right, as torchvision's builders do: DenseNet's layers were
    "norm.1" and are "norm1"; GoogLeNet's files hold two auxiliary heads that are not built.
    """
    for key in list(tensors):
        renamed = re.sub(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)", r"\1\2", key)
        if renamed != key:
            tensors[renamed] = tensors.pop(key)
        if isinstance(model, models.GoogLeNet) and key.startswith(("aux1.", "aux2.")):
            del tensors[key]
    model.load_state_dict(tensors, assign=True)


class EmptyOnMeta(TorchFunctionMode):
    """Sends only ``torch.empty``, with which layers reserve their parameters, to "meta".

    ``torch.device("meta")`` would also catch arithmetic: RegNet computes its widths with tensors.
    """

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is torch.empty:
            kwargs = {**kwargs, "device": "meta"}
        return func(*args, **kwargs)


def _call_builder(name: str, weights: WeightsEnum | None, init_weights: bool) -> nn.Module:
    weights = weights or find_classifier(name).weights
    options: dict[str, Any] = {}
    if name in ("googlenet", "inception_v3"):
        options = {"transform_input": True, "init_weights": init_weights}
        options["aux_logits"] = name == "inception_v3"
    elif name.startswith("vit_"):
        options = {"image_size": weights.meta["min_size"][0]}
    return models.get_model(name, weights=None, **options)


@cache
def _entries() -> dict[str, Classifier]:
    names = models.list_models(module=models)
    return {name: _describe(name, _choose_weights(name)) for name in names}


def _choose_weights(name: str) -> WeightsEnum:
    return _CHOSEN.get(name) or models.get_model_weights(name)["DEFAULT"]


def _describe(name: str, weights: WeightsEnum) -> Classifier:
    meta, preset = weights.meta, weights.transforms()
    height, width = preset.crop_size * 2 if len(preset.crop_size) == 1 else preset.crop_size
    return Classifier(
        name=name,
        title=_title(name),
        weights=weights,
        num_params=meta["num_params"],
        acc1_percent=meta["_metrics"]["ImageNet-1K"]["acc@1"],
        acc5_percent=meta["_metrics"]["ImageNet-1K"]["acc@5"],
        gmacs=meta["_ops"],
        file_mib=meta["_file_size"],
        input_size=(height, width),
        categories=tuple(meta["categories"]),
    )


def _title(name: str) -> str:
    """The name as its authors write it; a name that we do not know stays as it is."""
    for pattern, title in _TITLES:
        match = re.fullmatch(pattern, name)
        if match:
            return title(match) if callable(title) else match.expand(title)
    return name
