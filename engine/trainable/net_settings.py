"""Which network learns: its name and the settings that it reads. Imports no torch."""

from dataclasses import dataclass
from typing import Any

from engine.fields import check, choice, from_dict, number, switch, text

NETS = ("softmax", "mlp", "lenet", "small_vgg", "small_resnet", "small_inception", "transfer")
# networks that answer with boxes
DETECTORS = ("detectnet", "faster_rcnn", "nanodet", "retina_net")
SEGMENTERS = ("unet",)  # networks that answer for each pixel
ACTIVATIONS = ("relu", "leaky_relu", "gelu", "tanh", "sigmoid")
INITS = ("pytorch", "xavier", "he", "small")
NORMS = ("none", "batch", "layer")

# Which fields of NetSettings each network reads, beside "name" and "init".
NET_OPTIONS: dict[str, tuple[str, ...]] = {
    "softmax": (),
    "mlp": ("depth", "width", "activation", "norm", "skip", "dropout"),
    "lenet": ("activation", "dropout"),
    "small_vgg": ("width", "activation", "norm", "dropout"),
    "small_resnet": ("depth", "width", "activation", "norm", "skip", "dropout"),
    "small_inception": ("width", "activation", "norm", "dropout"),
    "transfer": ("backbone", "frozen_blocks", "input_px"),
    "detectnet": ("width",),
    "faster_rcnn": ("width",),
    "nanodet": ("frozen_blocks",),
    "retina_net": ("width", "gamma"),
    "unet": ("width",),
}
_NET_DEFAULTS: dict[str, dict[str, Any]] = {
    "mlp": {"depth": 3, "width": 64},
    "small_vgg": {"width": 16, "norm": "batch"},
    "small_resnet": {"depth": 1, "width": 16, "norm": "batch", "skip": True},
    "small_inception": {"width": 16, "norm": "batch"},
    "nanodet": {"frozen_blocks": 6},
    "unet": {"width": 12},
}


@dataclass(frozen=True)
class NetSettings:
    """Which network learns; ``NET_OPTIONS`` says which fields each network reads."""

    name: str = choice("small_vgg", (*NETS, *DETECTORS, *SEGMENTERS), "network")
    depth: int = number(1, 1, 50, "linear layers of an MLP, or residual blocks a stage")
    width: int = number(16, 1, 1024, "units of a hidden layer, or channels of the first stage")
    activation: str = choice("relu", ACTIVATIONS, "activation")
    init: str = choice("pytorch", INITS, "initialisation of the weights")
    norm: str = choice("none", NORMS, "normalisation")
    skip: bool = switch(False, "skip connections")
    dropout: float = number(0.0, 0.0, 0.95, "share of units dropped in training")
    backbone: str = text("mobilenet_v2", "torchvision classifier to learn further")
    frozen_blocks: int = number(0, 0, 1000, "leading blocks of the backbone that do not learn")
    input_px: int = number(96, 32, 512, "side of the pictures that the backbone is given")
    gamma: float = number(2.0, 0.0, 5.0, "γ of RetinaNet's focal loss")

    def __post_init__(self) -> None:
        check(self)


def net_defaults(name: str) -> NetSettings:
    """The network of that name with the settings that suit it.

    Raises:
        InputError: there is no such network.
    """
    return NetSettings(name=name, **_NET_DEFAULTS.get(name, {}))


def net_from_dict(values: Any) -> NetSettings:
    """A network's settings from JSON; what is left out takes what suits that network.

    Raises:
        InputError: a setting that does not exist, or a value that is not accepted.
    """
    name = values.get("name", "small_vgg") if isinstance(values, dict) else None
    defaults = _NET_DEFAULTS.get(name, {}) if isinstance(name, str) else {}
    full = {**defaults, **values} if isinstance(values, dict) else values
    return from_dict(NetSettings, full, "net")
