"""From settings to pictures on which to learn: split, thinned, mislabelled as the settings ask.

Validation pictures are the same whatever is done to the training part, so that runs compare.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.data.data_set import DataSet
from engine.data.datasets import load_data_set
from engine.data.labelled_pictures import LabelledPictures
from engine.data.splits import (
    split_divided,
    split_groups,
    swap_labels,
    take_per_class,
    unbalance,
)
from engine.errors import InputError
from engine.train.learning_data import LearningData, make_learning_data
from engine.train.pixel_order import draw_pixel_order, reorder_pixels
from engine.train.seeding import generator
from engine.train.settings import MASKED_SCENES, DataSettings, RunSettings
from engine.train.tasks import OwnData, subject_of
from engine.trainable.net_settings import SEGMENTERS
from engine.trainable.transfer import normalisation


@dataclass(frozen=True, eq=False)
class Parts:
    """Which pictures of a data set a run uses.

    Attributes:
        train, validation: int64 indices into the data set; no picture is in both. Both are in a
            mixed order, unless the settings ask for training pictures class after class.
        train_targets: int64 (len(train),), what the network is told.
        is_swapped: bool (len(train),), true where that is wrong on purpose.
        test: int64 indices of pictures that are never looked at while the run is made; none where
            the set does not divide itself.
    """

    train: Tensor
    validation: Tensor
    train_targets: Tensor
    is_swapped: Tensor
    test: Tensor


def choose_parts(settings: RunSettings, data: DataSet) -> Parts:
    """The pictures that a run learns from and is checked on, from its seed.

    A data set that divides itself is taken as it does. Copies of a picture stand on one side.

    Args:
        settings: of the run.
        data: the data set that it names, on the CPU.

    Raises:
        InputError: fewer images of each class asked for than are allowed.
    """
    wanted, seed = settings.data, settings.seed
    share, drawn = wanted.validation_share, generator(seed, "split")
    if data.parts is None:
        split = split_groups(data.targets, data.originals, drawn, _shares(wanted))
    else:
        split = split_divided(data, drawn, share)
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
    if wanted.by_class:
        order = targets.argsort(stable=True)
        train, targets, is_swapped = train[order], targets[order], is_swapped[order]
    return Parts(train, split.validation, targets, is_swapped, split.test)


def _shares(wanted: DataSettings) -> tuple[float, float, float]:
    held, test = wanted.validation_share, wanted.test_share
    return 1 - held - test, held, test


def load_test_data(settings: RunSettings, data: DataSet | None = None) -> tuple[Tensor, Tensor]:
    """The pictures that a run keeps for the test at its end, as its network takes them.

    Args:
        settings: of a classifier's run.
        data: the data set, where it is at hand; by default it is loaded by its name.

    Returns:
        uint8 (N, C, H, W) and int64 (N,); N is 0 where the run has no test part.

    Raises:
        InputError: there is no such data set, or it is not at hand.
    """
    data = load_data_set(settings.data.name) if data is None else data
    test = choose_parts(settings, data).test
    images = data.images[test]
    if settings.data.pixel_shuffle and len(images):
        height, width = images.shape[1:3]
        images = _shuffled(images, draw_pixel_order((height, width), settings.seed))
    return images.permute(0, 3, 1, 2).contiguous(), data.targets[test]


def load_learning_data(settings: RunSettings, data: OwnData = None) -> LearningData:
    """The pictures that a run's settings name.

    Args:
        settings: of the run.
        data: the data set, where it is at hand; by default it is loaded by its name.

    Raises:
        InputError: there is no such data set, it is not at hand, or it leaves too little.
        LookupError: nobody imported the subject of that network.
    """
    subject = subject_of(settings.net.name)
    if subject is None or settings.net.name in SEGMENTERS:
        check_masks_fit(settings)
    if subject is not None:
        return subject.load(settings, data)
    if isinstance(data, LabelledPictures):
        raise InputError("labels_and_net", net=settings.net.name)
    data = load_data_set(settings.data.name) if data is None else data
    parts = choose_parts(settings, data)
    pretrained = settings.net.name == "transfer"
    images, held_images = data.images[parts.train], data.images[parts.validation]
    if settings.data.pixel_shuffle:
        height, width = images.shape[1:3]
        order = draw_pixel_order((height, width), settings.seed)
        images, held_images = (_shuffled(each, order) for each in (images, held_images))
    return make_learning_data(
        (images, parts.train_targets),
        (held_images, data.targets[parts.validation]),
        data.classes,
        normalisation(settings.net.backbone) if pretrained else None,
    )


def check_masks_fit(settings: RunSettings) -> None:
    """Refuses a segmenter without masks to learn from, and a classifier with nothing else.

    Raises:
        InputError: network and data do not fit.
    """
    if (settings.net.name in SEGMENTERS) != (settings.data.name == MASKED_SCENES):
        raise InputError(
            "masks_and_net",
            nets=", ".join(SEGMENTERS),
            data=MASKED_SCENES,
            chosen=f"{settings.net.name}, {settings.data.name[:60]}",
        )


def _shuffled(images: Tensor, order: Tensor) -> Tensor:
    """uint8 (N, H, W, C): the same disorder in each picture."""
    return reorder_pixels(images.permute(0, 3, 1, 2), order).permute(0, 2, 3, 1)
