"""What the Training studio can be asked: a run's settings, and what is shown of runs.

Bounds and choices are those of :mod:`engine.train.settings`, which imports no torch: the page
offers less of them, and begins elsewhere.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from engine.serving.offer import Fixed, Offer
from engine.train.flat import flat_fields
from engine.train.settings import AUGMENTATIONS, MASKED_SCENES
from engine.trainable.net_settings import NETS, SEGMENTERS

_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_DATA, _NET, _TRAIN = "data", "net", "train"
#: What the page's two first steps set, beside what suits the network they name.
SEGMENTER = {
    "data": MASKED_SCENES,
    "net": "unet",
    "augment": "none",
    "epochs": 10,
    "learning_rate": 0.01,
    "batch_size": 8,
    "width": 12,
}
CLASSIFIER = {
    "data": "shapes32",
    "net": "small_vgg",
    "norm": "batch",
    "epochs": 6,
    "learning_rate": 0.003,
    "batch_size": 64,
    "width": 16,
}
DATA_SETS = ("shapes32", "digits", "faces", "mnist", "fashion_mnist", "cifar10", MASKED_SCENES)
BACKBONES = (
    "mobilenet_v2", "mobilenet_v3_small", "squeezenet1_1", "resnet18", "efficientnet_b0",
)  # fmt: skip


def _setting(name: str, offer: Offer, first: Any = None) -> Any:
    """A setting as pydantic states it, and how it is offered; ``first`` where the page begins."""
    _, told = flat_fields()[name]
    default = told.default if first is None else first
    offer = offer if offer.only or "choices" not in told.metadata else _all_of(told, offer)
    if "low" not in told.metadata:
        kind = bool if "switch" in told.metadata else str
        return Annotated[kind, offer], default
    bounds = Field(ge=told.metadata["low"], le=told.metadata["high"])
    return Annotated[type(told.default), bounds, offer], default


def _all_of(told: Any, offer: Offer) -> Offer:
    return Offer(group=offer.group, only=told.metadata["choices"])


_Settings = create_model(
    "_Settings",
    __config__=ConfigDict(extra="allow"),
    data=_setting("data", Offer(only=DATA_SETS)),
    net=_setting("net", Offer(only=(*NETS, *SEGMENTERS))),
    learning_rate=_setting("learning_rate", Offer(low=1e-5, high=1, step=1e-5, log=True), 0.003),
    epochs=_setting("epochs", Offer(high=60), 6),
    per_class=_setting("per_class", Offer(high=2000, step=25, group=_DATA)),
    label_noise=_setting("label_noise", Offer(high=0.9, step=0.05, group=_DATA)),
    imbalance=_setting("imbalance", Offer(high=50, step=1, group=_DATA)),
    test_share=_setting("test_share", Offer(high=0.4, step=0.05, group=_DATA), 0.15),
    mask_scenes=_setting("mask_scenes", Offer(low=20, high=1000, step=20, group=_DATA)),
    depth=_setting("depth", Offer(high=12, group=_NET)),
    width=_setting("width", Offer(low=4, high=128, step=4, group=_NET)),
    activation=_setting("activation", Offer(group=_NET)),
    init=_setting("init", Offer(group=_NET)),
    norm=_setting("norm", Offer(group=_NET), "batch"),
    skip=_setting("skip", Offer(group=_NET)),
    dropout=_setting("dropout", Offer(high=0.9, step=0.05, group=_NET)),
    backbone=_setting("backbone", Offer(only=BACKBONES, group=_NET)),
    frozen_blocks=_setting("frozen_blocks", Offer(high=20, group=_NET)),
    optimiser=_setting("optimiser", Offer(group=_TRAIN)),
    batch_size=_setting("batch_size", Offer(low=2, high=512, step=2, log=True, group=_TRAIN)),
    schedule=_setting("schedule", Offer(group=_TRAIN), "one_cycle"),
    warmup_steps=_setting("warmup_steps", Offer(high=500, step=10, group=_TRAIN)),
    momentum=_setting("momentum", Offer(high=0.99, step=0.01, group=_TRAIN)),
    weight_decay=_setting("weight_decay", Offer(high=0.5, step=0.005, group=_TRAIN)),
    loss=_setting("loss", Offer(group=_TRAIN)),
    mask_loss=_setting("mask_loss", Offer(group=_TRAIN)),
    augment=(
        Annotated[
            str,
            Field(max_length=80),
            Offer(only=("none", "flip_crop", *AUGMENTATIONS), group=_TRAIN),
        ],
        "none",
    ),
    patience=_setting("patience", Offer(high=20, group=_TRAIN)),
    shuffle=_setting("shuffle", Offer(group=_TRAIN)),
    seed=(Annotated[int, Field(ge=0, le=2**31 - 1), Offer(high=99, group=_TRAIN)], 0),
    #: The run that was begun last; the view's own.
    started=(Annotated[str, Field(pattern=rf"^({_NAME})?$", max_length=100)], ""),
    own_data=(Annotated[str, Field(max_length=80), Fixed()], ""),
)


class Question(_Settings):
    """A run to begin. Other settings of a run may be asked by their name too."""


class RunsQuestion(BaseModel):
    """Which runs are laid over one another, the first of them looked at."""

    names: Annotated[str, Field(pattern=rf"^({_NAME}(,{_NAME}){{0,4}})?$", max_length=600)] = ""
