"""From settings to pictures on which to learn: split, thinned, mislabelled as the settings ask.

Validation pictures are the same whatever is done to the training part, so that runs compare.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.data_set import DataSet
from engine.data.datasets import load_data_set
from engine.data.splits import split_stratified, swap_labels, take_per_class, unbalance
from engine.train.learning_data import LearningData, make_learning_data
from engine.train.seeding import generator
from engine.train.settings import RunSettings
from engine.trainable.transfer import normalisation


@dataclass(frozen=True, eq=False)
class Parts:
    """Which pictures of a data set a run uses.

    Attributes:
        train, validation: int64 indices into the data set; no picture is in both.
        train_targets: int64 (len(train),), what the network is told.
        is_swapped: bool (len(train),), true where that is wrong on purpose.
    """

    train: Tensor
    validation: Tensor
    train_targets: Tensor
    is_swapped: Tensor


def choose_parts(settings: RunSettings, data: DataSet) -> Parts:
    """The pictures that a run learns from and is checked on, from its seed.

    Args:
        settings: of the run.
        data: the data set that it names, on the CPU.

    Raises:
        InputError: fewer images of each class asked for than are allowed.
    """
    wanted, seed = settings.data, settings.seed
    share = wanted.validation_share
    split = split_stratified(data.targets, generator(seed, "split"), (1 - share, share, 0.0))
    train = split.train
    if wanted.per_class:
        train = take_per_class(train, data.targets, wanted.per_class, generator(seed, "per class"))
    if wanted.imbalance > 1:
        train = unbalance(train, data.targets, wanted.imbalance, generator(seed, "imbalance"))
    targets, is_swapped = data.targets[train], torch.zeros(len(train), dtype=torch.bool)
    if wanted.label_noise:
        drawn = generator(seed, "label noise")
        noisy = swap_labels(targets, len(data.classes), wanted.label_noise, drawn)
        targets, is_swapped = noisy.targets, noisy.is_swapped
    return Parts(train, split.validation, targets, is_swapped)


def load_learning_data(settings: RunSettings, data: DataSet | None = None) -> LearningData:
    """The pictures that a run's settings name.

    Args:
        settings: of the run.
        data: the data set, where it is at hand; by default it is loaded by its name.

    Raises:
        InputError: there is no such data set, it is not at hand, or it leaves too little.
    """
    data = load_data_set(settings.data.name) if data is None else data
    parts = choose_parts(settings, data)
    pretrained = settings.net.name == "transfer"
    return make_learning_data(
        (data.images[parts.train], parts.train_targets),
        (data.images[parts.validation], data.targets[parts.validation]),
        data.classes,
        normalisation(settings.net.backbone) if pretrained else None,
    )
