"""What the Training studio shows before a training: the pictures, and the network's shapes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cache import remembered
from engine.serving.own_sets import own_sets
from engine.train.settings import RunSettings
from engine.trainable.net_settings import NET_OPTIONS, NETS, SEGMENTERS, NetSettings, net_defaults

if TYPE_CHECKING:
    import numpy as np

    from engine.data.data_set import DataSet
    from engine.trainable.shape_table import LayerShape

ROWS, COLUMNS = 12, 8  # classes and pictures of each that are shown
_KEPT_SETS = 3
#: What only classifiers read, and what only segmenters read; other networks' are of no use.
FOR_CLASSES = ("per_class", "label_noise", "imbalance", "test_share", "loss", "augment")
FOR_MASKS = ("mask_scenes", "mask_loss")
#: How a network learns well when it is chosen: a segmenter sees a whole picture of answers a scene.
_LEARNING = {
    "classes": {"learning_rate": 0.003, "epochs": 6, "batch_size": 64},
    "masks": {"learning_rate": 0.01, "epochs": 10, "batch_size": 8, "augment": "none"},
}


@dataclass(frozen=True, eq=False)
class Look:
    """What a run would learn from.

    Attributes:
        pictures: uint8 (rows, COLUMNS, H, W, C): training pictures by the class that the network
            is told; black where a class has fewer.
        wrong: uint8 (rows, COLUMNS), 1 where it is told a wrong class on purpose.
        shown: uint8 (rows,), pictures in a row.
        counts: training pictures of each class as told.
        classes: names of all classes.
        validation, test: pictures kept for validation, and for the test at the end.
        origin: of the data set.
    """

    pictures: "np.ndarray"
    wrong: "np.ndarray"
    shown: "np.ndarray"
    counts: list[int]
    classes: tuple[str, ...]
    validation: int
    test: int
    origin: str


def open_set(settings: RunSettings, own_data: str = "") -> "DataSet":
    """The data set that a run would learn from.

    Raises:
        InputError: it is not on this computer, or a learner's own is no longer kept.
    """
    if settings.data.name == "own":
        return own_sets().get(own_data)
    return _at_hand(settings.data.name)


@remembered(_KEPT_SETS)
def _at_hand(name: str) -> "DataSet":
    from engine.data.datasets import load_data_set

    return load_data_set(name)


def look_at(settings: RunSettings, data: "DataSet") -> Look:
    """Some pictures of each class, as the settings' split, thinning and noise leave them."""
    import numpy as np
    import torch

    from engine.train.feeding import choose_parts

    parts = choose_parts(settings, data)
    classes = min(len(data.classes), ROWS)
    _, height, width, channels = data.images.shape
    pictures = np.zeros((classes, COLUMNS, height, width, channels), np.uint8)
    wrong = np.zeros((classes, COLUMNS), np.uint8)
    shown = np.zeros(classes, np.uint8)
    for row in range(classes):
        found = (parts.train_targets == row).nonzero()[:COLUMNS, 0]
        shown[row] = len(found)
        pictures[row, : len(found)] = data.images[parts.train[found]].numpy()
        wrong[row, : len(found)] = parts.is_swapped[found].numpy()
    counts = torch.bincount(parts.train_targets, minlength=len(data.classes))
    held = len(parts.validation), len(parts.test)
    return Look(pictures, wrong, shown, counts.tolist(), data.classes, *held, data.origin)


@remembered(32)
def tabulate(
    net: NetSettings, input_shape: tuple[int, int, int], classes: int
) -> "list[LayerShape]":
    """The layers of the network that would learn, with shapes, parameters and multiply-adds."""
    from engine.trainable.shape_table import shape_table

    return shape_table(net, input_shape, classes)


def unused_options(net: str) -> list[str]:
    """The settings of networks that this one does not read."""
    every = {option for options in NET_OPTIONS.values() for option in options}
    return sorted(every - set(NET_OPTIONS[net]))


def defaults_by_net() -> dict[str, dict[str, object]]:
    """What each network's own settings are when it is chosen."""
    return {
        name: {option: getattr(net_defaults(name), option) for option in NET_OPTIONS[name]}
        for name in (*NETS, *SEGMENTERS)
    }


def learning_by_kind() -> dict[str, dict[str, object]]:
    """How "classes" and "masks" are learnt when a network for the other was chosen before."""
    return {kind: dict(values) for kind, values in _LEARNING.items()}


def unused_settings(net: str) -> list[str]:
    """The settings of data and learning that do nothing for this network."""
    return list(FOR_CLASSES if net in SEGMENTERS else FOR_MASKS)
