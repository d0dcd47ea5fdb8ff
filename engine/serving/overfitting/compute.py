"""The Overfitting page: pictures to learn from, two trainings, and what they know by heart.

Imports no torch at its top.
"""

from dataclasses import dataclass, replace
from functools import cache
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cache import remembered
from engine.serving.overfitting.contract import REMEDIES, PairQuestion, Question

if TYPE_CHECKING:
    from torch import Tensor

    from engine.data.data_set import DataSet
    from engine.runs.opening import OpenedNet
    from engine.train.feeding import Parts
    from engine.train.measuring import Mistake
    from engine.train.overfitting import Gap, Memorised, Name, Repetition
    from engine.train.settings import RunSettings

MOST_LOOKED_AT = 2000  # training pictures that are asked what the network knows by heart
BATCH_SIZE, LEARNING_RATE = 32, 3e-3
_PERCENT = 100
WIDTHS = {"mlp": 128, "small_resnet": 8}
VALIDATION_SHARES = {"digits": 0.2, "shapes32": 0.05, "faces": 0.3}
AUGMENTATIONS = {
    "digits": ("crop:0.5", "rotate:0.2"),
    "shapes32": ("flip", "crop:0.5", "rotate:0.5"),
    "faces": ("flip", "crop:0.3", "rotate:0.2"),
}
MORE_DATA, SMALLER_NET = 4, 4  # times as many pictures, a fraction of the width
DROPOUT, WEIGHT_DECAY, PATIENCE = 0.5, 3.0, 5


@dataclass(frozen=True)
class Choices:
    """A learner's setting, as the contract has it; percent have become shares."""

    data: str
    per_class: int
    imbalance: float
    label_noise: float
    net: str
    depth: int
    epochs: int
    dropout: float
    weight_decay: float
    augment: bool
    patience: int
    width: int = 0  # 0: the network's usual one

    def settings(self) -> "RunSettings":
        """All of the training that this means; the seed is always 0."""
        from engine.train.settings import DataSettings, RunSettings, TrainSettings
        from engine.trainable.net_settings import net_defaults

        net = replace(
            net_defaults(self.net),
            depth=self.depth,
            width=self.width or WIDTHS[self.net],
            dropout=self.dropout,
        )
        return RunSettings(
            data=DataSettings(
                self.data,
                per_class=self.per_class,
                imbalance=self.imbalance,
                label_noise=self.label_noise,
                validation_share=VALIDATION_SHARES[self.data],
            ),
            net=net,
            train=TrainSettings(
                epochs=self.epochs,
                batch_size=BATCH_SIZE,
                learning_rate=LEARNING_RATE,
                weight_decay=self.weight_decay,
                augment=AUGMENTATIONS[self.data] if self.augment else (),
                patience=self.patience,
            ),
        )


def choices_of(asked: Question) -> Choices:
    """What the page asks, as the engine reads it; how it learns is the contract's if unsaid."""
    whole = PairQuestion.model_validate(asked.model_dump())
    values: dict[str, Any] = whole.model_dump(include=set(Choices.__dataclass_fields__))
    values["label_noise"] = whole.label_noise / _PERCENT
    return Choices(**values)


def _usual(**chosen: str | int) -> Choices:
    return choices_of(PairQuestion.model_validate(chosen))


def pair_of(asked: PairQuestion) -> dict[str, Choices]:
    """Both trainings by name; one only where the remedy would change nothing."""
    own = choices_of(asked)
    both = {"own": own}
    if asked.remedy in useful_remedies(own):
        both[asked.remedy] = remedied(own, asked.remedy)
    return both


def remedied(choices: Choices, remedy: str) -> Choices:
    """The same setting with one remedy; the same again where it has that already."""
    available = most_per_class(choices.data)
    return {
        "more_data": replace(choices, per_class=min(available, choices.per_class * MORE_DATA)),
        "smaller_net": replace(choices, width=WIDTHS[choices.net] // SMALLER_NET),
        "dropout": replace(choices, dropout=DROPOUT),
        "weight_decay": replace(choices, weight_decay=WEIGHT_DECAY),
        "augmentation": replace(choices, augment=True),
        "early_stopping": replace(choices, patience=PATIENCE),
    }[remedy]


def useful_remedies(choices: Choices) -> list[str]:
    """The remedies that would change something."""
    at_hand = replace(choices, per_class=min(choices.per_class, most_per_class(choices.data)))
    return [each for each in REMEDIES if remedied(at_hand, each) != at_hand]


@cache
def data_set(name: str) -> "DataSet":
    """A data set, kept."""
    from engine.data.datasets import load_data_set

    return load_data_set(name)


@cache
def most_per_class(name: str) -> int:
    """Training pictures of its largest class."""
    import torch

    found = data_set(name)
    everything = parts(replace(_usual(data=name), per_class=0, label_noise=0.0))
    return int(torch.bincount(found.targets[everything.train]).max())


def parts(choices: Choices) -> "Parts":
    """Which pictures would be learnt from and checked on, and which of them wrongly labelled."""
    return _parts(
        replace(
            _usual(data=choices.data),
            per_class=choices.per_class,
            imbalance=choices.imbalance,
            label_noise=choices.label_noise,
        )
    )


@remembered(64)
def _parts(choices: Choices) -> "Parts":
    from engine.train.feeding import choose_parts

    return choose_parts(choices.settings(), data_set(choices.data))


@remembered(128)
def count_parameters(data: str, net: str, depth: int, width: int = 0) -> int:
    """Numbers that the network learns."""
    from engine.trainable.outline import measure_outline

    found = data_set(data)
    _, height, side, channels = found.images.shape
    settings = replace(_usual(data=data, net=net, depth=depth), width=width).settings().net
    return measure_outline(settings, (channels, height, side), len(found.classes)).params


@dataclass(frozen=True, eq=False)
class Memory:
    """A trained network asked about its own lessons.

    Attributes:
        epoch: at the end of which it was asked.
        looked_at: training pictures it was asked about, at most ``MOST_LOOKED_AT``.
        name: the stronger of the names of gap and repetition.
        gap: on rightly labelled pictures, see :func:`engine.train.overfitting.name_gap`.
        repetition: of the wrong labels; None where there are none.
        weight_norm: Euclidean, of all weights and biases together.
        memorised: indices are into the run's training pictures.
        mistakes: up to 12 validation pictures it fails, the surest first.
        by_class: share of each class's validation pictures that it gets right.
    """

    epoch: int
    looked_at: int
    name: "Name"
    gap: "Gap"
    repetition: "Repetition | None"
    weight_norm: float
    memorised: "Memorised"
    mistakes: "tuple[Mistake, ...]"
    by_class: tuple[float, ...]


@remembered(64)
def ask_memory(folder: Path, choices: Choices, epoch: int, step: int) -> Memory:
    """What the network in a run's folder knows at a checkpoint.

    Args:
        folder: of the run that ``choices`` gave.
        choices: of that run.
        epoch, step: of the checkpoint, which is never written twice.

    Raises:
        InputError: no such checkpoint, or a damaged one.
    """
    from engine.runs.opening import open_net
    from engine.train.gradients import norms
    from engine.train.measuring import judge
    from engine.train.overfitting import find_memorised, name_gap, name_repetition, stronger

    opened, found, data = open_net(folder, epoch), parts(choices), data_set(choices.data)
    looked = found.train[:MOST_LOOKED_AT]
    count = len(looked)
    logits = _predict(opened, data.images[looked])
    memorised = find_memorised(logits, found.train_targets[:count], found.is_swapped[:count])
    held = _predict(opened, data.images[found.validation])
    judged = judge(held, data.targets[found.validation], len(data.classes))
    gap = name_gap(memorised.right_accuracy, judged.accuracy, len(found.validation))
    wrong, classes = memorised.wrong_labels, len(data.classes)
    repetition = (
        name_repetition(memorised.repeated, wrong, judged.accuracy, classes) if wrong else None
    )
    return Memory(
        epoch=opened.checkpoint.epoch,
        looked_at=count,
        name=stronger(gap.name, repetition.name) if repetition else gap.name,
        gap=gap,
        repetition=repetition,
        weight_norm=hypot(*norms(dict(opened.net.named_parameters())).values()),
        memorised=memorised,
        mistakes=judged.worst,
        by_class=tuple(row[k] / max(1, sum(row)) for k, row in enumerate(judged.confusion)),
    )


def _predict(opened: "OpenedNet", images: "Tensor") -> "Tensor":
    """Logits float32 (N, classes) of uint8 (N, H, W, C)."""
    from engine.train.measuring import predict

    return predict(opened.net, images.permute(0, 3, 1, 2), opened.mean, opened.std)


@dataclass(frozen=True, eq=False)
class Look:
    """Where a training of the comparison stands.

    Attributes:
        status: of its run; "none" where nobody has asked for it yet.
        last: the last epoch that has ended, 0 before that.
        best: the epoch with the lowest validation loss so far, which early stopping looks for;
            0 before the first has ended.
        memory: at the epoch asked for or, if that has not ended, the last; None before the first.
    """

    status: str
    last: int
    best: int
    memory: Memory | None


def look(choices: Choices, epoch: int) -> Look:
    """The run of these choices, and what its network knew at the end of an epoch.

    Raises:
        InputError: its checkpoint is damaged.
    """
    from engine.runs.checkpoints import list_checkpoints
    from engine.runs.folder import RUN_FILE
    from engine.runs.state import read_state
    from engine.serving.comparisons.compute import name_comparison
    from engine.serving.training import workers

    folder = workers().root / name_comparison(choices.settings())
    if not (folder / RUN_FILE).is_file():
        return Look("none", 0, 0, None)
    ended = [each for each in list_checkpoints(folder) if each.epoch]
    if not ended:
        return Look(read_state(folder).status, 0, 0, None)
    at = max((each for each in ended if each.epoch <= epoch), key=lambda each: each.epoch)
    found = ask_memory(folder, choices, at.epoch, at.step)
    return Look(read_state(folder).status, ended[-1].epoch, _best_epoch(folder), found)


def _best_epoch(folder: Path) -> int:
    """The first of those with the lowest validation loss; what is not finite is never the best."""
    from engine.serving.training import readers

    epochs = readers().curves(folder).epochs
    losses = np.where(np.isfinite(epochs[:, 3]), epochs[:, 3], np.inf)
    return int(epochs[losses.argmin(), 0]) if np.isfinite(losses).any() else 0
